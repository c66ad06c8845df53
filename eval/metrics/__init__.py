"""Figures of runs: each measure with its interval, comparisons, threshold sweeps and reports.

Imports `eval.datasets` and `eval.run`.
"""
