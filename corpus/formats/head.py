"""The head of an article: which of its first lines state the title, the day, the authors, the outlet.

A line that was taken over as a fact is no part of the text any more; everything else stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.draft import SourceFacts
from corpus.formats.facts import byline_names, iso_date

_REACH = 14  # lines that can belong to a head
_LONG = 320  # characters of a paragraph that is surely body
_TITLE = 180
_DATE_LINE = 160
_BODY_LINES = 3  # title, standfirst and one more may stand before a date or byline
_OUTLET_WORD = re.compile(
    r"\b(?:post|times|news|herald|tribune|guardian|journal|gazette|press|reuters|afp|bbc|cnn|npr|telegraph|independent|"
    r"mail|express|mirror|star|chronicle|observer|standard|daily|weekly|magazine|radio|tv|review|economist|bloomberg|"
    r"monde|figaro|spiegel|zeitung|welt|país|mundo|wire|blog|gazeta|tagblatt|anzeiger|libération|courier|courrier|bulletin)\b"
    r"|\.(?:com|org|net|info|fr|de|es|co\.uk)\b",
    re.IGNORECASE,
)
_LETTER_OF = re.compile(r"[A-Z].{2,60} (?:newsletter|bulletin|magazine)", re.IGNORECASE)
_LEAD_AND_DATE = re.compile(r"(?P<lead>[^,|•·]{2,60}?(?:, [A-Z][\w. ]+)?)\s*[,|•·]\s*(?P<date>\S.*)")
_ISSUED = re.compile(r"(?:issued|released|published|posted) by .{2,80}? on (?P<date>\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that holds words: `text` is what stands at `start:end`, without the white space around it.

    `alone` says that it is no part of a hard-wrapped paragraph.
    """

    start: int
    end: int
    text: str
    alone: bool


def lines_of(text: str) -> list[TextLine]:
    """The lines of a text that hold words, in order."""
    found: list[TextLine] = []
    previous, start = "", 0  # the line before, blank or not
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            left = start + raw.index(words)
            wrapped = len(previous) > 50 and previous[-1:] not in '.!?:…"”»’)]'
            found.append(TextLine(left, left + len(words), words, not wrapped))
        previous, start = words, start + len(raw) + 1
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """The facts after reading the head, and the indices of the lines that state them."""

    facts: SourceFacts
    taken: frozenset[int]


def read_head(lines: Sequence[TextLine], facts: SourceFacts) -> Head:
    """What the first lines of an article state; known facts are kept and only their gaps filled."""
    window = _window(lines)
    dates = {index: day for index, line in enumerate(window) if (day := _day(line.text))}
    bylines = {index: names for index, line in enumerate(window) if (names := byline_names(line.text))}
    if _is_timeline(lines) and dates:
        dates = {index: day for index, day in dates.items() if day == facts.published}
    named = {index for index, line in enumerate(window) if _same(line.text, facts.title, facts.outlet)}
    marked = dates.keys() | bylines.keys() | named
    end = _end(window, marked)
    taken = {index for index in named | dates.keys() if index < end}
    if not facts.published:
        facts = replace(facts, published=next((day for index, day in dates.items() if index < end), None))
    for index, names in bylines.items():
        if index < end and (not facts.authors or _fold(names) <= _fold(facts.authors)):
            facts = replace(facts, authors=facts.authors or names)
            taken.add(index)
    facts, taken = _with_title(lines, facts, taken, end)
    facts, taken = _with_outlet(window, facts, taken, dates.keys() | bylines.keys())
    return Head(facts, frozenset(taken))


def same_words(one: str, other: str) -> bool:
    """Whether two lines have the same letters and digits, whatever their case and punctuation."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _window(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    for index, line in enumerate(lines[:_REACH]):
        if len(line.text) > _LONG:
            return lines[:index]
    return lines[:_REACH]


def _end(window: Sequence[TextLine], marked: set[int]) -> int:
    """The number of lines from the top to the last marked one that still belongs to the head."""
    end = others = 0
    for index in range(len(window)):
        if index in marked:
            end = index + 1
        else:
            others += 1
        if others > _BODY_LINES:
            break
    return end


def _day(text: str) -> str | None:
    """The day a line states, alone or after a place in capitals, an outlet's name or "Issued by ... on"."""
    return (iso_date(text) or _later_day(text)) if len(text) <= _DATE_LINE else None


def _later_day(text: str) -> str | None:
    lead = _LEAD_AND_DATE.fullmatch(text)
    if lead and (lead["lead"].isupper() or _looks_like_outlet(lead["lead"])):
        return iso_date(lead["date"])
    issued = _ISSUED.fullmatch(text)
    return iso_date(issued["date"]) if issued else None


def _is_timeline(lines: Sequence[TextLine]) -> bool:
    """Whether days are headings of the body, so that dropping them would lose words."""
    short = (line.text for line in lines[:200] if len(line.text) <= 60)
    return len({day for text in short if (day := iso_date(text))}) >= 3


def _with_title(
    lines: Sequence[TextLine], facts: SourceFacts, taken: set[int], end: int
) -> tuple[SourceFacts, set[int]]:
    if facts.title:
        return facts, taken
    fit = [
        index
        for index, line in enumerate(lines[: max(end, 1)])
        if index not in taken and line.alone and _is_title(line.text) and (end or _stands_over_text(lines, index))
    ]
    if not fit:
        return facts, taken
    chosen = next((index for index in fit if not _looks_like_outlet(lines[index].text)), fit[0])
    return replace(facts, title=" ".join(lines[chosen].text.split())), taken | {chosen}


def _is_title(text: str) -> bool:
    return (
        4 <= len(text) <= _TITLE
        and text[-1] not in ".,;:…"
        and re.match(r"[\w\"'“‘«¿¡(]", text) is not None
        and " " in text
        and not text.startswith(("((", "http"))
        and not byline_names(text)
        and _day(text) is None
    )


def _stands_over_text(lines: Sequence[TextLine], index: int) -> bool:
    """Whether a line is followed by a blank line and more text."""
    return index + 1 < len(lines) and lines[index + 1].start - lines[index].end >= 2


def _with_outlet(
    window: Sequence[TextLine], facts: SourceFacts, taken: set[int], marks: set[int]
) -> tuple[SourceFacts, set[int]]:
    """An outlet's name stands beside the date or byline, on a line of its own."""
    if facts.outlet:
        return facts, taken
    for index, line in enumerate(window):
        lead = _LEAD_AND_DATE.fullmatch(line.text)
        if lead and index in marks and _looks_like_outlet(lead["lead"]):
            return replace(facts, outlet=lead["lead"]), taken | {index}
        beside = (index - 1 in marks) + (index + 1 in marks)
        if index not in taken and beside and (_looks_like_outlet(line.text) or (beside == 2 and _is_name(line.text))):
            return replace(facts, outlet=line.text), taken | {index}
    return facts, taken


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        len(text) <= 40 and len(words) <= 5 and text[-1].isalnum() and words[0][0].isupper() and words[-1][0].isupper()
    )


def _looks_like_outlet(text: str) -> bool:
    if re.search(r"\d", text):
        return False
    return _LETTER_OF.fullmatch(text) is not None or (_is_name(text) and _OUTLET_WORD.search(text) is not None)


def _same(text: str, title: str | None, outlet: str | None) -> bool:
    if title and outlet and same_words(text, title + outlet):
        return True
    return any(name is not None and same_words(text, name) for name in (title, outlet))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _fold(names: Sequence[str]) -> set[str]:
    return {_letters(name) for name in names}
