"""Articles read and encoded by the workers of a Ray cluster.

Imports `index.dense`, `index.encoder` and the modules of `index` itself.
"""
