"""Quotes with their places, citations and links; quotes found again after an article changed.

Imports `rag.decision` and the modules of `rag` itself.
"""
