"""Questions of an interviewer, and headings, that ask what is asked."""

import pytest

from corpus.article import Passage, Span
from rag.reader.decode import best_spans
from rag.reader.repeated_question import repeated
from tests.rag.reader.test_decode import logits, read

INTERVIEW = (
    "Q: Why did you shut the slip on Monday?\nA: Ice had split the rails.\n\nQ: Who repaired it?\nA: Carl Dorn did."
)


def asked_again(question, *texts):
    found = repeated(question, [Passage("a", "A", Span(0, len(text)), text) for text in texts])
    return {number: [span.cut(texts[number]) for span in spans] for number, spans in found.items()}


@pytest.mark.parametrize(("question", "expected"), [
    ("Why was the slip shut?", ["Q: Why did you shut the slip on Monday?"]), ("Why did Anna Berg shut the slip?", ["Q: Why did you shut the slip on Monday?"]),
    ("When was the slip shut?", []), ("Who repaired the slip?", ["Q: Who repaired it?"]), ("What did Carl Dorn repair?", ["Q: Who repaired it?"]), ("Why?", []),
])  # fmt: skip
def test_a_line_that_asks_the_same_is_found(question, expected):
    assert asked_again(question, INTERVIEW) == ({0: expected} if expected else {})


def test_each_passage_has_its_own():
    texts = ("Nobody asks.", "How do I add a PDF? Drop it on the page.", INTERVIEW)
    assert asked_again("How can I add a PDF?", *texts) == {1: ["How do I add a PDF?"]}
    assert asked_again("How can I add a PDF?") == {}


def test_no_span_opens_in_it_closes_in_it_or_crosses_it():
    text = "Ann spoke. Why was it shut? Ice had split it."
    part = read(text)
    line = Span(text.index("Why"), text.index("?") + 1)
    masked = part.without([line])
    everywhere = dict.fromkeys(range(len(part.places)), 5.0)
    spans = [one.span for one in best_spans(logits(masked, everywhere, everywhere), 0.0, masked, 50)]
    assert {span.cut(text) for span in spans} >= {"Ice"}
    assert not any(span.overlaps(line) for span in spans)
    [over] = best_spans(logits(masked, starts={0: 9.0}, ends={len(part.places) - 1: 9.0}), 0.0, masked, 1)
    assert not over.span.overlaps(line)
    assert masked.window(0, 2).parts.tolist() == masked.parts[:2].tolist()
