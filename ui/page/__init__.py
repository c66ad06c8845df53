"""The web page, in Gradio.

Imports `rag.api`.
"""
