"""A small library, its pipeline over an encoder that hashes words, and a reader whose readings a test can set."""

import pytest

from corpus.article import Article, Passage, Span
from corpus.library.store import Library
from corpus.offset_map import MappedText, Origin
from index.hit import Hit
from index.ingest import add
from rag.answer import Reading
from rag.assemble import assemble
from rag.calibration import Calibration, ReaderCard
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder

FERRY = "The ferry Saint Brannoc ran aground on Monday. Nobody on board was hurt.\n\nThe owner blames a silenced alarm."
CANNERY = "The cannery in Hollin Quay will close in June. Ninety people lose their work."


def article(name, text, **facts):
    origin = Origin(MappedText.of(text).runs, (), is_text=True)
    return Article(
        name, f"On the {name}", text, f"{name}.txt", sha256=f"digest of {name}", **({"origin": origin} | facts)
    )


def hit(name, text, start=0, score=1.0):
    return Hit(Passage(name, name.title(), Span(start, start + len(text)), text), score, dense=0.5, lexical=2.0)


def reading(text, words, margin=1.0, name="a", *, start=0, nth=0):
    """A reading of `words`, where they stand for the nth time in a passage of `text` at `start` of an article."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return Reading(hit(name, text, start).passage, Span(at, at + len(words)), margin + 0.25, 0.25)


def read_by(reader, question, hits):
    """The readings for one question."""
    (readings,) = reader.read_all([(question, hits)])
    return readings


class SetReader:
    """Reads what it was told to, whatever the question."""

    card = ReaderCard("set", threshold=0.5, calibration=Calibration(1.0, 0.0))

    def __init__(self, readings):
        self.readings = readings

    def read(self, question, hits):
        return self.readings

    def read_all(self, asked):
        return [self.read(question, hits) for question, hits in asked]


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


@pytest.fixture
def pipeline(library):
    encoder = HashEncoder()
    articles = [
        article("ferry", FERRY, url="https://example.com/ferry", published="2026-02-02", outlet="The Bell"),
        article("cannery", CANNERY),
    ]
    list(add(library, encoder, articles))
    return assemble(library, encoder, SentenceReader(encoder), Settings())
