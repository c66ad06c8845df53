"""Tests of `rag.training`."""
