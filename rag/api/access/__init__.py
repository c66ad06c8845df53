"""Who may ask, how often, and in which turn.

Imports the modules of `rag.api` that import none of it.
"""
