from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library.store import Library
from index.ingest import add, remove
from index.lexical.spelling import SPELLING
from index.search import HybridIndex
from tests.fakes import HashEncoder
from tests.rag.conftest import article

WHOLE = {"build", "then", "crew", "what", "does", "need", "charge"}  # what the encoder has a piece for
TEXT = (
    "The coxswain of the Merrin lifeboat praised the crew. Ninety tonnes of crab were landed, and redundancies followed. "
    "A crab boat is a crab boat. Solenn Quéméré closed the harbour; the stones stayed."
)


class PieceEncoder(HashEncoder):
    """Has one piece for common words and two for all others."""

    def count_tokens(self, texts):
        return [1 if text in WHOLE else 2 for text in texts]


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    list(add(library, PieceEncoder(), [article("ferry", TEXT), article("crab", "Crabs and cramps: the crab again.")]))
    return library


def repaired(library, query):
    return HybridIndex(library, PieceEncoder()).repaired(query)


@pytest.mark.parametrize(("query", "expected"), [
    ("who is the coxwain of the lifebaot", "who is the coxswain of the lifeboat"),
    ("how many tones of crab?", "how many tonnes of crab?"),
    ("the redundansies", "the redundancies"),
    ("harbor", "harbour"), ("harbuor", "harbour"), ("who is quemere", "who is quemere"), ("who is quemare", "who is quemere"),
    ("quéméré, quémére", "quéméré, quémére"),
    ("stone stones stayed", "stone stones stayed"),  # forms of words that are there
    ("what does the crew need then", "what does the crew need then"),  # words the encoder knows
    ("Coxwain Lifebaot", "Coxwain Lifebaot"),  # names, it may be
    ("xoxswain lifboats1 coxwain2", "xoxswain lifboats1 coxwain2"),  # another beginning, figures
    ("crabb cra abc", "crab cra abc"),  # of "crab" and "crabs", which are as near, the one in more passages; short words stay
    ("que\u0301mare coxwai\u0301n", "que\u0301mare coxwai\u0301n"),
    ("crex landad stayad", "crex landed stayed"),  # a letter for one like it, for no other
    ("landxed", "landxed"), ("lannded", "landed"),
    ("lifefloat", "lifefloat"), ("lifebooat", "lifeboat"), ("harbingr", "harbingr"),
    ("", ""), ("?!", "?!"), ("-- \n  coxwain", "-- \n  coxswain"),
])  # fmt: skip
def test_slips_are_repaired_and_nothing_else(library, query, expected):
    assert repaired(library, query) == expected


@given(st.text())
@settings(deadline=None)
def test_what_holds_no_slip_stays_as_it_is(tmp_path_factory, text):
    empty = Library(tmp_path_factory.mktemp("empty") / "library.sqlite")
    assert repaired(empty, text) == text


def test_a_question_in_a_language_that_no_article_is_in_is_not_repaired(library):
    list(add(library, PieceEncoder(), [article("post", "The letter was late.")]))
    french = "qui a écrit une lettre au capitaine"
    assert repaired(library, french) == french
    assert repaired(library, "who wrote a lettre") == "who wrote a letter"
    list(add(library, PieceEncoder(), [replace(article("port", "Le port est fermé."), language="fr")]))
    assert repaired(library, french) == "qui a écrit une letter au capitaine"


def test_part_of_a_word_is_not_repaired(library):
    for query in ("the sub\u00adharbuor", "lifebaot\u200bs", "un\u200clannded"):
        assert repaired(library, query) == query


def test_a_repair_is_not_repaired_again(library):
    for query in ("who is the coxwain of the lifebaot", "quemare harbor crabb"):
        once = repaired(library, query)
        assert repaired(library, once) == once


def counted(library):
    return dict(library.connection.execute("SELECT word, passages FROM spelling"))


def test_words_are_counted_by_passage_and_go_with_their_article(library):
    assert counted(library)["crab"] == 2
    assert counted(library)["coxswain"] == 1
    remove(library, ["ferry"])
    assert counted(library).keys() == {"crab", "crabs", "cramps", "again"}
    assert counted(library)["crab"] == 1
    assert repaired(library, "the coxwain") == "the coxwain"


def test_a_changed_article_is_counted_anew(library):
    list(add(library, PieceEncoder(), [replace(article("crab", "A lobster."), sha256="other")]))
    assert counted(library)["crab"] == 2  # the title of the other passage's article is "On the crab"
    assert "cramps" not in counted(library)
    assert repaired(library, "lobstr") == "lobster"


def test_a_library_from_before_words_were_counted_is_counted_once(library):
    before = counted(library)
    library.connection.execute("DROP TABLE spelling")
    generation = library.generation
    SPELLING.prepare(library)
    assert counted(library) == before
    assert library.generation == generation + 1
    SPELLING.prepare(library)
    assert library.generation == generation + 1


def test_a_long_query_is_looked_at_no_further_than_its_first_words(library):
    query = "crew " * 64 + "coxwain"
    assert repaired(library, query) == query
