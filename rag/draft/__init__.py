"""The quotations of a draft, each compared with the library: where it stands, or how it was altered.

Imports `rag.citation`, `rag.decision`, `rag.locate` and the modules of `rag` itself.
"""
