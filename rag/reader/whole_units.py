"""Spans whose edges cut no unit: a name with its particles and titles, an address, a quantity, a date, a range, a pair
of marks.

A reader seldom cuts one. Where it does, the edge moves to the end of the unit, or a mark without its pair is left out.
What the question names itself, as the year in "In which year", is not missing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.article import Span
from corpus.sentences import trimmed
from rag.reader.addresses import addresses
from rag.reader.boundaries import boundaries
from rag.reader.change import is_changed

_REACH = 80  # characters beyond a span in which a unit that it cuts may begin or end
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", "„": "“", "‘": "’", '"': '"'}
_OPENING = {")": "(", "]": "[", "”": "“", "»": "«", '"': '"'}  # an apostrophe closes nothing
_BRACKETS = "(["
_BEFORE_OPENING = " \u00a0\u202f\n([—–-"

_ABBREVIATED = {"lb": "pounds", "kg": "kilograms", "km": "kilometres", "m": "metres", "ft": "feet", "%": "per"}
_SPACES = " \u00a0\u202f\n"
_GAP = rf"[{_SPACES}]"
_NO_NAME = (
    r"(?!(?:The|An?|In|On|At|By|Of|To|As|For|From|With|When|While|After|Before|Since|Although|Though|If|But|And|Or|So"
    r"|His|Her|Its|Their|Our|My|This|That|These|Those|He|She|It|They|We|I|You|Did|Was|Is|Are|Were|Like|Under|During"
    r"|Unlike|Both|Where|What|Who|How|Why|Then|There|Here|Also|Only|Later|Today|Yesterday)\b(?!\.))"
)
_NAME = rf"(?:{_NO_NAME}[A-ZÀ-ÖØ-Þ](?:(?:[\w-]|['’](?!s\b)(?=\w))*|\.))"
_TITLE = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Mx|Rev|Gen|Col|Maj|Capt|Lt|Sgt|Hon)\b\.?|(?:Sir|Dame|Lord|Lady)\b)"
_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|das|dos|du|la|le|ten|ter|zu|bin|ibn)"
_NUMERAL = r"(?:I{2,3}|I?[VX][IVXL]*)\b"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_FIGURES = r"\d+(?:[.,]\d+)*"
NUMBER = (
    rf"(?:{_FIGURES}|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)\b)"
)
_CURRENCY = rf"(?:(?:\b(?:US|A|C|NZ|HK))?[$£€¥₹]{_GAP}?)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|bn|mn)\b"
MEASURE = (
    r"(?:%|‰|°[CF]?(?!\w)|(?:per ?cent|percentage points?|km/h|mph|km2?|kg|cm|mm|[kMGT]Wh?|[kMGT]B|m2?|ft|lb|miles?"
    r"|(?:kilo|centi|milli)?met(?:er|re)s?|feet|foot|inch(?:es)?|(?:kilo|milli)?grams?|ton(?:ne)?s?|acres?|hectares?"
    r"|lit(?:er|re)s?|degrees|dollars?|euros?|pounds?|pence|cents?|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    r"|decades?|centur(?:y|ies))(?!\w))"
)
_TAIL = rf"(?P<scale>[\n -]{_SCALE})?(?P<measure>{_GAP}?{MEASURE})?"
_SURE_TAIL = rf"(?P<scale>[\n -]{_SCALE})?(?P<measure>{_GAP}?{MEASURE})"
_SIGN = r"(?:(?<![\w)\]])(?<!\d )[-−–+±](?=[$£€¥]?\d))"
_SHORT_RANGE = rf"(?:[–—-]|{_GAP}to{_GAP}|{_GAP}or{_GAP})"

_NAMES = (
    rf"(?:{_NAME}{_GAP}){{0,3}}(?:{_PARTICLE}{_GAP}){{1,2}}{_NAME}",
    rf"(?:{_NAME}{_GAP}){{1,3}}(?:al|el|ad|ar|as|at|ul)-{_NAME}",
    rf"{_TITLE}{_GAP}{_NAME}(?:{_GAP}{_NAME}){{0,3}}",
    rf"(?:{_NAME}{_GAP}){{0,3}}{_NAME}(?:,?{_GAP}[JS]r\b\.?|{_GAP}{_NUMERAL})",
    rf"{_NAME}{_GAP}of{_GAP}(?:the{_GAP})?(?P<own>{_NAME}(?:{_GAP}{_NAME}){{0,2}})",
)
_AMOUNTS = (
    rf"(?![12]\d{{3}}[–—/-]\d){_SIGN}?{_CURRENCY}?{_FIGURES}(?:[–—-]{_CURRENCY}?{_FIGURES})?{_TAIL}",
    rf"{NUMBER}{_TAIL}",
    rf"(?<!from )(?![12]\d{{3}}\b){NUMBER}{_SHORT_RANGE}{NUMBER}{_SURE_TAIL}",
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?<![\w.])(?<!\d[,:])(?:(?:{_DAY}[–-])?{_DAY}{_GAP}(?:of{_GAP})?{_MONTH}(?:,?{_GAP}\d{{4}})?"
    rf"|{_MONTH}{_GAP}{_DAY}(?:[–-]{_DAY})?(?:,?{_GAP}\d{{4}})?|{_MONTH},?{_GAP}(?:of{_GAP})?\d{{4}})(?![\w:]|[.,]\d)"
)
_YEARS = re.compile(rf"(?<![\w.,/–—-])[12]\d{{3}}(?:[–—/-]|{_GAP}[–—]{_GAP})(?:[12]\d{{3}}|\d\d)(?![\w–—/-])")
_HALF = r"\s?(?:[ap]m\b|[ap]\.m\.)"
_CLOCK = rf"\d{{1,2}}(?:[:.]\d\d(?:{_HALF})?|{_HALF})"
_HOURS = re.compile(rf"(?<![\w.,:]){_CLOCK}(?:{_GAP}?[–—-]{_GAP}?|{_GAP}(?:to|until|till){_GAP}){_CLOCK}(?![\w:])")
_LENGTHS = ("year", "month", "week", "day", "hour", "minute", "second")  # of time, the longest first
_LENGTH = rf"{NUMBER}{_GAP}(?:{'|'.join(_LENGTHS)})s?\b"
_TIME = re.compile(rf"(?<![\w.,]){_LENGTH}(?:(?:,|,?{_GAP}and)?{_GAP}{_LENGTH}){{1,6}}")
_LENGTH_WORD = re.compile(rf"{_GAP}({'|'.join(_LENGTHS)})s?\b")
_NAME_UNITS = [re.compile(rf"(?<![\w.'’-]){one}(?!\w)") for one in _NAMES]
_AMOUNT_UNITS = [re.compile(rf"(?<![\w.,]){one}(?![\w-])") for one in _AMOUNTS]

_ASKS_FOR_PART = re.compile(r"\b(?:years?|months?|decades?|century)\b|\b(?:what|which) days?\b")
_ASKS_FOR_EDGE = re.compile(
    r"\b(?:born|birth|die[ds]?|death|beg[aiu]n\w*|start\w*|end(?:s|ed|ing)?|finish\w*|first|last|since|until|found\w*"
    r"|opens|opened|clos\w+|leaves?|arrives?|departs?)\b|\A(?>.*?\b(?:does|do|did|will|can)\b).*\bopen\b"
)
_TWO_YEARS = len("1811–1827")  # 1496–97 is one year
_COUNTS = re.compile(r"\bhow (?:many|old)\b")
_TO = re.compile(r"\sto\s")
_HOW_MANY = re.compile(r"\bhow many\b")


def whole_span(text: str, span: Span, question: str) -> Span:
    """The span, or a wider one of the same part of the text that cuts no unit and has its marks in pairs.

    A mark whose pair is out of reach is left out of the span's edge.
    """
    asked = question.casefold()
    wider = span
    for unit in _units(text, span, asked):
        if unit.overlaps(wider):
            wider = Span(min(unit.start, wider.start), max(unit.end, wider.end))
    wider = _paired(text, wider)
    if wider == span:
        return span
    return span if any(wider.start <= at < wider.end for at in boundaries(text)) else wider


def _units(text: str, span: Span, asked: str) -> Iterator[Span]:
    """The units around a span, which it may cut: names, quantities, dates, and ranges of hours and of years."""
    place = max(span.start - _REACH, 0), min(span.end + _REACH, len(text))
    for match in _matches(_NAME_UNITS, text, place):
        own = match.start("own") if "own" in match.re.groupindex else None
        if own is None or match.start() <= span.start < own:
            yield Span(*match.span())
    for match in _matches(_AMOUNT_UNITS, text, place):
        if not (_TO.search(match[0]) and is_changed(text, match.start())):
            yield Span(match.start(), _end_of_amount(match, span, asked))
    yield from addresses(text, *place)
    asks_for_part = _ASKS_FOR_PART.search(asked)
    if not _HOW_MANY.search(asked):
        yield from (Span(*match.span()) for match in _matches([_TIME], text, place) if _is_sum(match[0]))
    if not asks_for_part:
        yield from (Span(*match.span()) for match in _matches([_DATE], text, place))
    if not _ASKS_FOR_EDGE.search(asked):
        hours = _matches([_HOURS], text, place)
        yield from (Span(*match.span()) for match in hours if not is_changed(text, match.start()))
        found = (Span(*match.span()) for match in _matches([_YEARS], text, place))
        yield from (years for years in found if not asks_for_part or years.end - years.start < _TWO_YEARS)


def _is_sum(words: str) -> bool:
    """Whether lengths of time add up: each is shorter than the one before."""
    order = [_LENGTHS.index(match[1]) for match in _LENGTH_WORD.finditer(words)]
    return order == sorted(set(order))


def _matches(patterns: Iterable[re.Pattern[str]], text: str, place: tuple[int, int]) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(text, *place)


def _end_of_amount(match: re.Match[str], span: Span, asked: str) -> int:
    """Where a quantity ends, without the measure, or the scale and the measure, that the question names."""
    end = match.end()
    for tail in ("measure", "scale"):
        if span.end <= match.start(tail) and _is_named(match[tail], tail, asked):
            end = match.start(tail)
    return end


def _is_named(words: str, tail: str, asked: str) -> bool:
    """Whether a question names the scale or the measure that stands behind a number, or asks how many there are."""
    unit = words.strip("-" + _SPACES).casefold()
    stem = re.escape(_ABBREVIATED.get(unit, unit)[:4].rstrip())
    return (tail == "measure" and bool(_COUNTS.search(asked))) or bool(re.search(rf"(?<!\w){stem}", asked))


def _paired(text: str, span: Span) -> Span:
    """The span with its quotation marks and brackets in pairs; without what has no pair within reach.

    A mark at an edge is left out, and so is what stands in a bracket that closes later than right behind the span.
    """
    start, end = span.start, span.end
    opened, closed = _without_pair(text, span)
    for at in opened:
        reach = 0 if at == start else 1 if text[at] in _BRACKETS else _REACH
        found = text.find(_PAIRS[text[at]], end, end + reach)
        start, end = (start + 1, end) if at == start else (start, found + 1 if found >= 0 else min(end, at))
    for at in closed:
        found = text.rfind(_OPENING[text[at]], max(start - _REACH, 0), start) if at < end - 1 else -1
        start, end = (start, end - 1) if at == end - 1 else (found if found >= 0 else max(start, at + 1), end)
    return (start < end and trimmed(text, start, end)) or span


def _without_pair(text: str, span: Span) -> tuple[list[int], list[int]]:
    """The places in a span of opening marks, and of closing ones, whose pair is not in it."""
    opened: list[int] = []
    closed: list[int] = []
    for at in range(span.start, span.end):
        mark = text[at]
        if opened and mark == _PAIRS[text[opened[-1]]]:
            opened.pop()
        elif mark in _PAIRS and (mark != '"' or not text[max(at - 1, 0) : at].strip(_BEFORE_OPENING)):
            opened.append(at)
        elif mark in _OPENING and not (mark == '"' and text[at - 1 : at].isdigit()):  # an inch
            closed.append(at)
    return opened, closed
