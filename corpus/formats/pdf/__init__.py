"""PDF files read as they are laid out: characters to words, lines, blocks in reading order, paragraphs and table rows.

Imports `corpus`, `corpus/facts` and `corpus/formats`; pdfium is imported in one module, `characters`.
"""
