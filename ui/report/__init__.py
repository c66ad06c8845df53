"""An evaluation report as one HTML page, with charts in SVG.

Imports nothing else of `ui`.
"""
