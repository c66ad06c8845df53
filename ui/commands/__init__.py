"""One module for each group of commands of `pullquote`.

Imports `ui.console` and `ui.report`.
"""
