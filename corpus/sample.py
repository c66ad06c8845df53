"""The articles that come with Pullquote: a library to try it on, and texts of the kind that it works with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article
from corpus.load import load_folder

SAMPLE = Path(__file__).parent / "articles"


def sample_articles() -> Iterator[Article]:
    """All of them, in the order of their files' names."""
    return (one for one in load_folder(SAMPLE) if isinstance(one, Article))
