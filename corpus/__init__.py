"""Articles and the library that keeps them: sources are loaded, cleaned and cut into passages.

Imports no other package.
"""
