"""Lists as answers: the items of the enumeration that a span is of, each a span of its own.

An enumeration stands in one sentence or cell ("Ann Berg, Carl Dorn and Eve Holm"), or on the lines of one list. A span
that is one is told apart into its items. A question that asks for several ("Which countries signed?") gets the whole
enumeration where the reader named a part of it; how far the outer items reach is read from the logits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from corpus.article import Span
from corpus.sentences import sentences_around, trimmed
from rag.reader.decode import Logits, ScoredSpan, SpanTokens
from rag.reader.enumeration import (
    ListPiece,
    are_items,
    conjunctions,
    is_parted,
    items,
    kind,
    lines,
    pieces,
    with_note,
)
from rag.reader.question_type import asked_count, asks_for_several

_MOST_ITEMS = 40
_MOST_WORDS = 10  # of an item in a sentence
_LONGEST = 1_200  # characters from the first item to the last
_FAR = 6.0  # logits by which the edge of an item that is added may be below that of the reader's own span

_OF_PERSON_OR_PLACE = re.compile(r"\b(?:who|whom|where|when)\b")
_OF_NUMBER = re.compile(r"\bhow (?:many|much)\b")
_EXCEPT = re.compile(r"\b(?:besides|apart from|other than|except|along with|in addition to|as well as)\b")
_FIRM = re.compile(r"(?:Co|Company|Sons?|Brothers|Bros|Partners|Associates)\b\.?")
_NO_ITEM = re.compile(  # a clause
    r"(?:which|who|whom|whose|that|where|when|while|so|but|if|because|from|through|thus|then|he|she|it|they|we|is|are"
    r"|was|were|has|have|had|although|though|as|not|also|such|among|with)\b"
)


def as_list(scored: ScoredSpan, part: SpanTokens, logits: Logits, question: str) -> ScoredSpan:
    """The span with the items of the list that it is, or is a part of; unchanged where it is none.

    `logits` are those of the part's tokens, (tokens, 2).
    """
    text, several = part.text, asks_for_several(question)
    if not several and not is_parted(scored.span.cut(text)):
        return scored
    found = lines(text, scored.span) if several else []
    if not _fits(found, question):
        found = _in_sentence(scored.span, part, logits, question)
    found = _not_excepted(text, found, question)
    if not found or found[-1].end - found[0].start > _LONGEST:
        return scored
    return replace(scored, span=with_note(text, found), items=tuple(found))


def _fits(found: Sequence[Span], question: str) -> bool:
    """Whether the lines of a list may all be meant: as many as the question asks for, if it says how many."""
    return 2 <= len(found) <= _MOST_ITEMS and asked_count(question) in {None, len(found)}


def _not_excepted(text: str, found: list[Span], question: str) -> list[Span]:
    """The items without those that the question sets apart: "besides Norway"."""
    asked = question.casefold()
    others = [item for item in found if item.cut(text).casefold() not in asked] if _EXCEPT.search(asked) else found
    return others if len(others) > 1 else found


def _in_sentence(span: Span, part: SpanTokens, logits: Logits, question: str) -> list[Span]:
    """The items of the enumeration in the span's sentence; none where it is in none that may answer the question."""
    stretch = _stretch(span, part)
    if stretch is None:
        return []
    text, parts = part.text, list(pieces(part.text, stretch))
    own = Span(span.start, min(span.end, stretch.end))
    found = items(text, own, parts)
    if asks_for_several(question) and not _is_complete(found, parts, question):
        every = items(text, _widened(own, parts, part, logits), parts)
        others = _not_excepted(text, every, question)
        added = [item.cut(text).casefold() for item in others if not item.overlaps(own)]
        # Of what the question names itself it asks for the rest.
        if added and _are_alike(text, every, parts, question) and not any(map(question.casefold().__contains__, added)):
            found = others
    return found if _may_answer(text, found, parts, question) else []


def _stretch(span: Span, part: SpanTokens) -> Span | None:
    """The sentence in which a span begins, as far as its part and its window reach."""
    within = (n for n, (start, end) in enumerate(part.places) if span.start <= start < end <= span.end)
    first = next((n for n in within if part.parts[n] >= 0), None)
    if first is None:
        return None
    same = np.flatnonzero(part.parts == part.parts[first])
    start, end = part.places[int(same[0])][0], part.places[int(same[-1])][1]
    sentence = sentences_around(part.text, Span(span.start, span.start + 1))
    start, end = max(sentence.start, start), min(sentence.end, end)
    return trimmed(part.text, start, end) if start <= span.start < end else None


