"""The conversation as HTML: questions as bubbles, replies as cards. Every text in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.article import Span
from rag.answer import WHY, Answer, Excerpt, Quote, Related, Reply
from rag.citation.markup import escaped, language_attribute, marked, shortened
from rag.citation.reanchor import AnchorStatus
from rag.decision.disagree import agreeing, disagreeing, in_full
from ui.copies import also_in
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn, ExcerptAddress
from ui.page.welcome import example_html

_WIDEST_CONTEXT = 360  # characters of a sentence shown on either side of a quote
_LONGEST_SNIPPET = 320  # characters shown of a passage that is not an answer
_SURE = ((0.9, "very likely"), (0.7, "likely"), (0.5, "more likely than not"))
# The command line says less: there the filter stands in the line above.
_NOTHING_PASSES = (
    "No article passes the filter",
    "",
    "None in the library has all that is chosen under “Only some of the articles”. Choose less there, or clear it.",
)
_STANDINGS: Mapping[AnchorStatus, str] = {
    "moved": "The article has changed since; these words were found again.",
    "changed": "The article has changed since; nothing tells where these words stand now.",
    "gone": "The article has been taken out of the library since.",
}
_JUDGED = {
    "right": "Kept as right.",
    "wrong": "Kept as wrong. If other words answer: open the quote, and select them in the article.",
    "nothing": "Kept: the library rightly does not say.",
}


def conversation_html(conversation: Conversation) -> str:
    """The turns, oldest first; the one that was asked last is the one to look at."""
    turns = "".join(_turn(turn, is_latest=turn.number == conversation.latest) for turn in conversation.turns)
    return f'<div class="conversation" role="log" aria-label="Conversation">{turns}</div>'


def _turn(turn: ConversationTurn, *, is_latest: bool) -> str:
    """A question and what came of it."""
    if turn.problem:
        below = problem_html(turn.problem)
    elif turn.reply:
        below = _as_asked(turn.reply) + _reply(turn, turn.reply)
    else:
        below = f'<p class="pending" role="status">{escaped(turn.progress)} …</p>'
    latest = " data-latest" if is_latest else ""
    return f'<section class="turn" data-turn="{turn.number}"{latest}>{_question(turn)}{_only(turn)}{below}</section>'


def problem_html(sentence: str) -> str:
    """The sentence that says why there is nothing else to show."""
    return f'<div class="card problem" role="alert"><p>{escaped(sentence)}</p></div>'


def _question(turn: ConversationTurn) -> str:
    """The bubble, with a button that makes it a box to ask from again."""
    if not turn.question.strip():
        return ""
    words = escaped(turn.question)
    edit = "" if turn.progress else _edit(turn.question, "Edit")
    return (
        f'<div class="asked"><h2 class="question" dir="auto"><span class="unseen">You asked: </span>{words}</h2>'
        f"{edit}</div>"
    )


def _edit(question: str, name: str) -> str:
    return f'<button type="button" class="edit" data-question="{escaped(question)}">{name}</button>'


def _only(turn: ConversationTurn) -> str:
    """Which articles were asked, where not all were."""
    only = ", ".join(f"<bdi>{escaped(part)}</bdi>" for part in turn.only)
    parts = (f"Only: {only}" if only else "", "newest first" if turn.newest_first else "")
    line = " · ".join(filter(None, parts))
    return f'<p class="only">{line[0].upper()}{line[1:]}</p>' if line else ""


def _as_asked(reply: Reply) -> str:
    """The question that was really asked, where it is not the one that was typed: to be changed, or left out."""
    lines = ""
    if reply.asked_as:
        lines += (
            f'<p class="asked-as">Asked as <q dir="auto">{escaped(reply.asked_as)}</q> '
            f"{_edit(reply.asked_as, 'Change')}"
            f'<button type="button" class="plainly" data-question="{escaped(reply.question)}">Ask as typed</button></p>'
        )
    if reply.read_as:
        lines += f'<p class="read-as">Read as <q dir="auto">{escaped(reply.read_as)}</q></p>'
    return lines


def _reply(turn: ConversationTurn, reply: Reply) -> str:
    """The answers of a reply, sources that disagree side by side, all but the first folded; or its abstention."""
    if reply.reason is not None:
        return _abstention(turn, reply)
    placed = dict(zip(map(id, turn.answers), _places(turn.answers), strict=True))
    apart = (*(disagreeing(reply.answers) or reply.answers[:1]), *reply.disputed)
    apart = apart if len(apart) > 1 else ()
    first = _sides(turn, apart, placed) if apart else _answer(turn, reply.answers[0], placed[id(reply.answers[0])])
    shown = {id(answer) for answer in (*apart, reply.answers[0])}
    folded = [_answer(turn, answer, placed[id(answer)]) for answer in reply.answers if id(answer) not in shown]
    if not folded:
        return first
    summary = f"<summary>Other possible answers ({len(folded)})</summary>"
    return f'{first}<details class="others">{summary}{"".join(folded)}</details>'


def _places(answers: tuple[Answer, ...]) -> list[int]:
    """The place of each answer's first quote among all quotes of the turn."""
    counts = [len(answer.quotes) for answer in answers]
    return [sum(counts[:number]) for number in range(len(counts))]


