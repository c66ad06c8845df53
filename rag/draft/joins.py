"""Where the parts of a quotation stand together in an article, and whether what is left out may be left out. Pure.

The rules of citing: the parts stand in their order near each other; nothing that is left out of a sentence negates it;
the words left out are not another speaker's, nor are those behind them; an insert explains, or stands for a pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import sentences_around
from rag.draft.checked_draft import Alteration
from rag.draft.cuts import Cut, CutQuotation
from rag.draft.letters import exact_span, letters, tokens
from rag.draft.quotations import quotations
from rag.draft.scan import LetterPlace
from rag.draft.speaker import same_person, speaker_beside

MOST_LEFT_OUT = 1_500  # characters between two parts of a quotation
_AROUND = 3_000  # characters on either side in which speakers are looked for
_BESIDE = 60  # characters between two parts that no ellipsis is between
_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nobody|nothing|nowhere|without|cannot|hardly|scarcely|barely|denied|denies|refused"
    r"|failed|unless|nicht|kein\w*|nie|niemals|ohne|ne|n['’]\w+|pas|jamais|aucune?|sans)\b|n['’]t\b",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(
    "he she it they we i you him her them us me his hers its their our my your this that these those here there who "
    "one er sie es wir ihn ihm ihr il elle ils elles nous le la les".split()
)
_MOST_REPLACED = 2  # words that an insert stands for


@dataclass(frozen=True, slots=True)
class Joined:
    """Where each part of a quotation stands in an article, and which rule of citing that breaks, if any."""

    article_id: str
    text: str
    spans: tuple[Span, ...]
    breach: Alteration | None

    @property
    def span(self) -> Span:
        return Span(self.spans[0].start, self.spans[-1].end)


def anchor(cut: CutQuotation) -> int:
    """Which part is looked for first: the longest."""
    return max(range(len(cut.parts)), key=lambda index: cut.parts[index].end - cut.parts[index].start)


def joined(draft: str, cut: CutQuotation, place: LetterPlace) -> Joined | None:
    """The parts of a quotation around the place of the letters of its longest part; None where they are not all there.

    Every part stands there to the sign.
    """
    words = [part.cut(draft) for part in cut.parts]
    at = anchor(cut)
    here = exact_span(words[at], place.text, place.span)
    if here is None:
        return None
    spans = [here]
    for index in range(at + 1, len(words)):
        end = spans[-1].end
        reach = Span(end, min(len(place.text), end + _reach(cut.cuts[index - 1]) + 2 * len(words[index]) + 20))
        if end >= len(place.text) or not (found := next(_within(words[index], place.text, reach), None)):
            return None
        spans.append(found)
    for index in range(at - 1, -1, -1):
        start = spans[0].start
        reach_start = max(0, start - _reach(cut.cuts[index]) - 2 * len(words[index]) - 20)
        if start == 0 or not (found := _last(_within(words[index], place.text, Span(reach_start, start)))):
            return None
        spans.insert(0, found)
    breaches = (
        _breach(place.text, one, other, between)
        for (one, other), between in zip(pairwise(spans), cut.cuts, strict=True)
    )
    return Joined(place.article_id, place.text, tuple(spans), next(filter(None, breaches), None))


def _reach(cut: Cut) -> int:
    return MOST_LEFT_OUT if cut.is_ellipsis else _BESIDE


def _within(words: str, text: str, window: Span) -> Iterator[Span]:
    """Where words stand in a window of a text, in order."""
    own, sought = letters(window.cut(text)), letters(words).text
    row = own.text
    at = row.find(sought)
    while at >= 0:
        check_deadline()
        span = own.span(at, at + len(sought)).shift(window.start)
        if exact := exact_span(words, text, span):
            yield exact
        at = row.find(sought, at + 1)


def _last(spans: Iterator[Span]) -> Span | None:
    found = None
    for found in spans:  # noqa: B007 - the last one is wanted
        pass
    return found


def _breach(text: str, one: Span, other: Span, cut: Cut) -> Alteration | None:
    """The rule that is broken between two parts of a quotation."""
    between = text[one.end : other.start]
    if cut.is_ellipsis:
        if _NEGATION.search(_of_their_sentences(text, one, other)):
            return "negation_left_out"
        return "speakers_joined" if _are_others(text, one, other, between) else None
    left_out = _words(between)
    if left_out == _words(cut.insert):
        return None
    if cut.insert and _NEGATION.search(cut.insert):
        return "insert"
    if not left_out:
        return None
    stands_for = cut.insert and len(left_out) <= _MOST_REPLACED and _PRONOUNS.issuperset(left_out)
    return None if stands_for else "insert" if cut.insert else "words"


def _words(text: str) -> Sequence[str]:
    return [token.lower() for token in tokens(text) if token[0].isalnum()]


def _of_their_sentences(text: str, one: Span, other: Span) -> str:
    """What is left out between two parts of the sentences that the parts stand in."""
    first, last = sentences_around(text, one).end, sentences_around(text, other).start
    if first >= other.start:
        return text[one.end : other.start]
    return f"{text[one.end : max(first, one.end)]} | {text[max(last, one.end) : other.start]}"


def _are_others(text: str, one: Span, other: Span, between: str) -> bool:
    """Whether two parts, or quotations between them, are of different speakers, or one part is the article's own."""
    if not any(mark in between for mark in "\"“”«»„‘’'"):
        return False
    first = max(0, one.start - _AROUND)
    near, whole = text[first : other.end + _AROUND], Span(one.start - first, other.end - first)
    marked = quotations(near)
    spoken = [each for each in marked if each.depth == 0 and each.whole.overlaps(whole)]
    is_quoted = {
        any(each.whole.covers(Span(part.start - first, part.end - first)) for each in spoken) for part in (one, other)
    }
    if len(is_quoted) > 1:
        return True
    names = [name for each in spoken if (name := speaker_beside(near, each, marked))]
    return True in is_quoted and any(not same_person(names[0], name) for name in names[1:])
