import numpy as np
import pytest

from corpus.article import Passage, Span
from index.hit import Hit
from rag.reader.sentence_reader import _RETRIEVAL_WEIGHT, SentenceReader
from tests.fakes import HashEncoder
from tests.rag.conftest import hit, read_by

TEXT = "Overview\n\nThe ferry ran aground on Monday. Nobody on board was hurt. Oh no!"


def read(question, *hits):
    return read_by(SentenceReader(HashEncoder()), question, list(hits))


def test_the_sentence_nearest_to_the_question_is_read_at_its_place():
    [one] = read("Was anybody on board hurt?", hit("a", TEXT, start=40))
    assert one.text == "Nobody on board was hurt."
    assert one.span == Span(43, 68)
    assert one.article_span == Span(83, 108)


def test_the_margin_is_the_cosine_of_question_and_sentence_and_a_share_of_the_retrieval_score():
    encoder = HashEncoder()
    [one] = read("Nobody on board was hurt.", hit("a", TEXT, score=0.5))
    assert (one.span_score, one.null_score) == (pytest.approx(1.0 + 0.5 * _RETRIEVAL_WEIGHT), 0.0)
    [other] = read("Which ferry sank?", hit("a", TEXT, score=0.0))
    expected = encoder.encode_query("Which ferry sank?") @ encoder.encode_query("The ferry ran aground on Monday.")
    assert other.margin == pytest.approx(float(expected))


def test_one_reading_a_passage_in_the_order_of_the_hits():
    second = "The ferry was towed away. It floats."
    read_spans = read("the ferry", hit("b", second), hit("a", TEXT))
    assert [(one.passage.article_id, one.text) for one in read_spans] == [
        ("b", "The ferry was towed away."), ("a", "The ferry ran aground on Monday."),
    ]  # fmt: skip


def test_headings_and_interjections_are_read_only_where_there_is_nothing_else():
    assert read("overview oh no", hit("a", TEXT))[0].text not in {"Overview", "Oh no!"}
    assert read("overview", hit("a", "Overview\n\nOh no!"))[0].text == "Overview"


def test_no_hits_are_no_readings():
    assert read("anything") == []


def test_of_equal_sentences_the_first_is_read():
    assert read("same words", hit("a", "The same words. The same words."))[0].span == Span(0, 15)


def test_what_is_past_40_sentences_is_not_read():
    many = " ".join(f"Sentence number {number} says little." for number in range(60))
    assert read("Sentence number 39 says little.", hit("a", many))[0].text == "Sentence number 39 says little."
    assert read("Sentence number 45 says little.", hit("a", many))[0].span.end <= many.index("Sentence number 40")


def test_all_passages_are_encoded_in_one_go():
    class Counting(HashEncoder):
        """A HashEncoder that remembers how many texts it was given at once."""

        asked: list[int] = []  # noqa: RUF012

        def encode_passages(self, texts):
            self.asked.append(len(texts))
            return super().encode_passages(texts)

    encoder = Counting()
    read_by(SentenceReader(encoder), "ferry", [hit("a", TEXT), hit("b", TEXT)])
    assert max(encoder.asked) == 4
    assert np.isfinite(encoder.encode_query("ferry")).all()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The lighthouse\n\nIt is 43 metres tall and white.", "It is 43 metres tall and white."),
        ("Is the lighthouse tall? It is 43 metres tall and white.", "It is 43 metres tall and white."),
        ("“Is it?” It stands on the lighthouse rock.[3]", "It stands on the lighthouse rock.[3]"),
        ("The lighthouse. It is 43 metres tall and white.", "It is 43 metres tall and white."),
        ("The lighthouse", "The lighthouse"),
    ],
)
def test_headings_questions_and_fragments_are_read_only_where_there_is_nothing_else(text, read):
    found = Hit(Passage("tower", "The tower", Span(0, len(text)), text), 1.0)
    [reading] = read_by(SentenceReader(HashEncoder()), "the lighthouse", [found])
    assert reading.text == read
