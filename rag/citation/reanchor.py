"""Re-anchors quoted words in an article that has changed, by the text around them, as a W3C TextQuoteSelector does."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from itertools import takewhile
from typing import Literal, TypeVar

from corpus.article import Article, Span
from corpus.deadline import check_deadline
from corpus.library.store import Library
from corpus.sentences import sentences_around
from rag.answer import Context, Excerpt, Quote, is_verbatim
from rag.citation.cite import Citer

AnchorStatus = Literal["there", "moved", "changed", "gone"]
E = TypeVar("E", bound=Excerpt)
_Around = tuple[str, str]  # what stands before and after words in their sentence

_EVIDENCE = 20  # characters: what is shorter may as well stand elsewhere by chance
_ENOUGH = 0.6  # of the characters around the words, which must agree where their sentence was edited
_COMPARED = 200  # characters on either side that are compared
_MOST_PLACES = 20  # what stands more often is not told apart
_NEIGHBOUR = re.compile(r"\W*\w*")
_NUMBER = re.compile(r"[0-9]+")
_GLUED_BEFORE = re.compile(r"(?:\w|[0-9][.,])\Z")
_GLUED_AFTER = re.compile(r"\w|[.,][0-9]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An excerpt is `there` at its place or has `moved` to the span, or the article has `changed` or is `gone`.

    `span` is the place of the words now, None where it is not known.
    """

    status: AnchorStatus
    span: Span | None = None


def reanchor(excerpt: Excerpt, article: Article | None) -> Anchor:
    """The place of the excerpt's words in the article as it is now; `gone` where the article is None.

    In an article that has changed, the sentence around the words decides. Where it stands unchanged at its old place,
    the words are there. Where it stands unchanged in one other place, and is no mere "It was late.", they have moved.
    In a sentence that was edited, the words next to the excerpt, the numbers and most of the rest must be unchanged;
    then the excerpt is found at its old place or, if it is long itself, elsewhere. Short words found elsewhere prove
    nothing: two sentences often differ in a name or a year only. An excerpt without a sentence is looked for by itself.
    """
    if article is None:
        return Anchor("gone")
    own, text = Span(excerpt.start, excerpt.end), article.text
    around = _around(excerpt)
    if is_verbatim(excerpt, text) and (article.sha256 == excerpt.sha256 or _is_whole(text, own, around)):
        return Anchor("there", own)
    place = _elsewhere(excerpt.text, around, text, own)
    if place is None:
        return Anchor("changed")
    return Anchor("there" if place == own else "moved", place)


def moved(library: Library, excerpt: E, span: Span) -> E:
    """The excerpt at a new place of its article; BrokenQuote where the words do not stand there.

    Its copies in other articles stay as they were; citations of its old place are left out.
    """
    place = asdict(Citer(library, ()).excerpt(excerpt.article_id, span, excerpt.text))
    there = replace(excerpt, **place)
    if not isinstance(there, Quote):
        return there
    text = library.article(excerpt.article_id).text
    around = sentences_around(text, span)
    by = span.start - excerpt.start
    parts = tuple(replace(part, start=part.start + by, end=part.end + by) for part in there.parts)
    return replace(there, context=Context(around.start, around.end, around.cut(text)), citations={}, parts=parts)


def _elsewhere(words: str, around: _Around | None, text: str, own: Span) -> Span | None:
    """The one place where the words' sentence stands unchanged, or else hardly edited; None where there is no such."""
    before, after = around or ("", "")
    places = _places(before, words, after, text)
    if places:
        whole = [place for place in places if _is_whole(text, place, around)]
        return whole[0] if len(whole) == 1 and len(before + words + after) >= _EVIDENCE else None
    if not before and not after:
        return None
    places = _places(_last(before), words, _first(after), text)
    alike = [place for place in places if _is_alike(_compared(text, place), (before, after))]
    return alike[0] if len(alike) == 1 and (alike[0] == own or len(words) >= _EVIDENCE) else None


def _places(before: str, words: str, after: str, text: str) -> list[Span]:
    """Where the words stand between these others; nowhere where that is in too many places."""
    sought, places = before + words + after, []
    at = text.find(sought)
    while at >= 0:
        check_deadline()
        start = at + len(before)
        places.append(Span(start, start + len(words)))
        if len(places) > _MOST_PLACES:
            return []
        at = text.find(sought, at + 1)
    return places


def _is_whole(text: str, place: Span, around: _Around | None) -> bool:
    """Whether the words at a place have the same sentence around them; without one, whether they cut no word there."""
    if around is not None:
        return _compared(text, place) == around
    glued_before = text[place.start].isalnum() and _GLUED_BEFORE.search(text[max(0, place.start - 2) : place.start])
    glued_after = text[place.end - 1].isalnum() and _GLUED_AFTER.match(text, place.end)
    return not glued_before and not glued_after


def _is_alike(now: _Around, then: _Around) -> bool:
    """Whether a sentence that was edited is still the same one."""
    (before, after), (before_then, after_then) = now, then
    agreeing = _common(before[::-1], before_then[::-1]) + _common(after, after_then)
    return (
        (_last(before), _first(after)) == (_last(before_then), _first(after_then))
        and list(map(_NUMBER.findall, now)) == list(map(_NUMBER.findall, then))
        and agreeing >= _ENOUGH * len(before_then + after_then)
    )


def _around(excerpt: Excerpt) -> _Around | None:
    """What stood before and after a quote in its sentence; None for what was quoted without one."""
    if not isinstance(excerpt, Quote):
        return None
    context = excerpt.context
    before, after = context.text[: excerpt.start - context.start], context.text[excerpt.end - context.start :]
    return before[-_COMPARED:], after[:_COMPARED]


def _compared(text: str, place: Span) -> _Around:
    """What stands before and after a place in its sentence now."""
    sentence = sentences_around(text, place)
    return text[sentence.start : place.start][-_COMPARED:], text[place.end : sentence.end][:_COMPARED]


def _last(before: str) -> str:
    """The last word of a text, with what stands behind it."""
    return _first(before[::-1])[::-1]


def _first(after: str) -> str:
    """The first word of a text, with what stands before it."""
    found = _NEIGHBOUR.match(after)
    return found[0] if found else ""


def _common(one: str, other: str) -> int:
    """How many characters two texts begin alike with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
