"""Libraries verified, repaired, restored and indexed anew.

Imports `index.dense`, `index.encoder` and the modules of `index` itself.
"""
