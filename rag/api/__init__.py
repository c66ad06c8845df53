"""The HTTP service and what its routes share.

Imports the rest of `rag` but `rag.training`.
"""
