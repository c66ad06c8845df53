"""Measurements behind choices of what is read as an answer: its kind, lists, near questions.

Imports `rag`, the other rooms of `eval` and what they build on.
"""
