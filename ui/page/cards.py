"""The conversation as HTML: questions as bubbles, replies as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.article import Span
from rag.answer import WHY, Answer, Excerpt, Judged, Quote, Reason
from rag.citation.markup import marked, shortened
from rag.citation.reanchor import AnchorStatus
from rag.decision.disagree import agreeing, disagreeing, in_full
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn
from ui.phrases import also_in
from ui.templating import render, vouched

_WIDEST_CONTEXT = 360  # characters of a sentence shown on either side of a quote
_CONFIDENCE_WORDS = ((0.9, "very likely"), (0.7, "likely"), (0.5, "more likely than not"), (0.0, "uncertain"))
# The command line says less: there the filter stands in the line above.
_NOTHING_PASSES = (
    "No article passes the filter",
    "None in the library has all that is chosen under “Only some of the articles”. Choose less there, or clear it.",
)
_STATUSES: Mapping[AnchorStatus, str] = {
    "moved": "The article has changed since; these words were found again.",
    "changed": "The article has changed since; nothing tells where these words stand now.",
    "gone": "The article has been taken out of the library since.",
}
_JUDGED = {
    "right": "Kept as right.",
    "wrong": "Kept as wrong. If other words answer: open the quote, and select them in the article.",
    "nothing": "Kept: the library rightly does not say.",
}


_JUDGED_BEFORE: Mapping[Judged, str] = {
    "right": "Judged right", "wrong": "Judged wrong", "given": "Given by a person",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _AnswerLayout:
    """The answers of a reply, each with the place of its first quote among the excerpts of the turn.

    `sides` contradict one another, and `values` are their words in the order of the reply. Where there are none, the
    first answer stands alone. The others are `folded`.
    """

    sides: Sequence[tuple[int, Answer]]
    values: Sequence[str]
    folded: Sequence[tuple[int, Answer]]


def conversation_html(conversation: Conversation) -> str:
    """The turns, oldest first, and which of them was asked last."""
    return render(
        "page/conversation.html", conversation=conversation, agreeing=agreeing, also_in=also_in, arranged=_arranged,
        confidence_words=confidence_words, in_its_sentence=_in_its_sentence, judged=_JUDGED,
        judged_before=_JUDGED_BEFORE, nowhere=NOWHERE, percent=_percent, reason_words=_reason_words,
        source_parts=_source_parts, statuses=_STATUSES,
    )  # fmt: skip


def problem_html(sentence: str) -> str:
    """The sentence that says why nothing else is shown."""
    return render("page/problem.html", sentence=sentence)


def _arranged(turn: ConversationTurn) -> _AnswerLayout:
    assert turn.reply
    placed, place = [], 0
    for answer in turn.answers:
        placed.append((place, answer))
        place += len(answer.quotes)
    believed, disputed = turn.reply.answers, turn.reply.disputed
    unjudged = tuple(answer for answer in believed if answer.judged != "wrong")
    apart = (*((not believed[0].judged and disagreeing(unjudged)) or believed[:1]), *disputed)
    if len(apart) < 2:
        return _AnswerLayout((), (), placed[1:])
    identities = set(map(id, apart))
    values = [shortened(in_full(answer.quotes[0]), 60) for answer in apart]
    sides = [one for one in placed if id(one[1]) in identities]
    folded = [one for one in placed[: len(believed)] if id(one[1]) not in identities]
    return _AnswerLayout(sorted(sides, key=lambda one: one[1].quotes[0].published or "9999"), values, folded)


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words and a number; never a certainty."""
    words = next(words for least, words in _CONFIDENCE_WORDS if confidence >= least)
    return f"{words} · {_percent(confidence)}\N{NO-BREAK SPACE}%"


def _percent(confidence: float) -> int:
    return min(int(100 * confidence + 0.5), 99)


def _source_parts(excerpt: Excerpt) -> list[str]:
    """The outlet, date and page of an excerpt, those that are known."""
    page = f"page {excerpt.page}" if excerpt.page else None
    return [part for part in (excerpt.outlet, excerpt.published, page) if part]


def _in_its_sentence(quote: Quote) -> Markup:
    spans = [Span(part.start, part.end).shift(-quote.context.start) for part in quote.parts or (quote,)]
    return vouched(marked(quote.context.text, spans, _WIDEST_CONTEXT))


def _reason_words(reason: Reason) -> tuple[str, str]:
    """What an abstention says, without its full stop, and why."""
    if reason == "nothing_passes":
        return _NOTHING_PASSES
    what, _, why = WHY[reason].partition(": ")
    return what.rstrip("."), why[:1].upper() + why[1:]
