"""Articles and the library that keeps them: sources are read, cleaned and cut into passages.

Imports no other package.
"""
