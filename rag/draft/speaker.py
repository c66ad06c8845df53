"""Who is named beside quoted words: “…”, said Ann Berg; Ann Berg said: “…”; Ann Berg: “…”; — Ann Berg. Pure.

English, German and French verbs of saying are known. A pronoun is taken for the person whose name began the last
sentence with one in the paragraph before it, or in the paragraph before that.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.deadline import check_deadline
from rag.decision.answer_normalisation import normalised
from rag.draft.quotations import Quotation, quotations

_REACH = 3_000  # characters on either side that are looked at
_UPPER = "".join(char for char in map(chr, range(min(0x530, sys.maxunicode))) if char.isupper())
_WORD = rf"[{_UPPER}][\w'’‑-]{{0,40}}\w|[{_UPPER}]\."
_PARTICLE = r"(?:van|von|de|der|den|di|da|du|la|le|al|bin|del|dos|ter|ten|zu)"
_GAP = r"(?:[^\S\n]+|[^\S\n]*\n(?![^\S\n]*\n)[^\S\n]*)"  # no paragraph ends within a name
NAME = rf"(?:{_WORD})(?:{_GAP}(?:{_PARTICLE}{_GAP}){{0,2}}(?:{_WORD})){{0,4}}"
_VERB = (
    r"(?:said|says|say|told|tells|added|adds|explained|explains|wrote|writes|announced|stated|states|insisted|warned|"
    r"recalled|replied|argued|argues|claimed|noted|notes|continued|asked|asks|admitted|declared|observed|remarked|joked|"
    r"recounted|promised|tweeted|testified|conceded|stressed|called|apologised|apologized|"
    r"sagte|sagt|erklärte|erklärt|betonte|betont|meinte|meint|schrieb|schreibt|"
    r"dit|déclare|déclaré|affirme|affirmé|explique|expliqué|raconte|ajoute|ajouté)"
)
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ee]r|[Ss]ie|[Ii]l|[Ee]lle)"
_ROLE = r"(?:(?:the|a|an|der|die|le|la|its|their|his|her)\s+)?(?:[a-zà-ÿ'’‑-]+,?\s+){0,5}?"
_ASIDE = r"(?:,\s[^,.;:\n“”\"]{1,90}(?:,\s[^,.;:\n“”\"]{1,60}){0,2},)?"
_TIME = r"(?:last|this|that|earlier|on|in|yesterday|today)(?:\s+(?:that|this|last))?(?:\s+\w+)?"
_ADVERB = rf"(?:\s+(?:has|had|have|hat|a|also|later|then|later\s+\w+|\w+ly|{_TIME}))?"
_BEHIND = re.compile(
    rf"(?:[^\S\n]|\n(?![^\S\n]*\n)|[,.!?…»”“\"'’‹›«—–-]){{0,6}}(?:(?:has\s|had\s|a\s)?{_VERB}\s+(?:(?P<she>{_PRONOUN})\b|{_ROLE}(?P<one>{NAME}))"
    rf"|(?P<she2>{_PRONOUN}){_ADVERB}\s+{_VERB}\b|(?P<two>{NAME}){_ASIDE}{_ADVERB}\s+{_VERB}\b)"
)
_CREDIT = re.compile(
    rf"[\s>]*(?:—|–|--|-)[^\S\n]*(?P<one>(?:{_WORD})(?:[^\S\n]+(?:{_PARTICLE}\s+)?(?:{_WORD})){{0,4}})"
)
_BEFORE = re.compile(
    rf"(?:(?P<she>{_PRONOUN})|(?P<one>{NAME})){_ASIDE},?{_ADVERB}\s+{_VERB}\b[^.!?\n“”\"„«»]{{0,80}}\s*\Z"
    rf"|(?:[Aa]ccording\sto|[Ss]elon|[Ll]aut|[Aa]s)\s+{_ROLE}(?P<two>{NAME})[^.!?\n“”\"„«»]{{0,60}}\s*\Z"
    rf"|(?P<three>{NAME}){_ASIDE}\s*:\s*\Z"
)
_SUBJECT = re.compile(
    rf"(?:\A|[.!?…][”\"’»]?\s+|\n\s*)(?P<one>(?:{_WORD})(?:\s+(?:{_PARTICLE}\s+)?(?:{_WORD})){{1,3}})"
)
NO_NAMES = frozenset(
    "the a an in on at it he she they we i this that these those but and yet asked there when while after before as if "
    "for from to of with by no not yes our my your his her their its monday tuesday wednesday thursday friday saturday "
    "sunday january february march april may june july august september october november december".split()
)
_SAYING = re.compile(rf"\b{_VERB}\b[^.!?\n]*\Z")  # "told Le Monde:" names who was told
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words a place has: whether it is within quotation marks, and who is named beside them."""

    is_quoted: bool
    name: str | None


