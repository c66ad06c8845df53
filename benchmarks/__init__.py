"""Pullquote and its neighbours, measured side by side in one run.

Imports every package of the product.
"""
