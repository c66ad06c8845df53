"""One reader for each file format: from bytes to text, with a map back to the source.

Imports the modules of `corpus` itself.
"""
