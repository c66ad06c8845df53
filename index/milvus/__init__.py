"""The index as a collection of Milvus, in place of the local one.

Imports `index.dense`, `index.encoder`, `index.lexical` and the modules of `index` itself.
"""
