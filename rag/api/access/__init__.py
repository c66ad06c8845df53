"""Admission, authentication, rate limits and the same-origin check of requests.

Imports the modules of `rag.api` itself.
"""
