"""The sample articles, to try Pullquote on and to calibrate the encoder with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article
from corpus.load import load_folder

SAMPLE = Path(__file__).parent / "articles"


def sample_articles() -> Iterator[Article]:
    """The sample articles, in the order of their files' names."""
    return (one for one in load_folder(SAMPLE) if isinstance(one, Article))
