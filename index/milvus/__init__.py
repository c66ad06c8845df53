"""The index as a collection of Milvus, in place of the local one.

Imports `index.dense` and `index.lexical`.
"""
