"""What changed in a folder or on a site since it was added.

Imports `corpus.library`, `corpus.web` and `corpus.sandbox`.
"""
