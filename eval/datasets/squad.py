"""SQuAD 1.1 and 2.0: every article is its paragraphs joined by a blank line, every gold has its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import chain, count

from corpus.article import Article, Span
from eval.datasets.example import Example, Gold
from eval.datasets.record import keepable, text, value
from eval.datasets.squad_rows import squad_articles

_BETWEEN = "\n\n"


@dataclass(slots=True)
class _Reading:
    name: str
    left_out: list[str] | None
    examples: list[Example] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)


def read_squad(
    name: str, data: str, left_out: list[str] | None = None
) -> tuple[tuple[Example, ...], tuple[Article, ...]]:
    """The questions and articles of a SQuAD file, in its own form or in rows; ValueError says what is wrong with it.

    With a list `left_out`, questions at fault and empty paragraphs are noted there instead, and the rest is read.
    Texts are left as they are, not even normalised: the answers' offsets count their characters. Two articles with the
    same title stay two articles.
    """
    reading = _Reading(name, left_out)
    for number, record in enumerate(squad_articles(data), start=1):
        title = keepable(str(record.get("title") or f"article {number}")) if isinstance(record, dict) else ""
        _read_article(reading, title, value(record, "paragraphs", list))
    return tuple(reading.examples), tuple(reading.articles)


def _read_article(reading: _Reading, title: str, paragraphs: list[object]) -> None:
    article_id = _free_id(title, reading.taken)
    contexts: list[str] = []
    offset = 0
    for paragraph in paragraphs:
        context = text(paragraph, "context")
        if not context.strip():
            _fault(reading, f"a paragraph of {title!r} is empty")
            continue
        span = Span(offset, offset + len(context))
        for question in value(paragraph, "qas", list):
            try:
                reading.examples.append(_example(question, article_id, context, span))
            except ValueError as error:
                identity = question.get("id") if isinstance(question, dict) else None
                _fault(reading, f"the question {identity}: {error}" if identity else str(error))
        contexts.append(context)
        offset = span.end + len(_BETWEEN)
    if contexts:
        whole = _BETWEEN.join(contexts)
        sha256 = hashlib.sha256(f"{article_id}\n{whole}".encode()).hexdigest()
        source = f"{reading.name}/{article_id}"
        reading.articles.append(Article(article_id, title.replace("_", " "), whole, source, sha256=sha256))


def _fault(reading: _Reading, sentence: str) -> None:
    """Notes what is left out; ValueError where nothing may be."""
    if reading.left_out is None:
        raise ValueError(sentence)
    reading.left_out.append(sentence)


def _example(question: object, article_id: str, context: str, span: Span) -> Example:
    fields = question if isinstance(question, dict) else {}
    answers = [] if fields.get("is_impossible") else value(question, "answers", list)
    golds = tuple(_gold(answer, article_id, context, span) for answer in answers if text(answer, "text").strip())
    return Example(keepable(str(fields.get("id") or "")), text(question, "question"), golds, article_id, span)


def _gold(answer: object, article_id: str, context: str, span: Span) -> Gold:
    words = text(answer, "text")
    start = value(answer, "answer_start", int)
    if start < 0 or context[start : start + len(words)] != words:
        raise ValueError(f"the answer {words[:40]!r} does not stand at its answer_start, {start}, in code points")
    return Gold(words, article_id, Span(start, start + len(words)).shift(span.start), span)


def _free_id(title: str, taken: set[str]) -> str:
    """The title, numbered where another article has it already."""
    numbered = (f"{title}-{number}" for number in count(2))
    free = next(name for name in chain([title], numbered) if name not in taken)
    taken.add(free)
    return free
