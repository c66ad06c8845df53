"""Figures of runs: measures with their intervals, comparisons, threshold sweeps and reports.

Imports `eval.datasets` and the modules of `eval` itself.
"""