def _is_complete(found: Sequence[Span], parts: Sequence[ListPiece], question: str) -> bool:
    """Whether nothing is missing: there are as many items as are asked for, or the last of several is among them."""
    count = asked_count(question)
    return (count is not None and len(found) >= count) or (len(found) > 1 and conjunctions(found, parts) > 0)


def _are_alike(text: str, found: Sequence[Span], parts: Sequence[ListPiece], question: str) -> bool:
    """Whether items are surely of one enumeration: of one kind, with one conjunction, before the last."""
    words = [item.cut(text) for item in found]
    kinds = {kind(one) for one in words}
    if len(kinds) > 1 or any(map(_NO_ITEM.match, words)) or not are_items(words) or conjunctions(found, parts) != 1:
        return False
    return len(found) > 2 or kinds != {"phrase"} or len(found) == asked_count(question)


def _may_answer(text: str, found: Sequence[Span], parts: Sequence[ListPiece], question: str) -> bool:
    """Whether items are a list and no name or sentence that has a comma or an "and" in it."""
    words = [item.cut(text) for item in found]
    if not 2 <= len(found) <= _MOST_ITEMS or any(len(one.split()) > _MOST_WORDS for one in words):
        return False
    if not are_items(words):
        return False
    several, many = asks_for_several(question), len(found) > 2
    by_semicolons = text.count(";", found[0].start, found[-1].end) >= len(found) - 1
    if not by_semicolons and not conjunctions(found, parts) and not (several and many):
        return False
    kinds = {kind(one) for one in words}
    if several:
        return many or len(kinds) == 1
    is_one_number = kinds == {"number"} and _OF_NUMBER.search(question.casefold())
    if is_one_number or len(kinds) > 1 or any(_NO_ITEM.match(one) or _FIRM.fullmatch(one) for one in words):
        return False
    return many or (kinds != {"phrase"} and bool(_OF_PERSON_OR_PLACE.search(question.casefold())))


def _widened(span: Span, parts: Sequence[ListPiece], part: SpanTokens, logits: Logits) -> Span:
    """The span with the pieces beside it that are of its kind, the outer ones cut where the logits are highest."""
    inside = [number for number, piece in enumerate(parts) if piece.span.overlaps(span)]
    if not inside:
        return span
    last = parts[inside[-1]].span
    alike = kind(part.text[max(last.start, span.start) : min(last.end, span.end)])

    def is_item(start: int, end: int) -> bool:
        words = part.text[start:end]
        return len(words.split()) <= _MOST_WORDS and kind(words) == alike

    places = list(zip(part.places, logits.tolist(), part.opens, part.closes, strict=True))
    ends = {place[1]: scores[1] for place, scores, _, closes in places if closes}
    starts = {place[0]: scores[0] for place, scores, opens, _ in places if opens}
    return Span(
        _first_start(span.start, parts, inside[0], starts, is_item),
        _last_end(span.end, parts, inside[-1], ends, is_item),
    )


def _last_end(
    end: int, parts: Sequence[ListPiece], number: int, ends: Mapping[int, float], is_item: Callable[[int, int], bool]
) -> int:
    """Where the enumeration ends that goes on behind a piece: with the item behind the conjunction."""
    least = ends.get(end, 0.0) - _FAR
    while not parts[number].joined and end == parts[number].span.end and number + 1 < len(parts):
        number += 1
        piece = parts[number].span
        fitting = [at for at, score in ends.items() if piece.start < at <= piece.end and score >= least
                   and is_item(piece.start, at)]  # fmt: skip
        if not fitting:
            break
        goes_on = not parts[number].joined and number + 1 < len(parts) and piece.end in fitting
        end = piece.end if goes_on else max(fitting, key=ends.__getitem__)
    return end


def _first_start(
    start: int,
    parts: Sequence[ListPiece],
    number: int,
    starts: Mapping[int, float],
    is_item: Callable[[int, int], bool],
) -> int:
    """Where the enumeration begins of which a piece is not the first item."""
    least, own = starts.get(start, 0.0) - _FAR, number
    while start == parts[number].span.start and number > 0 and (number == own or not parts[number].joined):
        number -= 1
        piece = parts[number].span
        fitting = [at for at, score in starts.items() if piece.start <= at < piece.end and score >= least
                   and is_item(at, piece.end)]  # fmt: skip
        if not fitting:
            break
        start = max(fitting, key=starts.__getitem__)
    return start
