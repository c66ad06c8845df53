"""The facts of a web page: from its JSON-LD, its meta tags, its microdata and the elements that show byline and date.

Imports `corpus` and `corpus.facts`.
"""
