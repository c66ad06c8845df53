"""Articles that print the same story, found by the shingles that they share.

Imports the modules of `index` itself.
"""
