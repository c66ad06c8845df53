"""Libraries verified, repaired, restored and indexed anew.

Imports `index.dense`, `index.encoder`, `index.lexical`, `index.near_duplicates` and the modules of `index` itself.
"""
