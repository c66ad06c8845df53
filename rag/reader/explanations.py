"""Explanations: one to three whole sentences of a paragraph, chosen by the reader's logits."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

import numpy as np

from corpus.article import Span
from corpus.sentences import sentences, without_mark
from rag.reader.boundaries import boundaries
from rag.reader.decode import Logits, ScoredSpan, SpanTokens, best_spans
from rag.reader.headings import headings
from rag.reader.question_type import FewWords
from rag.reader.whole_units import whole_span

# Chosen on figures: docs/measurements/reader.md.
_MOST_SENTENCES = 3
_LONGEST = 500  # characters of sentences in a row
_FURTHER = log(1.5)  # log odds: with a further sentence, the mass has to be half as much again
_FEW_WORDS = 8
_SURE = 0.35  # the share of the mass that few words hold if they are an answer by themselves
_NO_MASS = -1e9
_REASON = re.compile(r"\b(?:because|due to|owing to|thanks to|so that|in order to)\b")
_GOES_ON = re.compile(r",?\s*(?:and|or|nor|but|as well as)\b|,[^.;]*?,?\s(?:and|or)\s")
_CAME_BEFORE = re.compile(r"\b(?:and|or|nor|as well as),?\s*\Z|\b(?:both|either|neither|partly)\s*\Z")
_QUOTATION = re.compile('["“”«»]')


class ReadWindow(NamedTuple):
    """The tokens of a window of a passage, their logits, (tokens, 2), and the score of no answer in it."""

    tokens: SpanTokens
    logits: Logits
    null: float

    def part(self, first: int, last: int) -> ReadWindow:
        return ReadWindow(self.tokens.window(first, last), self.logits[first:last], self.null)

    def best(self) -> ScoredSpan | None:
        return next(iter(best_spans(self.logits, self.null, self.tokens, 1)), None)

    def mass(self) -> float:
        """The logarithm of the mass of all spans, unnormalised; start and end are taken as independent."""
        pairs = zip((self.tokens.opens, self.tokens.closes), self.logits.T.astype(np.float64), strict=True)
        return sum(float(np.logaddexp.reduce(np.where(allowed, logits, _NO_MASS))) for allowed, logits in pairs)


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences in a row, what the window shows of them, and their log mass less what further sentences cost.

    `around` has the sentences before and behind as well that could have been in the run.
    """

    span: Span
    around: Span
    part: ReadWindow
    value: float


def explanations(text: str, windows: Sequence[ReadWindow], most: int, few_words: FewWords) -> list[ScoredSpan]:
    """Of each window up to `most` runs of sentences of the passage's text, best first, none beside a better one.

    The sentences of a run are of one paragraph, item, line or speaker, and a heading is none of them.
    A run is worth the mass of the spans in it, and is scored by the best of them, so that its margin compares with that
    of any other reading; but it is worse than the best run by the log odds between the two at least. Few words that
    hold enough of a run's mass are the answer without it, where `few_words` allows it.
    """
    spans, edges, left_out = sentences(text), boundaries(text), headings(text)
    joined = {after.start for before, after in pairwise(spans)
              if bisect_left(edges, before.end) == bisect_left(edges, after.start)}  # fmt: skip
    found: list[ScoredSpan] = []
    for window in windows:
        ceiling = 0.0
        for run in _best(_runs(window, spans, joined, left_out), most):
            if own := run.part.best():
                own = replace(own, span=whole_span(text, own.span, ""))
                ceiling = ceiling or own.score - run.value
                words = own.span if _is_enough(text, own, run, few_words) else without_mark(text, run.span)
                found.append(ScoredSpan(words, min(own.score, ceiling + run.value), window.null))
    return found


def _runs(window: ReadWindow, spans: list[Span], joined: set[int], left_out: Sequence[Span]) -> Iterator[_Run]:
    """All runs of sentences that the window shows, without those left out, which share no part with another sentence.

    `joined` has where those sentences start that may follow another.
    """
    usable = np.flatnonzero(window.tokens.opens | window.tokens.closes)
    starts = [window.tokens.places[token][0] for token in usable]
    numbers, firsts = np.unique(np.searchsorted([one.start for one in spans], starts, "right") - 1, return_index=True)
    shown = [spans[number] for number in numbers]
    edges = [*usable[firsts].tolist(), len(window.logits)]
    for first, start in enumerate(shown):
        if any(start.overlaps(heading) for heading in left_out):
            continue
        for stop, end in enumerate(shown[first : first + _MOST_SENTENCES], start=first + 1):
            span = Span(start.start, end.end)
            if stop > first + 1 and not (end.start in joined and span.end - span.start <= _LONGEST):
                break
            before = shown[first - 1] if first and start.start in joined else start
            behind = shown[stop] if stop < len(shown) and shown[stop].start in joined else end
            part = window.part(edges[first], edges[stop])
            yield _Run(span, Span(before.start, behind.end), part, part.mass() - (stop - first - 1) * _FURTHER)


def _best(runs: Iterator[_Run], most: int) -> list[_Run]:
    """The best runs, best first, none beside a better one: what could have been joined to it is no other answer."""
    found: list[_Run] = []
    for run in sorted(runs, key=lambda one: (-one.value, one.span)):
        if len(found) < most and not any(run.span.overlaps(better.around) for better in found):
            found.append(run)
    return found


def _is_enough(text: str, words: ScoredSpan, run: _Run, few_words: FewWords) -> bool:
    """Whether few words answer without their sentence; a piece of a quotation is no answer to what somebody said."""
    return (
        few_words != "no"
        and not (few_words == "unquoted" and _QUOTATION.search(run.span.cut(text)))
        and len(words.span.cut(text).split()) <= _FEW_WORDS
        and words.margin >= 0
        and exp(words.score - run.part.mass()) >= _SURE
        and not _is_one_of_several(text, words.span, run.span)
    )


def _is_one_of_several(text: str, words: Span, around: Span) -> bool:
    """Whether few words of a reason leave out another one, or words that a conjunction joins to them."""
    reasons = len(_REASON.findall(text, around.start, around.end))
    is_joined = _GOES_ON.match(text, words.end, around.end) or _CAME_BEFORE.search(text, around.start, words.start)
    return reasons > 1 or (reasons == 1 and is_joined is not None)
