"""Passages found for a query: embeddings, words and their fusion.

Imports `corpus`.
"""
