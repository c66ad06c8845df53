"""Markdown files: their words without the markup of CommonMark, GitHub, Obsidian, Hugo, Jekyll, MkDocs and Docusaurus.

`reader` is where it begins. What may be no markup stays as it is. Imports `corpus.formats` and the modules of `corpus`
itself.
"""
