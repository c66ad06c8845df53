"""Passages found for a query: by meaning, by words, and by both fused.

Imports `corpus`.
"""
