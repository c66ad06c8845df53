"""The tab of the evaluation: runs, charts and thresholds.

Imports `ui.report` and the modules of `ui` itself.
"""
