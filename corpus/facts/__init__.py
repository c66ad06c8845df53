"""What a value that a source states is worth as a fact: whether it is a title, the name of an author, a date.

Imports nothing but `corpus` itself.
"""
