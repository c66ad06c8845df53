"""What people judged of answers, heeded when the same or nearly the same question is asked again.

Imports `corpus`, `index` and the other modules of `rag`.
"""
