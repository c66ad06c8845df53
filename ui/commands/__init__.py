"""One module for each group of commands of `pullquote`.

Imports `ui.report` and the modules of `ui` itself.
"""
