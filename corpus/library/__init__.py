"""The library file, in SQLite: articles, passages, feedback, backups and their checks.

Imports the modules of `corpus` itself.
"""
