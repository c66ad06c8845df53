"""The places of a pasted quote in the library, exact or nearest.

Imports `rag.citation` and the modules of `rag` itself.
"""
