"""The library follows a folder or a site: what changed is added, updated or removed.

Imports `index.ingest`.
"""
