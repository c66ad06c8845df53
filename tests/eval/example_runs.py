"""Runs made by hand: what a retriever and a reader might have said about an article of three sentences."""

from dataclasses import replace
from math import exp

from corpus.article import Article, Passage, Span
from eval.datasets.example import Example, Gold
from eval.run import Record, Run, RunHeader
from index.hit import Hit
from rag.answer import Reading, Trace
from rag.calibration import Calibration, ReaderCard


def sure(margin: float) -> float:
    """The confidence that a reading of this margin has in the runs made here, their calibration being (1, 0)."""
    return 1 / (1 + exp(-margin))


TEXT = "Merrin lies in the north.\n\nThe ferry sank in 1912.\n\nNobody was hurt in 1912."
ARTICLE = Article("a", "Merrin", TEXT, "merrin.txt", sha256="a")
PARAGRAPHS = [Span(0, 25), Span(27, 50), Span(52, len(TEXT))]
PASSAGES = [Passage("a", "Merrin", span, span.cut(TEXT)) for span in PARAGRAPHS]
HEADER = RunHeader(
    set="made",
    kind="squad",
    digest="d",
    mode="open",
    questions=9,
    limit=None,
    depth=10,
    generation=1,
    encoder="hash@0",
    reader=ReaderCard("fake", sure(0.5), Calibration(margin=1.0, intercept=0.0)),
    threshold=sure(0.5),
    started="2026-04-01T12:00:00",
    seconds=1.5,
    versions={"numpy": "2"},
)


def gold(words: str, paragraph: int = 1) -> Gold:
    """A gold that stands in one paragraph."""
    start = PARAGRAPHS[paragraph].start + PASSAGES[paragraph].text.index(words)
    return Gold(words, "a", Span(start, start + len(words)), PARAGRAPHS[paragraph])


def reading(words: str, margin: float, paragraph: int = 1) -> Reading:
    """What a reader says that finds these words."""
    start = PASSAGES[paragraph].text.index(words)
    return Reading(PASSAGES[paragraph], Span(start, start + len(words)), margin + 1.0, 1.0)


def record(golds: tuple[Gold, ...], *readings: Reading, hits: tuple[int, ...] = (1, 0, 2)) -> Record:
    """A question with its golds, the paragraphs retrieved for it in this order, and what was read in them."""
    found = tuple(Hit(PASSAGES[number], 1.0 / rank, 0.5, 2.0) for rank, number in enumerate(hits, start=1))
    trace = Trace("When?", found, readings, {"retrieve": 0.001, "read": 0.1 + 0.2})
    return Record(Example("q", "When?", golds, "a", PARAGRAPHS[1]), trace)


def run(*records: Record, **changes: object) -> Run:
    """A run of these records; `changes` to its header."""
    return Run(replace(HEADER, **changes), records)


def mixed_run(**changes: object) -> Run:
    """Margins 4 and 3 right, 2 wrong, 1 about a question nothing answers; 0.1 right and 0 unanswerable are withheld."""
    ferry = (gold("1912"),)
    return run(
        record(ferry, reading("1912", 4.0)),
        record(ferry, reading("in 1912", 3.0), hits=(0, 1, 2)),
        record(ferry, reading("north", 2.0, 0), hits=(0, 2)),
        record((), reading("north", 1.0, 0)),
        record(ferry, reading("1912", 0.1)),
        record((), reading("hurt", 0.0, 2)),
        **changes,
    )


def numbered(*records: Record, **changes: object) -> Run:
    """A run whose questions have the ids q0, q1, ..., so that they can be told apart."""
    named = [replace(one, example=replace(one.example, id=f"q{number}")) for number, one in enumerate(records)]
    return run(*named, **changes)
