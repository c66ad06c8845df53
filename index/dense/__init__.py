"""Search by meaning: the vectors of the library in FAISS, exact or approximate.

Imports `index.encoder`.
"""
