"""Search by meaning: the vectors of the library in FAISS, exact or approximate.

Imports `index.encoder` and the modules of `index` itself.
"""
