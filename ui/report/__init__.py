"""The report on a run as one HTML page: its templates, and its charts in SVG.

Imports `eval`, `rag` and `ui.templating`.
"""
