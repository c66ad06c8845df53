"""Questions answered by quotes: retrieve, read, group, rank, decide, cite.

Imports `corpus` and `index`.
"""
