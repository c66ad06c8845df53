"""The tab of the evaluation: runs, charts and thresholds.

Imports `ui.report`, the modules of `ui` itself, and the modules of `ui.page` that build no tab.
"""
