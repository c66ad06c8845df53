"""The conversation as HTML: questions as bubbles, replies as cards. Every text in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.article import Span
from rag.answer import WHY, Answer, Excerpt, Quote, Related, Reply
from rag.markup import escaped, language_attribute, marked, shortened
from ui.copies import also_in
from ui.page.conversation import Address, Conversation, Turn

_WIDEST_CONTEXT = 360  # characters of a sentence shown on either side of a quote
_LONGEST_SNIPPET = 320  # characters shown of a passage that is not an answer
_SURE = ((0.9, "very likely"), (0.7, "likely"), (0.5, "more likely than not"))
# The command line says less: there the filter stands in the line above.
_NOTHING_PASSES = (
    "No article passes the filter",
    "",
    "None in the library has all that is chosen under “Only some of the articles”. Choose less there, or clear it.",
)

Languages = Mapping[str, str]  # article id -> ISO 639-1 code, where known


def conversation_html(conversation: Conversation) -> str:
    """The turns, oldest first."""
    turns = "".join(turn_html(turn) for turn in conversation)
    return f'<div class="conversation" role="log" aria-label="Conversation">{turns}</div>'


def turn_html(turn: Turn) -> str:
    """A question and what came of it."""
    if turn.problem:
        below = f'<div class="card problem" role="alert"><p>{escaped(turn.problem)}</p></div>'
    elif turn.reply:
        below = _read_as(turn.reply) + reply_html(turn.reply, turn.number, turn.languages)
    else:
        below = '<p class="pending" role="status">Reading the library …</p>'
    asked = f'<div class="question" dir="auto"><span class="unseen">You asked: </span>{escaped(turn.question)}</div>'
    bubble = asked if turn.question.strip() else ""
    return f'<section class="turn" data-turn="{turn.number}">{bubble}{_only(turn)}{below}</section>'


def reply_html(reply: Reply, turn: int, languages: Languages) -> str:
    """The answers of a reply, all but the first folded; or its abstention."""
    if reply.reason is not None:
        return _abstention(reply, turn, languages)
    first, *others = reply.answers
    cards = [_answer(first, turn, 0, languages)]
    place = len(first.quotes)
    folded = []
    for answer in others:
        folded.append(_answer(answer, turn, place, languages))
        place += len(answer.quotes)
    if folded:
        cards.append(
            f'<details class="others"><summary>Other possible answers ({len(folded)})</summary>'
            f"{''.join(folded)}</details>"
        )
    return "".join(cards)


def _only(turn: Turn) -> str:
    """Which articles were asked, where not all were."""
    only = ", ".join(f"<bdi>{escaped(part)}</bdi>" for part in turn.only)
    parts = (f"Only: {only}" if only else "", "newest first" if turn.newest_first else "")
    line = " · ".join(filter(None, parts))
    return f'<p class="only">{line[0].upper()}{line[1:]}</p>' if line else ""


def _read_as(reply: Reply) -> str:
    if reply.read_as is None:
        return ""
    return f'<p class="read-as">Read as <q dir="auto">{escaped(reply.read_as)}</q></p>'


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words and a number; never a certainty."""
    words = next((words for least, words in _SURE if confidence >= least), "uncertain")
    return f"{words} · {min(int(100 * confidence + 0.5), 99)}\N{NO-BREAK SPACE}%"


def source_line(excerpt: Excerpt) -> str:
    """Title, outlet, date and page of an excerpt as HTML, those that are known."""
    page = f"page {excerpt.page}" if excerpt.page else None
    rest = "".join(f" · <bdi>{escaped(part)}</bdi>" for part in (excerpt.outlet, excerpt.published, page) if part)
    return f'<span class="source-line"><cite dir="auto">{escaped(excerpt.title)}</cite>{rest}</span>'


def _answer(answer: Answer, turn: int, place: int, languages: Languages) -> str:
    best, *more = answer.quotes
    sure = confidence_words(answer.confidence)
    header = f'<header><h3>Quote</h3><span class="confidence">{sure}</span></header>'
    quotes = f"<blockquote>{_quote_button(best, Address(turn, place), languages)}</blockquote>{_also_in(best)}"
    if more:
        items = "".join(
            f"<li>{_quote_button(quote, Address(turn, place + index), languages)}{_also_in(quote)}</li>"
            for index, quote in enumerate(more, start=1)
        )
        quotes += f'<p class="also">Also said here</p><ul class="more-quotes">{items}</ul>'
    return f'<article class="card answer">{header}{quotes}</article>'


def _quote_button(quote: Quote, address: Address, languages: Languages) -> str:
    return _button("quote-button", address, _in_context(quote), quote, languages)


def _also_in(quote: Quote) -> str:
    """Where else its story is printed."""
    names = ", ".join(f"<bdi>{escaped(name)}</bdi>" for name in also_in(quote))
    return f'<p class="copies">Also in: {names}</p>' if names else ""


def _button(kind: str, address: Address, words: str, excerpt: Excerpt, languages: Languages) -> str:
    language = language_attribute(languages.get(excerpt.article_id))
    return (
        f'<button type="button" class="{kind}" data-excerpt="{address}">'
        f'<span class="words" dir="auto"{language}>{words}</span>{source_line(excerpt)}'
        '<span class="unseen"> Show it in the article.</span></button>'
    )


def _in_context(quote: Quote) -> str:
    """The sentence around a quote with the quote marked, both cut by code points."""
    span = Span(quote.start, quote.end).shift(-quote.context.start)
    return marked(quote.context.text, span, _WIDEST_CONTEXT)


def _abstention(reply: Reply, turn: int, languages: Languages) -> str:
    assert reply.reason is not None
    saying, _, why = _NOTHING_PASSES if reply.reason == "nothing_passes" else WHY[reply.reason].partition(": ")
    detail = f'<p class="why">{escaped(why[:1].upper() + why[1:])}</p>' if why else ""
    return (
        f'<article class="card abstention"><h3>{escaped(saying.rstrip("."))}.</h3>{detail}'
        f"{_nearest(reply, turn, languages)}</article>"
    )


def _nearest(reply: Reply, turn: int, languages: Languages) -> str:
    if not reply.related:
        return ""
    items = "".join(
        f"<li>{_button('passage-button', Address(turn, place), _snippet(one), one, languages)}</li>"
        for place, one in enumerate(reply.related)
    )
    return (
        '<div class="nearest"><h4>Nearest passages <strong class="no-answer">not an answer</strong></h4>'
        f"<ul>{items}</ul></div>"
    )


def _snippet(passage: Related) -> str:
    return escaped(shortened(passage.text, _LONGEST_SNIPPET))
