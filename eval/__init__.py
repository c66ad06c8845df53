"""Retrieval and answers measured against sets with gold answers.

Imports `corpus`, `index` and `rag`.
"""
