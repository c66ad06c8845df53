"""A library in a folder of its own, and the real encoder, compiled once."""

import os
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.store import Library


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Path:
    """The folder with the compiled encoder: that of PULLQUOTE_CACHE where there is one."""
    from index.compile import compile_encoder
    from index.encoder import BUNDLED, compiled_folder

    named = os.environ.get("PULLQUOTE_CACHE")
    folder = Path(named) if named else tmp_path_factory.mktemp("cache")
    if not compiled_folder(BUNDLED, folder).is_dir():
        compile_encoder(BUNDLED, folder)
    return folder


def article(name: str, text: str, title: str = "A title", sha256: str | None = None) -> Article:
    """An article of this name from NAME.txt, whose bytes have a digest of their own unless one is given."""
    return Article(name, title, text, f"{name}.txt", sha256=f"{name} {hash(text)}" if sha256 is None else sha256)
