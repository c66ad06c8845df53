"""Untrusted files are read in worker processes with limits on time and memory.

Imports `corpus.formats` and the modules of `corpus` itself.
"""
