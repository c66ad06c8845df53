"""A small world without models: five articles in a library, asked through the hash encoder and the sentence reader."""

from collections.abc import Iterator

import pytest

from corpus.article import Article
from corpus.library.store import Library
from eval.temporary_library import temporary_library
from rag.assemble import assemble
from rag.pipeline import Pipeline
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.eval.example_runs import ARTICLE
from tests.fakes import HashEncoder

TEXTS = {
    "bus": "The number nine bus runs to Pell Cross twice a day.\n\nTickets cost four pounds.",
    "bell": "A bronze bell was found in the harbour mud.\n\nIt was cast in Saint Aubric in 1703.",
    "crab": "Thousands of dead crabs washed ashore at Hollin Quay.\n\nA lack of oxygen killed them.",
    "salt": "Salt on the insulators caused the blackout at Pell Cross.\n\nIt lasted eleven hours.",
}


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    others = [Article(name, name.title(), text, f"/shelf/{name}.txt", sha256=name) for name, text in TEXTS.items()]
    return [ARTICLE, *others]


@pytest.fixture(scope="session")
def library(articles: list[Article]) -> Iterator[Library]:
    with temporary_library(articles, HashEncoder(), Settings()) as made:
        yield made


@pytest.fixture(scope="session")
def pipeline(library: Library) -> Pipeline:
    encoder = HashEncoder()
    return assemble(library, encoder, SentenceReader(encoder), Settings())
