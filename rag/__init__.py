"""Questions answered by quotes: retrieve, read, group, decide, cite.

Imports `corpus` and `index`.
"""
