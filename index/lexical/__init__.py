"""Search by words: BM25, term proximity and the repair of misspelt queries.

Imports `index.dense` and the modules of `index` itself.
"""
