"""The tab of the library: its articles, uploads and filters.

Imports the modules of `ui` itself, and the modules of `ui.page` that build no tab.
"""
