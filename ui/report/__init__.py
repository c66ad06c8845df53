"""An evaluation report as one HTML page with charts in SVG.

Imports `eval` only.
"""
