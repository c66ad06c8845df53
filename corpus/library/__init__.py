"""The library file, in SQLite: articles, passages, feedback, backups and integrity checks.

Imports the modules of `corpus` itself.
"""
