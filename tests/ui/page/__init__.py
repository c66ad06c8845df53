"""Tests of `ui.page`."""
