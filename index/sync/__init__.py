"""The library follows a folder or a site: articles are added, updated and removed.

Imports `index.encoder` and the modules of `index` itself.
"""
