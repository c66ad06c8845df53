"""The reader trained, calibrated and exported.

Nothing that runs in the product imports it.
"""
