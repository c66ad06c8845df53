"""One module for each group of addresses of the service.

Imports `rag.api`; `rag.api.app` alone imports it.
"""
