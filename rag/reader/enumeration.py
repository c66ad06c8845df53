"""Enumerations in a text: what stands between commas, semicolons and conjunctions, and of what kind it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.article import Span
from corpus.sentences import blocks, is_item, trimmed, without_mark

_SHORT_LINE = 80  # characters of a line that is an item without a mark

_CONJUNCTION = r"(?:and|or|as well as|&)"
_SEPARATOR = re.compile(
    rf"(?<!\s)\s*+[,;]\s++(?!(?:Jr|Sr|Inc|Ltd|LLC)\b)(?P<join>{_CONJUNCTION}\s+)?|(?<!\s)\s++(?P<joined>{_CONJUNCTION})\s+"
)
_CLOSED = re.compile(  # no separator stands in these
    r"\([^()\n]*\)|\[[^\[\]\n]*\]|“[^”\n]*”|«[^»\n]*»|\"[^\"\n]*\"|``[^`\n]*''|\b[A-Z][a-z]+\.? \d{1,2}, \d{4}\b"
)
_OF_A_FIRM = re.compile(r"\b[A-ZÀ-Þ][\w.'’-]*\s&\s(?=[A-ZÀ-Þ])")  # "Procter & Gamble" is one name
_ENDS_OPEN = re.compile(rf"\s{_CONJUNCTION}\Z")
_PREPOSITION = re.compile(
    r"(?:for|at|in|on|by|from|to|of|with|without|under|over|after|before|during|until|since|about|between|through)\s"
)
_NOTE_BEHIND = re.compile(r"[^\S\n]*\([^()|\t\n]*\)")
_NOTE = re.compile(r"(?<!\s)\s*+(?:\([^()]*\)|\[[^\[\]]*\])\Z")
_LEAD = re.compile(r"(?:both|either|namely|including|then|also)\s+")
_BEHIND_NAMES = re.compile(r"\s++(?:[–—-]|(?:in|on|at|as|for|from|by|to|who|which|with|during)\b)")
_LOWER_IN_NAMES = frozenset("of the a an de la le van von der den di da du del al el y bin and for in on to".split())
_MARKS = "\"'“”‘’`«»(),.:;"
_ITEM_END = " \u00a0.,;:"
_BEHIND_LEAD = re.compile(r"(?<!\s)(?:\s*+[:,(]|\s++[–—-]\s)")  # what parts the name in a line from what is said of it
_WORD = re.compile(r"\S+")

Kind = Literal["name", "number", "phrase"]


@dataclass(frozen=True, slots=True)
class ListPiece:
    """A stretch of a sentence between separators, and whether a conjunction stands before it."""

    span: Span
    joined: bool


def pieces(text: str, stretch: Span) -> Iterator[ListPiece]:
    """The pieces of a stretch of the text; none is parted within brackets, quotation marks, a date or a firm's name."""
    closed = [match.span() for one in (_CLOSED, _OF_A_FIRM) for match in one.finditer(text, stretch.start, stretch.end)]
    start, joined = stretch.start, False
    for match in _SEPARATOR.finditer(text, stretch.start, stretch.end):
        if any(first < match.end() and match.start() < last for first, last in closed):
            continue
        if start < match.start():
            yield ListPiece(Span(start, match.start()), joined)
        start, joined = match.end(), bool(match["join"] or match["joined"])
    if start < stretch.end:
        yield ListPiece(Span(start, stretch.end), joined)


def is_parted(words: str) -> bool:
    """Whether words have a comma, a semicolon or a conjunction between them."""
    return _SEPARATOR.search(words) is not None


def are_items(words: Sequence[str]) -> bool:
    """Whether no words are only a piece of a sentence: they end in a conjunction, or begin with a preposition.

    All may begin with one, or the first alone: "in Oslo and in Hull", "for cooking and cleaning".
    """
    led = [bool(_PREPOSITION.match(one)) for one in words]
    return (all(led) or not any(led[1:])) and not any(map(_ENDS_OPEN.search, words))


def with_note(text: str, found: Sequence[Span]) -> Span:
    """From the first item to the last; with what stands in brackets behind the last, if other items have such notes."""
    notes = [_NOTE_BEHIND.match(text, item.end) for item in found]
    last = notes.pop()
    return Span(found[0].start, last.end() if last and any(notes) else found[-1].end)


def conjunctions(items: Sequence[Span], parts: Iterable[ListPiece]) -> int:
    """How many conjunctions stand between the items."""
    return sum(part.joined and items[0].end <= part.span.start <= items[-1].end for part in parts) if items else 0


