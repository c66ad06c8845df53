"""Hostile files: mutants of valid ones, made from a seed, and bombs made by hand."""
