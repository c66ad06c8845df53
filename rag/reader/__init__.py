"""The network that finds answer spans in passages, and how it is run.

Imports `rag.decision` and the types of `rag.answer`.
"""
