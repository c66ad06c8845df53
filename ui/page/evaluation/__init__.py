"""The tab of the evaluation: runs, plots and thresholds.

Imports the modules of `ui.page` that build no tab.
"""
