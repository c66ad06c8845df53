"""A reply held against the articles it quotes: trust, then check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from rag.answer import Answer, Context, Excerpt, Reply, SyndicatedCopy
from rag.connection import ServiceError


class Misquoted(ServiceError):
    """Words are quoted that do not stand in the article; ask again, for it may have changed meanwhile."""

    def __init__(self, article_id: str, words: str) -> None:
        super().__init__(
            f"The words {words[:80]!r} do not stand where they are quoted from, in article {article_id!r}; ask again, "
            "for it may have changed meanwhile, and do not trust the service if they still do not."
        )


def check(reply: Reply, text_of: Callable[[str], str]) -> None:
    """Nothing where all words that the reply quotes stand in the articles where it says; else Misquoted.

    `text_of` gives an article's text by its id, empty where there is no such article; it is called once for each.
    """
    known = lru_cache(maxsize=None)(text_of)
    for answer in reply.answers:
        for article_id, place in _quoted(answer):
            if not _stands(place, known(article_id)):
                raise Misquoted(article_id, place.text or "")


def _quoted(answer: Answer) -> Iterator[tuple[str, Excerpt | Context | SyndicatedCopy]]:
    """The words that stand behind an answer, with the ids of their articles; Misquoted where nothing does."""
    if not answer.quotes or answer.text != answer.quotes[0].text:
        raise Misquoted(answer.quotes[0].article_id if answer.quotes else "", answer.text)
    for quote in answer.quotes:
        yield quote.article_id, quote
        yield quote.article_id, quote.context
        yield from ((copy.article_id, copy) for copy in quote.copies if copy.text is not None)


def _stands(place: Excerpt | Context | SyndicatedCopy, text: str) -> bool:
    start, end = place.start, place.end
    return start is not None and end is not None and 0 <= start < end and text[start:end] == place.text
