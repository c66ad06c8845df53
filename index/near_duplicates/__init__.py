"""Articles that print the same story, found by MinHash sketches.

Imports `corpus` only.
"""
