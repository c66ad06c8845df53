"""Which spans are answers: ranked, grouped, compared and held against the threshold; no model runs here.

Imports the modules of `rag` itself.
"""
