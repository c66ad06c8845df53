"""One script for each system that is measured; each runs in a process of its own, most in another environment.

Imports the library that it measures and, as the others' environment has nothing else of ours, no other room.
"""
