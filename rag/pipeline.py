"""Retrieve, read, group, decide, cite: a question in, a reply out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Protocol

from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.filters import Filter
from index.hit import Hit
from index.recency import published
from rag.answer import WHY, LibraryState, Reading, Reason, Related, Reply, Trace
from rag.calibration import ReaderCard
from rag.citation.cite import Citer
from rag.citation.formats import with_citations
from rag.decision.decide import MOST_ANSWERS, decide
from rag.decision.disagree import disputing
from rag.decision.rank import candidates, reranked
from rag.judgements.judgements import Judgements
from rag.library_threshold import threshold_in_force
from rag.options import AskOptions, Ranking
from rag.question import CheckedQuestion, checked
from rag.reader.early_stopping import read_enough
from rag.retrieve import RetrievedPassages, Retriever, retrieve
from rag.small_talk import without_greeting

LEAST_RERANKED = 20  # passages that are read to find the best few
READ_TOGETHER = 8  # questions, so that others need not wait for a hundred


class Reader(Protocol):
    """Finds the best spans of each passage."""

    @property
    def card(self) -> ReaderCard: ...

    def read_all(self, questions: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """For each question the readings of its passages, whose scores compare across passages and share no words."""
        ...


class Pipeline:
    """One library with the models to ask it; safe to share between threads."""

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        reader: Reader,
        encoder: Encoder,
        judgements: Judgements | None = None,
    ) -> None:
        """Asks a library; the judgements of its answers are heeded where they are given."""
        self.library = library
        self.retriever = retriever
        self.reader = reader
        self.encoder = encoder
        self._judgements = judgements

    @property
    def threshold(self) -> float:
        """The confidence that an answer needs where none is asked for: the library's own, or else the reader's."""
        return threshold_in_force(self.library, self.encoder.card.identity, self.reader.card)

    def ask(self, question: str, options: AskOptions) -> Reply:
        """The answers whose confidence reaches the threshold, cited, or an abstention.

        BadQuestion; NoSuchArticle where the filter names an article that is not there.
        """
        return self.ask_all([CheckedQuestion(question, options)])[0]

    def ask_all(self, questions: Sequence[CheckedQuestion]) -> list[Reply]:
        """The replies to several questions, all of one generation: those that `ask` gives, in less time."""
        replies: list[Reply] = []
        with self.library.reading() as generation:
            for first in range(0, len(questions), READ_TOGETHER):
                batch = questions[first : first + READ_TOGETHER]
                traces = self._read([retrieve(self.library, self.retriever, question) for question in batch])
                replies += [self._reply(*pair, generation) for pair in zip(batch, traces, strict=True)]
        return replies

    def ask_in_steps(self, question: CheckedQuestion) -> Iterator[tuple[Related, ...] | Reply]:
        """The passages that were retrieved, as soon as they are; then the reply."""
        with self.library.reading() as generation:
            found = retrieve(self.library, self.retriever, question)
            yield Citer(self.library, found.trace.hits).related(found.trace.hits)
            yield self._reply(question, self._read([found])[0], generation)

    def trace(self, question: CheckedQuestion, hits: Sequence[Hit] | None = None) -> Trace:
        """What the models say about a question, nothing decided: of these hits, best first, or else of those found.

        Of passages that articles of one story have alike, one is among those read; the near copies of the passages in
        which the best answers were read come last.
        """
        return self._read([retrieve(self.library, self.retriever, question, hits)])[0]

    def search(
        self, query: str, k: int, mode: Ranking, article_filter: Filter | None = None, newest_first: bool = False
    ) -> tuple[Related, ...]:
        """The `k` best of the passages that pass the filter, cited; BadQuestion, NoSuchArticle.

        The `reranked` are the `k` best, and at least `LEAST_RERANKED`, of the fused ranking, in the order of how well
        they answer; the others are not read.
        """
        with self.library.reading():
            hits = self.hits(query, k, mode, article_filter, newest_first)
            return Citer(self.library, hits).related(hits)

    def hits(
        self, query: str, k: int, mode: Ranking, article_filter: Filter | None = None, newest_first: bool = False
    ) -> list[Hit]:
        """The passages of `search`, not cited."""
        query = self.retriever.repaired(checked(query))
        if mode != "reranked":
            return self.retriever.search(query, k, mode, article_filter, newest_first)
        hits = self.retriever.search(query, max(k, LEAST_RERANKED), "fused", article_filter)
        (readings,) = self.reader.read_all([(query, hits)])
        trace = Trace(query, tuple(hits), tuple(readings))
        return reranked(trace, self.reader.card.calibration, self._dates(trace) if newest_first else None)[:k]

    def _read(self, found: Sequence[RetrievedPassages]) -> list[Trace]:
        """The traces with their readings; `read` is the time of the whole batch, in seconds."""
        started = perf_counter()
        traces = read_enough([one.trace for one in found], self.reader.read_all, self.reader.card)
        return [
            replace(trace, seconds={**trace.seconds, "read": perf_counter() - started})
            for trace in map(self._with_copies, traces, found)
        ]

    def _with_copies(self, trace: Trace, found: RetrievedPassages) -> Trace:
        """The trace with the copies of the passages of the best answers read too, so that the earliest can be cited."""
        best = candidates(trace, self.reader.card.calibration)[:MOST_ANSWERS] if found.copies else []
        copies = found.copies_of(best)
        if not copies:
            return trace
        (readings,) = self.reader.read_all([(trace.query, copies)])
        return replace(trace, hits=(*trace.hits, *copies), readings=(*trace.readings, *readings))

    def _reply(self, question: CheckedQuestion, trace: Trace, generation: int) -> Reply:
        options, card, seconds = question.options, self.reader.card, dict(trace.seconds)
        with _timed(seconds, "decide"):
            dates = self._dates(trace) if options.newest_first else None
            threshold = self.threshold if options.threshold is None else options.threshold
            decided = partial(decide, threshold=threshold, calibration=card.calibration, published=dates)
            if self._judgements:
                trace, decision = self._judgements.heeded(trace, decided, card.calibration, options.filter)
            else:
                decision = decided(trace)
        with _timed(seconds, "cite"):
            citer = Citer(self.library, trace.hits, trace.stories)
            believed = citer.answers(decision.believed)
            is_open = bool(believed) and believed[0].judged is None
            disputed = disputing(believed[0], citer.answers(decision.doubted)) if is_open else ()
            answers = with_citations(believed, options.citations, self.library)
            related = citer.related(decision.related)
        reason = decision.reason if trace.hits else self._nothing_found(options.filter, decision.reason)
        return Reply(
            question=question.text,
            abstained=not answers,
            reason=reason,
            answers=answers,
            related=related,
            timing_ms={stage: round(1000 * spent, 2) for stage, spent in seconds.items()},
            library=LibraryState(generation, self.encoder.card.identity, card.name),
            read_as=trace.read_as,
            asked_as=None if trace.question in {question.text, without_greeting(question.text)} else trace.question,
            disputed=with_citations(disputed, options.citations, self.library),
            why=WHY[reason] if reason else None,
        )

    def _dates(self, trace: Trace) -> dict[str, str]:
        return published(self.library, {hit.passage.article_id for hit in trace.hits})

    def _nothing_found(self, article_filter: Filter | None, otherwise: Reason | None) -> Reason | None:
        """Why there is not one passage to read."""
        if otherwise == "small_talk":
            return otherwise
        if self.library.counts()[0] == 0:
            return "empty_library"
        return "nothing_passes" if article_filter else otherwise


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[stage] = perf_counter() - start
