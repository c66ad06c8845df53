"""Retrieval and answers measured on sets with gold answers.

Imports `corpus`, `index` and `rag`.
"""
