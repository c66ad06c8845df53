"""The network that finds answer spans in passages, and the sentence reader beside it.

Imports `rag.decision` and the modules of `rag` itself.
"""
