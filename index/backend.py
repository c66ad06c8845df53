"""What a backend does: it holds the index of a library and finds candidates in it. `index.backends` chooses one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Embeddings, EncoderCard
from index.filters import Filter

Scores = dict[int, float]  # by row
Later = Callable[[], Embeddings]  # an embedding, waited for where it is not made yet


class BackendFailed(PullquoteError):
    """The index cannot be searched or written."""

    status = 503
    public = "The index cannot be searched at the moment; `pullquote search` on the server's machine says why."


class Candidates(Protocol):
    """Finds rows of a library by meaning and by words; only those that pass a filter, where one is given.

    NoSuchArticle where the filter names an article that is not there.
    """

    def by_meaning(self, embedding: Embeddings, depth: int, article_filter: Filter | None) -> Scores:
        """The `depth` rows nearest to a unit query of shape (dimension,), with their cosines."""
        ...

    def by_words(self, query: str, depth: int, article_filter: Filter | None) -> Scores:
        """The `depth` rows with the highest BM25 score, with their scores (above 0)."""
        ...

    def by_both(self, query: str, embedding: Later, depth: int, article_filter: Filter | None) -> tuple[Scores, Scores]:
        """What `by_meaning` and `by_words` find."""
        ...

    def cosines(self, embedding: Embeddings, rows: Iterable[int]) -> Scores:
        """The cosine of a unit query to each of these rows, those that are gone left out."""
        ...


@dataclass(frozen=True, slots=True)
class BackendFacts:
    """What is known of an index without opening it: for JSON, in a sentence, and in a few words."""

    facts: Mapping[str, object]
    sentence: str
    summary: str


class Backend(Protocol):
    """Where the index of a library is held; `name` is that of its facts in `pullquote status`."""

    name: ClassVar[str]

    def of_other(self, library: Library) -> Backend:
        """The same for a library that is not the one in the settings' home."""
        ...

    def open(self, library: Library, encoder: EncoderCard) -> Candidates:
        """The index, brought up to date; BackendFailed."""
        ...

    def drop(self, library: Library) -> None:
        """Takes away what is held elsewhere than beside the library; BackendFailed."""
        ...

    def describe(self, library: Library) -> BackendFacts: ...
