"""The web page, in Gradio.

Imports the modules of `ui` itself.
"""
