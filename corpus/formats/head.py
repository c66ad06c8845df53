"""The head of an article: the first lines that state its title, date, authors and outlet.

Lines whose fact is taken over are dropped from the text; all others stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from corpus.draft import SourceFacts
from corpus.facts.names import byline
from corpus.formats.fact_line import FactLine, fact_line, is_name, is_outlet

_MAX_LINES = 14  # of a head
_MAX_LINE = 320  # characters; a longer paragraph is body
_MAX_TITLE = 180  # characters
_MAX_OTHER_LINES = 3  # title, standfirst and one more may stand before a date or byline
_MAX_FOOT = 3  # lines at the end of an article that may say when it was published
_END_OF_SENTENCE = re.compile(r"(?<=[^\W\d_]{3}\.)\s+(?=[^\W\d_])")
_MAX_HEADING = 60  # characters of a date that heads a part of the text
_MOST_HEADINGS = 2_000  # lines in which such are looked for


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
    """The facts in the first lines of an article; facts that are known already stay.

    A line is taken from the text only where all that it holds is a fact of the article.
    """
    window = list(takewhile(lambda line: len(line.text) <= _MAX_LINE, lines[:_MAX_LINES]))
    rows = _rows(lines[: _MAX_LINES + 1])
    stated = {
        index: fact
        for index, line in enumerate(window)
        if index not in rows and (fact := fact_line(line.text)) != FactLine()
    }
    if _has_several_days(lines):
        stated = {index: fact for index, fact in stated.items() if not fact.is_plain or fact.day == facts.published}
    named = {index for index, line in enumerate(window) if _same(line.text, facts.title, facts.outlet)}
    end = _end(window, stated.keys() | named)
    stated = {index: fact for index, fact in stated.items() if index < end}
    facts = _with_facts(facts, list(stated.values()), lines)
    marks = {index for index, fact in stated.items() if fact.day or fact.names}
    taken = {index for index in named if index < end} | {
        index for index, fact in stated.items() if _is_taken(fact, facts)
    }
    if not facts.title and (title_at := _title_line(lines, taken, end)) is not None:
        facts = replace(facts, title=" ".join(lines[title_at].text.split()))
        taken.add(title_at)
    if not facts.outlet and (found := _outlet_line(window, taken, marks)):
        facts = replace(facts, outlet=found[1])
        taken |= {found[0]} | {index for index, fact in stated.items() if _is_taken(fact, facts)}
    return Head(facts, frozenset(taken))


def _rows(lines: Sequence[TextLine]) -> set[int]:
    """The lines that are rows of a table: with bars, and one below the other."""
    found: set[int] = set()
    for index, (line, after) in enumerate(pairwise(lines)):
        if " | " in line.text and " | " in after.text and after.start - line.end == 1:
            found |= {index, index + 1}
    return found


def _with_facts(facts: SourceFacts, stated: Sequence[FactLine], lines: Sequence[TextLine]) -> SourceFacts:
    """The facts with those that lines of the head state: a date with a label before one without."""
    days = [one.day for one in stated if one.day and one.is_labelled] + [one.day for one in stated if one.day]
    opening = next((line for line in lines[:_MAX_LINES] if len(line.text) > _MAX_LINE), None)
    if not any(one.is_labelled for one in stated):  # the foot of the article may say it
        foot = [
            fact_line(part) for line in lines[-_MAX_FOOT:] for part in _END_OF_SENTENCE.split(line.text[:_MAX_LINE])
        ]
        days = [one.day for one in foot if one.day and one.is_labelled] + days
    if not days and opening is not None and (day := fact_line(opening.text).day):
        days = [day]
    return replace(
        facts,
        published=facts.published or next(iter(days), None),
        authors=facts.authors or next((one.names for one in stated if one.names), ()),
        outlet=facts.outlet or next((one.outlet for one in stated if one.outlet), None),
    )


def _is_taken(fact: FactLine, facts: SourceFacts) -> bool:
    """Whether all that a line holds is a fact of the article."""
    return (
        fact.is_whole
        and fact.day in (None, facts.published)
        and _fold(fact.names) <= _fold(facts.authors)
        and (fact.outlet is None or (facts.outlet is not None and same_words(fact.outlet, facts.outlet)))
    )


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


def _has_several_days(lines: Sequence[TextLine]) -> bool:
    """Whether dates are headings of the body, as in a diary, which must not be dropped and date no article."""
    short = (line.text for line in lines[:_MOST_HEADINGS] if len(line.text) <= _MAX_HEADING)
    days: set[str] = set()
    for text in short:
        if any(map(str.isdigit, text)) and (fact := fact_line(text)).is_plain and fact.day:
            days.add(fact.day)
        if len(days) > 1:
            return True
    return False


def _title_line(lines: Sequence[TextLine], taken: set[int], end: int) -> int | None:
    """The index of the line that is the title, preferably one that is not an outlet's name."""
    candidates = [
        index
        for index, line in enumerate(lines[: max(end, 1)])
        if index not in taken and line.alone and _is_title(line.text) and (end or _stands_over_text(lines, index))
    ]
    titles = (index for index in candidates if not is_outlet(lines[index].text))
    return next(titles, candidates[0] if candidates else None)


def _is_title(text: str) -> bool:
    return (
        4 <= len(text) <= _MAX_TITLE
        and text[-1] not in ".,;:…"
        and re.match(r"[\w\"'“‘«¿¡(]", text) is not None
        and " " in text
        and not text.startswith(("((", "http"))
        and not byline(text).names
        and fact_line(text) == FactLine()
    )


def _stands_over_text(lines: Sequence[TextLine], index: int) -> bool:
    return index + 1 < len(lines) and lines[index + 1].start - lines[index].end >= 2


def _outlet_line(window: Sequence[TextLine], taken: set[int], marks: set[int]) -> tuple[int, str] | None:
    """The index of a line beside the date or the byline that is the outlet's name, with the name."""
    for index, line in enumerate(window):
        beside = (index - 1 in marks) + (index + 1 in marks)
        if index not in taken | marks and beside and (is_outlet(line.text) or (beside == 2 and is_name(line.text))):
            return index, line.text
    return None


def _same(text: str, title: str | None, outlet: str | None) -> bool:
    if title and outlet and same_words(text, title + outlet):
        return True
    return any(name is not None and same_words(text, name) for name in (title, outlet))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _fold(names: Sequence[str]) -> set[str]:
    return {_letters(name) for name in names}
