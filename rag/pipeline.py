"""Retrieve, read, group, decide, cite: a question in, a reply out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal, Protocol

from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.filters import Filter
from index.hit import Hit
from index.near_duplicates.sketches import stories_of
from index.recency import published
from index.search import Mode
from rag.answer import LibraryState, ReaderCard, Reading, Reason, Related, Reply, Trace
from rag.citation.cite import Citer
from rag.citation.formats import Format, with_citations
from rag.conversation.query_rewriting import Earlier, as_asked
from rag.decision.decide import MOST_ANSWERS, decide
from rag.decision.disagree import disputing
from rag.decision.near_duplicates import without_copies
from rag.decision.rank import candidates, reranked
from rag.reader.early_stopping import read_enough

Ranking = Literal[Mode, "reranked"]
LONGEST_QUESTION = 2_000  # characters
LEAST_RERANKED = 20  # passages that are read to find the best few
_DEEPER = 5  # times as many passages are searched for where some are copies
READ_TOGETHER = 8  # questions, so that others need not wait for a hundred
_JOINERS = "\u200c\u200d"  # unseen, but Persian words and emoji are spelt with them


class BadQuestion(PullquoteError):
    """The question cannot be asked; ask one of 1 to 2,000 characters."""

    status = 422


class Retriever(Protocol):
    """Finds passages for a query."""

    def search(
        self, query: str, k: int, mode: Mode = "fused", only: Filter | None = None, newest_first: bool = False
    ) -> list[Hit]:
        """The `k` best of the passages that pass the filter, best first; of about equal ones the newest."""
        ...

    def repaired(self, query: str) -> str:
        """The query with slips of the keys repaired."""
        ...


class Reader(Protocol):
    """Finds the best spans of each passage."""

    @property
    def card(self) -> ReaderCard: ...

    def read(self, question: str, hits: list[Hit]) -> list[Reading]:
        """Readings of the passages, with scores that compare across passages; those of a passage share no words."""
        ...

    def read_all(self, asked: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """What `read` gives for each question with its hits, in less time."""
        ...


@dataclass(frozen=True, slots=True)
class Asking:
    """A question and how it is asked: as many passages are read, and as much confidence needed, as the settings say.

    Only articles that pass the filter are asked; with `newest_first`, passages and answers that are about equally good
    come newest first; quotes come with `citations` in these formats. After `earlier` turns, the latest last, `asked` is
    what is really asked (`rag.conversation.query_rewriting`). BadQuestion where the question is empty or too long.
    """

    question: str
    k: int
    threshold: float | None = None
    only: Filter | None = None
    newest_first: bool = False
    citations: tuple[Format, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    asked: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "question", checked(self.question))
        object.__setattr__(self, "asked", followed(self.question, self.earlier))


@dataclass(frozen=True, slots=True)
class _Found:
    """Passages to read, the stories of their articles, and the copies left out, by the id of the passage read."""

    hits: list[Hit]
    stories: dict[str, str]
    copies: dict[str, list[Hit]]
    query: str = ""  # the question with slips of the keys repaired
    seconds: dict[str, float] = field(default_factory=dict)


class Pipeline:
    """One library with the models to ask it; safe to share between threads."""

    def __init__(self, library: Library, retriever: Retriever, reader: Reader, encoder: Encoder) -> None:
        self.library = library
        self.retriever = retriever
        self.reader = reader
        self.encoder = encoder

    def trace(self, question: str, k: int, only: Filter | None = None, newest_first: bool = False) -> Trace:
        """What the models say about a question from the `k` best passages, nothing decided; BadQuestion.

        Of passages that articles of one story have alike, one is among the `k`; copies of those in which the best
        answers were read come behind them.
        """
        asking = Asking(question, k, None, only, newest_first)
        return self._traces([asking], [self._retrieved(asking)])[0]

    def ask(
        self,
        question: str,
        k: int,
        threshold: float | None = None,
        only: Filter | None = None,
        newest_first: bool = False,
    ) -> Reply:
        """The answers whose confidence reaches the threshold (default: the reader's own), cited, or an abstention.

        BadQuestion; NoSuchArticle where the filter names an article that is not there.
        """
        return self.ask_all([Asking(question, k, threshold, only, newest_first)])[0]

    def ask_all(self, askings: Sequence[Asking]) -> list[Reply]:
        """The replies to several questions, all of one generation: those that `ask` gives, in less time."""
        replies: list[Reply] = []
        with self.library.reading() as generation:
            for first in range(0, len(askings), READ_TOGETHER):
                some = askings[first : first + READ_TOGETHER]
                traces = self._traces(some, [self._retrieved(asking) for asking in some])
                replies += [self._reply(*one, generation) for one in zip(some, traces, strict=True)]
        return replies

    def ask_in_steps(self, asking: Asking) -> Iterator[tuple[Related, ...] | Reply]:
        """The passages that were retrieved, as soon as they are; then the reply."""
        with self.library.reading() as generation:
            found = self._retrieved(asking)
            yield Citer(self.library, found.hits).related(found.hits)
            yield self._reply(asking, self._traces([asking], [found])[0], generation)

    def search(
        self, query: str, k: int, mode: Ranking, only: Filter | None = None, newest_first: bool = False
    ) -> tuple[Related, ...]:
        """The `k` best of the passages that pass the filter, cited; BadQuestion, NoSuchArticle.

        The `reranked` are the `k` best, and at least `LEAST_RERANKED`, of the fused ranking, in the order of how well
        they answer; the others are not read.
        """
        with self.library.reading():
            query = self.retriever.repaired(checked(query))
            if mode == "reranked":
                hits = self._reranked(query, max(k, LEAST_RERANKED), only, newest_first)[:k]
            else:
                hits = self.retriever.search(query, k, mode, only, newest_first)
            return Citer(self.library, hits).related(hits)

    def _retrieved(self, asking: Asking) -> _Found:
        seconds: dict[str, float] = {}
        with _timed(seconds, "retrieve"):
            repaired = self.retriever.repaired(asking.asked)
            found = self._found(repaired, asking.k, asking.only, asking.newest_first)
        return replace(found, query=repaired, seconds=seconds)

    def _traces(self, askings: Sequence[Asking], found: Sequence[_Found]) -> list[Trace]:
        """What was read for each question, in as many passages as it takes; it took as long for each as for all."""
        started = perf_counter()
        traces = [Trace(one.query, tuple(one.hits), (), stories=one.stories) for one in found]
        readings = read_enough(traces, self.reader.read_all, self.reader_card)
        return [self._trace(*one, started) for one in zip(askings, found, readings, strict=True)]

    def _trace(self, asking: Asking, found: _Found, readings: tuple[Reading, ...], started: float) -> Trace:
        read_as = found.query if found.query != asking.asked else None
        trace = Trace(asking.asked, tuple(found.hits), readings, found.seconds, read_as, stories=found.stories)
        if copies := self._copies_of_the_best(trace, found):
            also_read = (*readings, *self.reader.read(found.query, copies))
            trace = replace(trace, hits=(*trace.hits, *copies), readings=also_read)
        return replace(trace, seconds={**found.seconds, "read": perf_counter() - started})

    def _reply(self, asking: Asking, trace: Trace, generation: int) -> Reply:
        seconds = dict(trace.seconds)
        card = self.reader_card
        with _timed(seconds, "decide"):
            dates = self._dates(trace) if asking.newest_first else None
            threshold = card.threshold if asking.threshold is None else asking.threshold
            decision = decide(trace, threshold, card.calibration, dates)
        with _timed(seconds, "cite"):
            citer = Citer(self.library, trace.hits, trace.stories)
            believed = citer.answers(decision)
            disputed = disputing(believed[0], citer.cited(decision.doubted)) if believed else ()
            answers = with_citations(believed, asking.citations, self.library)
            related = citer.related(decision.related)
        reason = decision.reason if trace.hits else self._nothing_found(asking.only, decision.reason)
        return Reply(
            question=asking.question,
            abstained=not answers,
            reason=reason,
            answers=answers,
            related=related,
            timing_ms={stage: round(1000 * spent, 2) for stage, spent in seconds.items()},
            library=LibraryState(generation, self.encoder.card.identity, card.name),
            read_as=trace.read_as,
            asked_as=asking.asked if asking.asked != asking.question else None,
            disputed=with_citations(disputed, asking.citations, self.library),
        )

    def _found(self, query: str, k: int, only: Filter | None, newest_first: bool) -> _Found:
        """The `k` best passages of which no two are copies of one story's, and the copies that they stand for."""
        hits = self.retriever.search(query, k, "fused", only, newest_first)
        stories = self._stories(hits)
        if stories:
            hits = self.retriever.search(query, _DEEPER * k, "fused", only, newest_first)
            stories = self._stories(hits)
        kept, copies = without_copies(hits, stories)
        return _Found(kept[:k], stories, copies)

    def _stories(self, hits: list[Hit]) -> dict[str, str]:
        return stories_of(self.library, {hit.passage.article_id for hit in hits})

    def _copies_of_the_best(self, trace: Trace, found: _Found) -> list[Hit]:
        """The copies of the passages that the best answers were read in, so that the earliest can be cited."""
        if not found.copies:
            return []
        best = candidates(trace, self.reader_card.calibration)[:MOST_ANSWERS]
        passages = dict.fromkeys(reading.passage.id for candidate in best for reading in candidate.readings)
        return [copy for passage in passages for copy in found.copies.get(passage, ())]

    def _reranked(self, query: str, k: int, only: Filter | None, newest_first: bool) -> list[Hit]:
        hits = self.retriever.search(query, k, "fused", only)
        trace = Trace(query, tuple(hits), tuple(self.reader.read(query, hits)), {})
        return reranked(trace, self.reader_card.calibration, self._dates(trace) if newest_first else None)

    def _dates(self, trace: Trace) -> dict[str, str]:
        return published(self.library, {hit.passage.article_id for hit in trace.hits})

    def _nothing_found(self, only: Filter | None, otherwise: Reason | None) -> Reason | None:
        """Why there is not one passage to read."""
        if self.library.counts()[0] == 0:
            return "empty_library"
        return "nothing_passes" if only else otherwise

    @property
    def reader_card(self) -> ReaderCard:
        """Which reader answers, and from which confidence."""
        return self.reader.card


def checked(question: str) -> str:
    """The question without white space around it; BadQuestion where it is empty or too long."""
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; ask one of at most {LONGEST_QUESTION:,} characters."
        )
    seen = "".join(letter for letter in question if letter.isprintable() or letter.isspace() or letter in _JOINERS)
    if not seen.strip():
        raise BadQuestion("The question is empty; ask one of at least one character.")
    return seen.strip()


def followed(question: str, earlier: Sequence[Earlier]) -> str:
    """What is really asked after these turns (`rag.conversation.query_rewriting`); the question as it is where that
    would be too long.
    """
    asked = as_asked(question, earlier)
    return asked if len(asked) <= LONGEST_QUESTION else question


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[stage] = perf_counter() - start