def kind(words: str) -> Kind | None:
    """Whether words are a name, begin with a number, or are another phrase; None where there are no words."""
    found = [word for one in _NOTE.sub("", words).split() if (word := one.strip(_MARKS))]
    if not found:
        return None
    if found[0][0].isdigit() or found[0][0] in "$£€¥":
        return "number"
    telling = [word for word in found if word not in _LOWER_IN_NAMES]
    is_name = bool(telling) and all(word[0].isupper() or word[0].isdigit() for word in telling)
    return "name" if is_name else "phrase"


def items(text: str, span: Span, parts: Iterable[ListPiece]) -> list[Span]:
    """What stands in a span between separators, without notes in brackets behind it.

    Among names the first and the last lose what is said before and behind them: "the boats Ann Berg and Eve Holm".
    """
    within = (Span(max(part.span.start, span.start), min(part.span.end, span.end))
              for part in parts if part.span.overlaps(span))  # fmt: skip
    found = [item for one in within if (item := _bare(text, one))]
    kinds = [kind(item.cut(text)) for item in found]
    if kinds[0:1] == ["phrase"] and set(kinds[1:]) == {"name"}:
        found[0] = _names_at_end(text, found[0])
    elif kinds[-1:] == ["phrase"] and set(kinds[:-1]) == {"name"}:
        found[-1] = _names_at_start(text, found[-1])
    return found


def _bare(text: str, piece: Span) -> Span | None:
    """A piece without "both" or the like before it, and without marks and notes behind it."""
    start, end = piece.start, piece.end
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    end = start + len(text[start:end].rstrip(_ITEM_END))
    note = _NOTE.search(text[start:end])
    if note and note.start():
        end = start + note.start()
    return trimmed(text, start, end) if start < end else None


def _names_at_end(text: str, item: Span) -> Span:
    starts = [match.start() for match in _WORD.finditer(text, item.start, item.end) if match[0][0].isupper()]
    return next((Span(at, item.end) for at in starts if kind(text[at : item.end]) == "name"), item)


def _names_at_start(text: str, item: Span) -> Span:
    ends = [match.end() for match in _WORD.finditer(text, item.start, item.end)]
    named = [at for at in ends if kind(text[item.start : at]) == "name" and _BEHIND_NAMES.match(text, at, item.end)]
    return Span(item.start, named[-1]) if named else item


def lines(text: str, span: Span) -> list[Span]:
    """The items of the list on whose lines a span is an item, or that the span's line announces with a colon.

    The lines have marks or numbers, or are short ones below a line that ends in a colon. Where the span is what stands
    in its line before a colon, comma, dash or bracket, so are the others. None where the span is inside an item.
    """
    found = list(blocks(text))
    place = next((number for number, line in enumerate(found) if line.covers(span)), None)
    if place is None:
        return []
    if text[found[place].end - 1] == ":":
        listed = _run(text, found, place + 1)
        return [item for line in listed if (item := _bare(text, without_mark(text, line)))]
    listed = [without_mark(text, line) for line in _run(text, found, place)]
    own = next((line for line in listed if line.covers(span)), None)
    if own is None or span.start != own.start:
        return []
    in_full = not text[span.end : own.end].strip(_ITEM_END)
    if not in_full and not _BEHIND_LEAD.match(text, span.end, own.end):
        return []
    return [item for line in listed if (item := _bare(text, line if in_full else _lead(text, line)))]


def _run(text: str, found: Sequence[Span], place: int) -> list[Span]:
    """The lines of the list that a line is in; none where it is in none."""
    if place >= len(found):
        return []
    marked = is_item(text, found[place])
    first, last = place, place
    while first > 0 and _is_beside(text, found[first - 1], found[first], marked):
        first -= 1
    while last + 1 < len(found) and _is_beside(text, found[last + 1], found[last], marked):
        last += 1
    is_list = marked or (first > 0 and text[found[first - 1].end - 1] == ":")
    return list(found[first : last + 1]) if is_list else []


def _is_beside(text: str, line: Span, neighbour: Span, marked: bool) -> bool:
    """Whether a line may be an item of the list of the line beside it."""
    if marked:
        return is_item(text, line)
    between = text[min(line.end, neighbour.end) : max(line.start, neighbour.start)]
    return between.count("\n") == 1 and line.end - line.start <= _SHORT_LINE and text[line.end - 1] not in ".!?:"


def _lead(text: str, line: Span) -> Span:
    """What stands in a line before what is said of it."""
    behind = _BEHIND_LEAD.search(text, line.start + 1, line.end)
    return Span(line.start, behind.start()) if behind else line
