"""Texts to embeddings: the encoder, compiled for OpenVINO in int8.

Imports nothing else of `index`.
"""
