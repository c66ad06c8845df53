"""A library in a folder of its own, and the real encoder, compiled once."""

from pathlib import Path

import pytest

from corpus.article import Article
from corpus.library.store import Library


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


@pytest.fixture(scope="session")
def cache() -> Path:
    """The user's, with the compiled encoder in it."""
    from rag.assemble import open_encoder
    from rag.settings import Settings

    settings = Settings()
    open_encoder(settings, print)
    return settings.cache.expanduser()


def article(name: str, text: str, title: str = "A title", sha256: str | None = None) -> Article:
    """An article of this name from NAME.txt, whose bytes have a digest of their own unless one is given."""
    return Article(name, title, text, f"{name}.txt", sha256=f"{name} {hash(text)}" if sha256 is None else sha256)
