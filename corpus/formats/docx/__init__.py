"""Word documents (.docx): the words that their pages show, without those that are deleted, hidden or of the page.

`reader` is where it begins. Imports `corpus.formats`, `corpus.facts` and the modules of `corpus` itself.
"""
