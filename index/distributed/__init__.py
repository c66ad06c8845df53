"""Articles read and encoded by workers of a Ray cluster.

Imports `index.ingest`.
"""
