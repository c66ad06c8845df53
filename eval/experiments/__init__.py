"""Measurements behind a choice, each a command of its own: `python -m eval.experiments.NAME`.

Imports the rest of `eval`.
"""
