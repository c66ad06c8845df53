"""What the source pane shows: an article at a quote of the conversation, at its place in the text as it is now."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from corpus.article import Article
from corpus.library.feedback import BadJudgement, Judgement, keep
from corpus.library.store import Library, NoSuchArticle
from rag.answer import Excerpt, Quote
from rag.citation.reanchor import moved, reanchor
from rag.question import checked_to_judge
from ui.page.conversation import Conversation, ExcerptAddress, sent_number
from ui.page.source import Position, problem_html, source_html

_NOT_THERE = "That quote is no longer part of this conversation; ask the question again."
_GONE = "The article has been taken out of the library since it was quoted."
_CHANGED = "The article has changed since it was quoted, and nothing tells where these words stand now; ask again."
_FOUND_AGAIN = "The article has changed since it was quoted; these words were found again where they stand now."
_UNREADABLE = "The library cannot be read at the moment; try again, and see `pullquote status` if it stays so."
_BETTER = "Kept: these words answer better."


class SourcePane:
    """Opens articles of one library at what a conversation quotes; `count` is the number of the opening."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def open(self, conversation: Conversation, sent: object, count: int) -> str:
        """The article at the excerpt whose address a browser sent, or a sentence that says why it is not shown."""
        address = ExcerptAddress.parsed(sent)
        excerpt = conversation.find(address) if address else None
        if excerpt is None or address is None:
            return problem_html(_NOT_THERE, count)
        return self._at(conversation, address, excerpt, count)

    def keep_better(self, conversation: Conversation, sent: Mapping[str, Any], count: int) -> str:
        """The article at its quote, with a note on the words that a browser sent as answering better."""
        address = ExcerptAddress.parsed(sent.get("address"))
        turn = conversation.turn(address.turn) if address else None
        excerpt = conversation.find(address) if address else None
        if turn is None or excerpt is None or address is None:
            return problem_html(_NOT_THERE, count)
        start, end = sent_number(sent.get("start")), sent_number(sent.get("end"))
        place = excerpt.article_id, start, end, str(sent.get("text", ""))
        note = _BETTER
        try:
            keep(self._library, Judgement(checked_to_judge(turn.asked, "better"), "better", *place))
        except NoSuchArticle:
            return problem_html(_GONE, count)
        except BadJudgement as mistake:
            note = str(mistake)
        except sqlite3.Error:
            note = _UNREADABLE
        return self._at(conversation, address, excerpt, count, note)

    def _at(
        self, conversation: Conversation, address: ExcerptAddress, excerpt: Excerpt, count: int, note: str = ""
    ) -> str:
        try:
            with self._library.reading():
                article = self._library.article(excerpt.article_id)
                found = reanchor(excerpt, article)
                if found.span is None:
                    return problem_html(_CHANGED, count)
                if found.status == "moved":
                    excerpt, note = moved(self._library, excerpt, found.span), note or _FOUND_AGAIN
        except NoSuchArticle:
            return problem_html(_GONE, count)
        position = _position(conversation, address, note)
        return source_html(article, excerpt, _quotes_of(conversation, article), position, count)


def _quotes_of(conversation: Conversation, article: Article) -> list[Quote]:
    return [quote for _, quote in conversation.quotes() if quote.article_id == article.id]


def _position(conversation: Conversation, address: ExcerptAddress, note: str) -> Position:
    """The place of an excerpt among all quotes of the conversation; of a passage that is no answer, among its like."""
    turn = conversation.turn(address.turn)
    order = [one for one, _ in conversation.quotes()]
    if address not in order and turn:
        order = [
            ExcerptAddress(turn.number, place) for place, one in enumerate(turn.excerpts) if not isinstance(one, Quote)
        ]
    at = order.index(address)
    return Position(
        address, at + 1, len(order),
        previous=order[at - 1] if at else None,
        following=order[at + 1] if at + 1 < len(order) else None,
        question=turn.asked if turn else "", note=note,
    )  # fmt: skip
