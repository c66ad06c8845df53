"""Which spans are answers: ranked, grouped, thresholded and compared; no model runs here.

Imports `rag.answer`.
"""
