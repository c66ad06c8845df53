"""Passages for a question, of which no two are near copies of one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Protocol

from corpus.deadline import check_deadline
from corpus.library.store import Library
from index.filters import Filter
from index.hit import Hit
from index.near_duplicates.sketches import stories_of
from index.search import Mode
from rag.answer import Candidate, Trace
from rag.decision.near_duplicates import without_copies
from rag.question import CheckedQuestion
from rag.small_talk import is_small_talk

_DEEPER = 5  # times as many passages are searched for where some are near copies


class Retriever(Protocol):
    """Finds passages for a query."""

    def search(
        self, query: str, k: int, mode: Mode = "fused", article_filter: Filter | None = None, newest_first: bool = False
    ) -> list[Hit]:
        """The `k` best of the passages that pass the filter, best first; of about equal ones the newest."""
        ...

    def repaired(self, query: str) -> str:
        """The query with its misspelt words repaired."""
        ...


@dataclass(frozen=True, slots=True)
class RetrievedPassages:
    """A trace of the passages to read, and their near copies, by the id of the passage that is read in their place."""

    trace: Trace
    copies: Mapping[str, Sequence[Hit]]

    def copies_of(self, candidates: Iterable[Candidate]) -> list[Hit]:
        """The near copies of the passages in which these answers were read."""
        passages = dict.fromkeys(reading.passage.id for one in candidates for reading in one.readings)
        return [copy for passage in passages for copy in self.copies.get(passage, ())]


def retrieve(
    library: Library, retriever: Retriever, question: CheckedQuestion, given: Sequence[Hit] | None = None
) -> RetrievedPassages:
    """The passages to read for a question, of the `given` hits (best first), or else of those that are found for it.

    There are none for small talk.
    """
    check_deadline()
    started = perf_counter()
    if is_small_talk(question.rewritten):
        return RetrievedPassages(Trace(question.rewritten, (), ()), {})
    query, options = retriever.repaired(question.rewritten), question.options
    best = partial(retriever.search, query, article_filter=options.filter, newest_first=options.newest_first)
    hits = best(options.passages) if given is None else given
    stories = _stories(library, hits)
    if stories and given is None:
        hits = best(_DEEPER * options.passages)
        stories = _stories(library, hits)
    distinct, copies = without_copies(hits, stories)
    read_as = query if query != question.rewritten else None
    seconds = {"retrieve": perf_counter() - started}
    trace = Trace(question.rewritten, tuple(distinct[: options.passages]), (), seconds, read_as, stories)
    return RetrievedPassages(trace, copies)


def _stories(library: Library, hits: Sequence[Hit]) -> dict[str, str]:
    return stories_of(library, {hit.passage.article_id for hit in hits})
