"""The command line, the server and the page.

Imports every other package.
"""
