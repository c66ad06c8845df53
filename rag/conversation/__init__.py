"""Follow-up questions rewritten to stand by themselves.

Imports nothing else of `rag`.
"""
