"""Articles that print the same story, found by the shingles that they share.

Imports nothing else of `index`.
"""
