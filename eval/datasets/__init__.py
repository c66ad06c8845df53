"""Evaluation sets read, imported and built, in every format that is supported.

Imports the modules of `eval` itself.
"""