def speaker_of(text: str, span: Span) -> Speaker:
    """Who speaks the words at a span of a text."""
    first, last = max(0, span.start - _REACH), min(len(text), span.end + _REACH)
    near, here = text[first:last], span.shift(-first) if first else span
    marked = quotations(near)
    around = next((one for one in marked if one.depth == 0 and one.whole.covers(here)), None)
    if around is None:
        return Speaker(is_quoted=False, name=None)
    return Speaker(is_quoted=True, name=speaker_beside(near, around, marked))


def speaker_beside(text: str, quotation: Quotation, others: list[Quotation]) -> str | None:
    """Who is named beside a quotation of a text, or beside another one of the same paragraph before it or after it."""
    check_deadline()
    block = next((one for one in others if one.mark == ">" and one.whole.covers(quotation.whole)), quotation)
    if credit := _CREDIT.match(text, block.span.end) if block.mark == ">" else None:
        return _tidy(credit["one"])
    named = _named(text, quotation)
    if named is not None:
        return named or None
    paragraph = _paragraph(text, quotation)
    beside = [one for one in others if one.depth == 0 and one != quotation and paragraph.covers(one.whole)]
    for one in sorted(beside, key=lambda one: abs(one.whole.start - quotation.whole.start)):
        if name := _named(text, one):
            return name
    return None


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: one ends with the other, or only initials and middle names differ."""
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    if not shorter:
        return False
    if longer[-len(shorter) :] == shorter or (len(shorter) == 1 and shorter[0] in longer):
        return True
    given, given_there = shorter[0].rstrip("."), longer[0].rstrip(".")
    is_alike = given.startswith(given_there) or given_there.startswith(given)
    return len(shorter) > 1 and shorter[-1] == longer[-1] and is_alike


def _plain(name: str) -> list[str]:
    """The words of a name without titles, in lower case."""
    return [str(token) for token in normalised(name).core]


def _named(text: str, quotation: Quotation) -> str | None:
    """The name beside a quotation, "" for a pronoun whose name is not found, None where nobody is named."""
    whole = quotation.whole
    paragraph = _paragraph(text, quotation)
    after = text[whole.end : whole.end + 200]
    before = text[max(paragraph.start, whole.start - 250) : whole.start]
    if quotation.mark == ">" and after[:1] in {"", "\n"}:
        found = _BEFORE.search(text[max(0, whole.start - 250) : whole.start])
    else:
        found = _BEHIND.match(after) or _BEFORE.search(before) or _CREDIT.match(after)
    if not found:
        return None
    groups = found.groupdict()
    is_told = groups.get("three") and _SAYING.search(before, 0, found.start("three"))
    if groups.get("she") or groups.get("she2") or is_told:
        return _subject(text, whole.start) or ""
    return _tidy(groups.get("one") or groups.get("two") or groups.get("three") or "")


def _subject(text: str, at: int) -> str | None:
    """The name that begins a sentence last before a place, in its paragraph or the one before."""
    first = max(0, at - _REACH)
    breaks = [match.end() for match in _PARAGRAPH.finditer(text, first, at)][-2:]
    starts = [*reversed(breaks), *([first] if len(breaks) < 2 else [])]
    end = at
    for start in starts[:2]:
        names = [name for name in _subjects(text[start:end]) if name]
        if names:
            return names[-1]
        end = start
    return None


def _subjects(text: str) -> Iterator[str | None]:
    for match in _SUBJECT.finditer(text):
        yield _tidy(match["one"])


def _tidy(name: str) -> str | None:
    """The name on one line; None for a capitalised word that is none."""
    words = name.split()
    while words and words[0].lower() in NO_NAMES:
        words = words[1:]
    return " ".join(words) or None


def _paragraph(text: str, quotation: Quotation) -> Span:
    """The paragraph, or the paragraphs, that a quotation stands in."""
    whole = quotation.whole
    before = text.rfind("\n\n", 0, whole.start)
    start = before + 2 if before >= 0 else 0
    end = text.find("\n\n", whole.end)
    return Span(start, len(text) if end < 0 else end)
