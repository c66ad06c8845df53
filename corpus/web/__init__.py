"""Pages, feeds and site maps over HTTP: from public addresses only, under deadlines, as robots.txt allows.

Imports `corpus.formats` and the modules of `corpus` itself.
"""
