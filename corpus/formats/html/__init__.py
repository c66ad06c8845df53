"""The structure of a web page: its elements, what a reader sees of it, its note marks, tables and lines.

Modules here import `corpus` and `corpus.formats`, and none of them reads a file.
"""
