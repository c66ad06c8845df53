"""One module for each group of addresses of the service.

Imports the rest of `rag` but `rag.training`; only `rag.api.app` imports it.
"""
