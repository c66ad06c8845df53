"""What changed in a folder or on a site since it was last followed.

Imports `corpus.library`, `corpus.web` and the modules of `corpus` itself.
"""
