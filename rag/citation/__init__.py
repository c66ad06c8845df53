"""Quotes with their places, citations and links, and quotes found again after an article changed.

Imports `rag.decision`.
"""
