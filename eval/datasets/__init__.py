"""Evaluation sets read, imported and built, in every format that is supported.

Imports nothing else of `eval` but `temporary_library`.
"""
