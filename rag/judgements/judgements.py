"""The judgements of a library, found again by their questions, and heeded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock

import numpy as np

from corpus.article import Passage, Span
from corpus.library.feedback import CurrentJudgement, judged_questions, newest_number, numbered
from corpus.library.store import Library
from corpus.sentences import sentences_around
from index.encoder.encoder import Encoder
from index.filters import Filter, passes
from index.hit import Hit
from rag.answer import Decision, Reading, Trace
from rag.calibration import Calibration
from rag.judgements.heed import Decide, GivenWords, JudgedPlaces, heeded
from rag.judgements.same_question import ComparedQuestion, compared

MOST_JUDGED = 10_000  # judgements of a library that are heeded, the last ones
MOST_OF_ONE_QUESTION = 50
NEAR = 0.95  # the cosine of two questions from which they are nearly the same, where their words allow it
_MOST_SPELLINGS = 8  # of one question that are compared by their embeddings
_EMBEDDED = 1024  # questions whose embeddings are kept, of 1.5 KB each


@dataclass(slots=True)
class _Known:
    """The judgements up to the number `last`: by the words of their questions, and these words by what is alike."""

    library: str = ""
    last: int = 0
    count: int = 0
    numbers: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    spellings: dict[tuple[str, ...], dict[tuple[str, ...], str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, number: int, text: str) -> None:
        question = compared(text)
        self.numbers[question.words].append(number)
        if question.key:
            self.spellings[question.key][question.words] = text
        self.last, self.count = number, self.count + 1

    def near(self, asked: ComparedQuestion) -> list[ComparedQuestion]:
        """The last judged questions of other words that may be nearly the same."""
        texts = self.spellings.get(asked.key, {}) if asked.key else {}
        return [compared(text) for words, text in list(texts.items())[-_MOST_SPELLINGS:] if words != asked.words]


class Judgements:
    """What people judged in one library; safe to share between threads."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._embedding = lru_cache(_EMBEDDED)(encoder.encode_query)
        self._known = _Known()
        self._lock = Lock()

    def heeded(
        self, trace: Trace, decide: Decide, calibration: Calibration, passing: Filter | None
    ) -> tuple[Trace, Decision]:
        """The decision about a trace with what was judged of its question, and the trace with the passages it cites.

        Words that somebody gave count only where their article passes the filter.
        """
        judged = self.about(trace)
        if not judged:
            return trace, decide(trace)
        places = JudgedPlaces.of(judged)
        given = [self._given(one) for one in reversed(places.better) if self._passes(one, passing)]
        decision = heeded(trace, places, given, decide, calibration)
        hits = (*(words.hit for words in given), *trace.hits)  # the last of one passage counts: the one that was found
        return replace(trace, hits=hits), decision

    def about(self, trace: Trace) -> list[CurrentJudgement]:
        """The judgements of the same question, after those of questions that are nearly the same; the oldest first.

        A question is asked as it was typed, and as it was read.
        """
        asked = {text: compared(text) for text in (trace.query, trace.question)}.values()
        with self._lock:
            known = self._refreshed()
            same = [number for one in asked for number in known.numbers.get(one.words, ())]
            near = [(one.text, other.text, known.numbers[other.words]) for one in asked for other in known.near(one)]
            spelt = {one.words for one in asked} | {compared(other).words for _, other, _ in near}
        nearly = [number for one, other, numbers in near if self._is_near(one, other) for number in numbers]
        found: list[CurrentJudgement] = []
        for numbers in filter(None, (nearly, same)):
            found += numbered(self._library, sorted(numbers)[-MOST_OF_ONE_QUESTION:])
        return [one for one in found if compared(one.judgement.question).words in spelt]  # not of a restored library

    def _refreshed(self) -> _Known:
        """All that there is by now; under the lock. Numbers are never given twice, so the new ones are added."""
        newest = newest_number(self._library)
        known, library = self._known, self._library.identity
        if newest < known.last or library != known.library or known.count >= 2 * MOST_JUDGED:
            known = self._known = _Known(library)
        if newest > known.last:
            for number, text in judged_questions(self._library, known.last, MOST_JUDGED):
                known.add(number, text)
        return known

    def _is_near(self, asked: str, judged: str) -> bool:
        return float(np.dot(self._embedding(asked), self._embedding(judged))) >= NEAR

    def _passes(self, judged: CurrentJudgement, passing: Filter | None) -> bool:
        return not passing or passes(self._library, passing, judged.judgement.article_id)

    def _given(self, judged: CurrentJudgement) -> GivenWords:
        """The words in a passage of the sentences around them, which nothing has scored."""
        article, span = self._library.article(judged.judgement.article_id), judged.span or Span(0, 1)
        around = sentences_around(article.text, span)
        passage = Passage(article.id, article.title, around, around.cut(article.text))
        return GivenWords(Hit(passage, 0.0), Reading(passage, span.shift(-around.start), 0.0, 0.0))
