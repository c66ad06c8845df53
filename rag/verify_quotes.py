"""Verifies that all words that a reply quotes equal the article's text at their offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from rag.answer import Answer, Excerpt, Reply, SyndicatedCopy, Words, is_verbatim
from rag.connection import ServiceError


class Misquoted(ServiceError):
    """Words are quoted that do not stand in the article; ask again, for it may have changed meanwhile."""

    def __init__(self, article_id: str, words: str) -> None:
        super().__init__(
            f"The words {words[:80]!r} do not stand where they are quoted from, in article {article_id!r}; ask again, "
            "for it may have changed meanwhile, and do not trust the service if they still do not."
        )


def check(reply: Reply, text_of: Callable[[str], str]) -> None:
    """Raises Misquoted where words of the answers, the disputed ones or the related passages stand elsewhere.

    `text_of` gives an article's text by its id, empty where there is no such article; it is called once for each.
    """
    known = lru_cache(maxsize=None)(text_of)
    quoted = (excerpt for answer in (*reply.answers, *reply.disputed) for excerpt in _excerpts(answer))
    related = ((passage.article_id, passage) for passage in reply.related)
    for article_id, excerpt in chain(quoted, related):
        if not is_verbatim(excerpt, known(article_id)):
            raise Misquoted(article_id, excerpt.text or "")


def _excerpts(answer: Answer) -> Iterator[tuple[str, Excerpt | Words | SyndicatedCopy]]:
    """All words that an answer quotes, with the ids of their articles.

    Misquoted where its own are no quote, or an item of a list stands outside of its quote.
    """
    if not answer.quotes or answer.text != answer.quotes[0].text:
        raise Misquoted(answer.quotes[0].article_id if answer.quotes else "", answer.text)
    for quote in answer.quotes:
        yield quote.article_id, quote
        yield quote.article_id, quote.context
        for part in quote.parts:
            if not quote.start <= part.start < part.end <= quote.end:
                raise Misquoted(quote.article_id, part.text)
            yield quote.article_id, part
        yield from ((copy.article_id, copy) for copy in quote.copies if copy.text is not None)