def _sides(turn: ConversationTurn, apart: tuple[Answer, ...], placed: Mapping[int, int]) -> str:
    """Answers that contradict one another, the earliest published first."""
    values = " / ".join(f"<bdi>{escaped(shortened(in_full(answer.quotes[0]), 60))}</bdi>" for answer in apart)
    oldest_first = sorted(apart, key=lambda answer: answer.quotes[0].published or "9999")
    sides = "".join(_answer(turn, answer, placed[id(answer)], dated=True) for answer in oldest_first)
    return (
        f'<section class="card disagreement"><h3>Sources disagree: {values}</h3><div class="sides">{sides}</div>'
        "</section>"
    )


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words and a number; never a certainty."""
    words = next((words for least, words in _SURE if confidence >= least), "uncertain")
    return f"{words} · {_percent(confidence)}\N{NO-BREAK SPACE}%"


def _percent(confidence: float) -> int:
    return min(int(100 * confidence + 0.5), 99)


def source_line(excerpt: Excerpt) -> str:
    """Title, outlet, date and page of an excerpt as HTML, those that are known."""
    page = f"page {excerpt.page}" if excerpt.page else None
    rest = "".join(f" · <bdi>{escaped(part)}</bdi>" for part in (excerpt.outlet, excerpt.published, page) if part)
    return f'<span class="source-line"><cite dir="auto">{escaped(excerpt.title)}</cite>{rest}</span>'


def _answer(turn: ConversationTurn, answer: Answer, place: int, *, dated: bool = False) -> str:
    best, *more = answer.quotes
    address = ExcerptAddress(turn.number, place)
    date = f'<p class="dated">{_date(best)}</p>' if dated else ""
    quotes = f"<blockquote>{_quote(turn, best, address)}</blockquote>"
    if more:
        items = "".join(
            f"<li>{_quote(turn, quote, ExcerptAddress(turn.number, place + index))}</li>"
            for index, quote in enumerate(more, start=1)
        )
        quotes += f'<p class="also">Also said here</p><ul class="more-quotes">{items}</ul>'
    return f'<article class="card answer">{date}{_header(answer, address)}{quotes}{_judging(turn, address)}</article>'


def _header(answer: Answer, address: ExcerptAddress) -> str:
    count = agreeing(answer)
    agree = f'<span class="agree">{count} articles say so</span>' if count > 1 else ""
    return f"<header><h3>Quote</h3>{_confidence(answer.confidence, address)}{agree}</header>"


def _confidence(confidence: float, address: ExcerptAddress) -> str:
    """How sure, with what that means for whoever points at it or comes to it by keyboard."""
    hundred = _percent(confidence)
    tip = (
        f"Measured on questions with known answers: of 100 answers given with this confidence, about {hundred} were "
        "right. That the words stand in the article is checked each time; that they answer is for you to judge."
    )
    name = f"sure-{address}".replace(".", "-")
    return (
        f'<span class="confidence" tabindex="0" aria-describedby="{name}">{confidence_words(confidence)}'
        f'<span class="tip" role="tooltip" id="{name}">{tip}</span></span>'
    )


def _date(quote: Quote) -> str:
    known = " · ".join(f"<bdi>{escaped(part)}</bdi>" for part in (quote.published, quote.outlet) if part)
    return known or "No date"


def _quote(turn: ConversationTurn, quote: Quote, address: ExcerptAddress) -> str:
    words = marked(
        quote.context.text, Span(quote.start, quote.end).shift(-quote.context.start), _WIDEST_CONTEXT
    )  # cut by code points
    return _button("quote-button", address, words, quote, turn) + _standing(turn, address) + _also_in(quote)


def _standing(turn: ConversationTurn, address: ExcerptAddress) -> str:
    standing = turn.standings.get(address.place)
    if standing is None or standing not in _STANDINGS:
        return ""
    return f'<p class="standing {standing}">{_STANDINGS[standing]}</p>'


def _also_in(quote: Quote) -> str:
    """Where else its story is printed."""
    names = ", ".join(f"<bdi>{escaped(name)}</bdi>" for name in also_in(quote))
    return f'<p class="copies">Also in: {names}</p>' if names else ""


def _button(kind: str, address: ExcerptAddress, words: str, excerpt: Excerpt, turn: ConversationTurn) -> str:
    language = language_attribute(turn.languages.get(excerpt.article_id))
    return (
        f'<button type="button" class="{kind}" data-excerpt="{address}">'
        f'<span class="words" dir="auto"{language}>{words}</span>{source_line(excerpt)}'
        '<span class="unseen"> Show it in the article.</span></button>'
    )


def _judging(turn: ConversationTurn, address: ExcerptAddress) -> str:
    """Buttons that keep what the reader thinks of a quote."""
    return _judge_buttons(turn, address.place, {"right": "Right", "wrong": "Wrong"})


def _judge_buttons(turn: ConversationTurn, place: int, verdicts: Mapping[str, str]) -> str:
    judged = turn.judged.get(place)
    buttons = "".join(
        f'<button type="button" class="judge" data-verdict="{verdict}" data-place="{place}" '
        f'aria-pressed="{"true" if verdict == judged else "false"}">{name}</button>'
        for verdict, name in verdicts.items()
    )
    told = f'<span class="kept" role="status">{_JUDGED[judged]}</span>' if judged in _JUDGED else ""
    return f'<div class="judging" role="group" aria-label="Is this right?">{buttons}{told}</div>'


def _abstention(turn: ConversationTurn, reply: Reply) -> str:
    """That the library does not say, and why; what is nearest; what could be asked instead."""
    assert reply.reason is not None
    saying, _, why = _NOTHING_PASSES if reply.reason == "nothing_passes" else WHY[reply.reason].partition(": ")
    detail = f'<p class="why">{escaped(why[:1].upper() + why[1:])}</p>' if why else ""
    judging = ""
    if reply.reason in {"nothing_near", "weak_evidence"}:
        judging = _judge_buttons(turn, NOWHERE, {"nothing": "Right, it does not say"})
    return (
        f'<article class="card abstention"><h3>{escaped(saying.rstrip("."))}.</h3>{detail}'
        f"{_instead(turn)}{_nearest(turn, reply)}{judging}</article>"
    )


def _instead(turn: ConversationTurn) -> str:
    items = "".join(f"<li>{example_html(question)}</li>" for question in turn.instead)
    return f'<div class="instead"><h4>The library does answer</h4><ul>{items}</ul></div>' if items else ""


def _nearest(turn: ConversationTurn, reply: Reply) -> str:
    if not reply.related:
        return ""
    items = ""
    for place, one in enumerate(reply.related):
        address = ExcerptAddress(turn.number, place)
        button = _button("passage-button", address, _snippet(one), one, turn)
        items += f"<li>{button}{_standing(turn, address)}</li>"
    return (
        '<div class="nearest"><h4>Nearest passages <strong class="no-answer">not an answer</strong></h4>'
        f"<ul>{items}</ul></div>"
    )


def _snippet(passage: Related) -> str:
    return escaped(shortened(passage.text, _LONGEST_SNIPPET))
