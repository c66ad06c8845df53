"""The places of a pasted quote in the library, exact or nearest.

Imports the retriever's protocol from `rag.pipeline`.
"""
