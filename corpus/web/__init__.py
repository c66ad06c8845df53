"""Pages, feeds and sitemaps over HTTP, from public addresses only, under deadlines.

Imports the modules of `corpus` itself.
"""
