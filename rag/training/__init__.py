"""The reader trained, calibrated and exported.

Imports the rest of `rag` but `rag.api`; nothing that runs in the product imports it.
"""
