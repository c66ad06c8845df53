"""The head of an article: the first lines that state its title, date, authors and outlet.

Lines whose fact is taken over are dropped from the text; all others stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from corpus.draft import SourceFacts
from corpus.formats.facts import byline_names, iso_date

_MAX_LINES = 14  # of a head
_MAX_LINE = 320  # characters; a longer paragraph is body
_MAX_TITLE = 180  # characters
_MAX_DATE_LINE = 160  # characters
_MAX_OTHER_LINES = 3  # title, standfirst and one more may stand before a date or byline
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
    """A line with words: `text` is at `start:end`, without the white space around it.

    `alone` says that the line is no part of a hard-wrapped paragraph.
    """

    start: int
    end: int
    text: str
    alone: bool


def lines_of(text: str) -> list[TextLine]:
    """The lines of a text that have words, in order."""
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
    """The facts with those of the head, and the indices of the lines that state them."""

    facts: SourceFacts
    lines: frozenset[int]


def read_head(lines: Sequence[TextLine], facts: SourceFacts) -> Head:
    """The facts in the first lines of an article; facts that are known already stay."""
    window = list(takewhile(lambda line: len(line.text) <= _MAX_LINE, lines[:_MAX_LINES]))
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
    if not facts.title and (title_at := _title_line(lines, taken, end)) is not None:
        facts = replace(facts, title=" ".join(lines[title_at].text.split()))
        taken.add(title_at)
    if not facts.outlet and (found := _outlet_line(window, taken, dates.keys() | bylines.keys())):
        facts = replace(facts, outlet=found[1])
        taken.add(found[0])
    return Head(facts, frozenset(taken))


def same_words(one: str, other: str) -> bool:
    """Whether two lines have the same letters and digits, whatever their case and punctuation."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _end(window: Sequence[TextLine], marked: set[int]) -> int:
    """The number of lines up to the last marked one that is part of the head."""
    end = others = 0
    for index in range(len(window)):
        if index in marked:
            end = index + 1
        else:
            others += 1
        if others > _MAX_OTHER_LINES:
            break
    return end


def _day(text: str) -> str | None:
    """The date that a line states, alone or after a place in capitals, an outlet's name or "Issued by ... on"."""
    return (iso_date(text) or _later_day(text)) if len(text) <= _MAX_DATE_LINE else None


def _later_day(text: str) -> str | None:
    lead = _LEAD_AND_DATE.fullmatch(text)
    if lead and (lead["lead"].isupper() or _is_outlet(lead["lead"])):
        return iso_date(lead["date"])
    issued = _ISSUED.fullmatch(text)
    return iso_date(issued["date"]) if issued else None


def _is_timeline(lines: Sequence[TextLine]) -> bool:
    """Whether dates are headings of the body, which must not be dropped."""
    short = (line.text for line in lines[:200] if len(line.text) <= 60)
    return len({day for text in short if (day := iso_date(text))}) >= 3


def _title_line(lines: Sequence[TextLine], taken: set[int], end: int) -> int | None:
    """The index of the line that is the title, preferably one that is not an outlet's name."""
    candidates = [
        index
        for index, line in enumerate(lines[: max(end, 1)])
        if index not in taken and line.alone and _is_title(line.text) and (end or _stands_over_text(lines, index))
    ]
    titles = (index for index in candidates if not _is_outlet(lines[index].text))
    return next(titles, candidates[0] if candidates else None)


def _is_title(text: str) -> bool:
    return (
        4 <= len(text) <= _MAX_TITLE
        and text[-1] not in ".,;:…"
        and re.match(r"[\w\"'“‘«¿¡(]", text) is not None
        and " " in text
        and not text.startswith(("((", "http"))
        and not byline_names(text)
        and _day(text) is None
    )


def _stands_over_text(lines: Sequence[TextLine], index: int) -> bool:
    return index + 1 < len(lines) and lines[index + 1].start - lines[index].end >= 2


def _outlet_line(window: Sequence[TextLine], taken: set[int], marks: set[int]) -> tuple[int, str] | None:
    """The index of the line that names the outlet, with the name: at the date or byline, or on a line beside it."""
    for index, line in enumerate(window):
        lead = _LEAD_AND_DATE.fullmatch(line.text)
        if lead and index in marks and _is_outlet(lead["lead"]):
            return index, lead["lead"]
        beside = (index - 1 in marks) + (index + 1 in marks)
        if index not in taken and beside and (_is_outlet(line.text) or (beside == 2 and _is_name(line.text))):
            return index, line.text
    return None


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        len(text) <= 40 and len(words) <= 5 and text[-1].isalnum() and words[0][0].isupper() and words[-1][0].isupper()
    )


def _is_outlet(text: str) -> bool:
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
