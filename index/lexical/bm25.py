"""BM25 for large libraries, from postings that are mapped from a file.

The results are those of FTS5 (`index.lexical.lexical`), scores to the last bit, so either may answer at any time. A
process that adds passages writes the file. A process that searches adds what has changed since, and asks FTS5 where
there is no file, or too much has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from corpus.library.atomic_write import replacing
from corpus.library.store import Library, Stored
from index.dense.rows import changes, count, rows_of
from index.dense.vector_index import Rows
from index.derived_table import DerivedTable
from index.lexical import lexical
from index.lexical.postings import Postings, SpoiltPostings, digest_of, merged, postings_of, terms_of

FROM = 50_000  # passages; FTS5 takes about 9 ms there
_CHANGED = 5_000  # rows from which on a new file pays: taking in so many takes about a second
_READ_AT_ONCE = 5_000  # passages
_K1, _B = 1.2, 0.75  # as in FTS5
_LEAST_IDF = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _TermPostings:
    """The passages of one part that hold a term, by their places in it: how often, and how many tokens they have."""

    places: NDArray[np.intp]
    counts: NDArray[np.uint8]
    tokens: NDArray[np.uint32]

    def among(self, is_named: NDArray[np.bool_]) -> _TermPostings:
        mapped = is_named[self.places]
        return _TermPostings(self.places[mapped], self.counts[mapped], self.tokens[mapped])


class WordIndex:
    """BM25 search over a library's passages and their titles, as of the generation that is read."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._known = -1, library.identity  # the generation, and the library, of the parts
        self._written = 0  # when the file was written, in nanoseconds
        self._parts: list[Postings] = []  # the file's postings, then those of passages added since

    def search(self, query: str, k: int, among: Rows | None = None) -> dict[int, float]:
        """The `k` rows with the highest BM25 score, with their scores (above 0).

        Only rows `among` these count, where any are named; what a word weighs, the whole library decides.
        """
        if among is not None and not len(among):
            return {}
        try:
            return self._search(query, k, among)
        except SpoiltPostings:
            self._discard()
            return self._search(query, k, among)

    def _search(self, query: str, k: int, among: Rows | None) -> dict[int, float]:
        with self._library.reading() as generation:
            words = terms_of(tuple(lexical.content_words(query)))
            parts = self._followed(generation) if all(len(terms) == 1 for terms in words) else []
            if not parts:
                return lexical.search(self._library, query, k, None if among is None else among.tolist())
            passages, tokens = lexical.totals(self._library)
        found = [[_find(part, term) for part in parts] for (term,) in words]
        weights = [_idf(passages, sum(len(one.places) for one in by_part)) for by_part in found]
        average = tokens / max(passages, 1)
        rows, scores = [], []
        for number, part in enumerate(parts):
            here = [by_part[number] for by_part in found]
            places, own = _best(_only(here, part, among), weights, average, k)
            rows.append(places + part.first)
            scores.append(own)
        order = np.lexsort((np.concatenate(rows), -np.concatenate(scores)))[:k]
        return dict(zip(np.concatenate(rows)[order].tolist(), np.concatenate(scores)[order].tolist(), strict=True))

    def _followed(self, generation: int) -> list[Postings]:
        """The parts as of this generation, which is being read; none where FTS5 is to be asked."""
        if not self._lock.acquire(blocking=False):  # another thread is following: FTS5 need not wait for it
            return []
        try:
            written = _written(self._library)
            asked_for = generation, self._library.identity
            if asked_for != self._known or (not self._parts and written != self._written):
                self._parts = self._up_to_date(generation)
                self._known, self._written = asked_for, written
            return self._parts
        finally:
            self._lock.release()

    def _discard(self) -> None:
        """Takes the file away: FTS5 is asked, until articles are added and it is written again."""
        with self._lock, suppress(OSError):
            self._parts = []
            path_of(self._library).unlink(missing_ok=True)

    def _up_to_date(self, generation: int) -> list[Postings]:
        is_known = self._known[1] == self._library.identity and self._known[0] <= generation
        for parts in (self._parts if is_known else [], _mapped(self._library)):
            if parts and (followed := _following(self._library, parts, generation)):
                return followed
        return []


def path_of(library: Library) -> Path:
    """The file of a library's postings."""
    return library.path.with_name(f"{library.path.stem}-{library.identity[:12]}.words")


def build(library: Library) -> bool:
    """Writes the file, where the library is large and there is none, or much has changed; whether it did."""
    with library.reading() as generation:
        if count(library) < FROM:
            return False
        parts = _mapped(library)
        gone, missing = changes(library, _rows_of(parts), bool(parts) and parts[0].generation <= generation)
        if parts and len(gone) + len(missing) <= _CHANGED:
            return False
        if not all(part.is_whole for part in parts):
            parts, gone, missing = [], gone[:0], rows_of(library)
        try:
            _make(library, [_without_rows(part, gone) for part in parts], missing, generation)
        except OSError:  # a full disk or a read-only folder costs the file, not what was added
            return False
        return True


def _make(library: Library, parts: list[Postings], missing: Rows, generation: int) -> None:
    """Replaces the file by one of these parts and of the rows that are missing in them."""
    path = path_of(library)
    with (
        replacing(path, is_synced=True, like=library.path) as making,  # nothing is compared with it on opening
        TemporaryDirectory(prefix=f"{making.name}-", dir=path.parent) as folder,
    ):
        for number, part in enumerate(postings_of(_stored(library, missing), generation)):
            part.write(Path(folder) / str(number))
            parts.append(Postings.mapped(Path(folder) / str(number)) or part)
        merged(parts, generation, making)


class PostingsFile(DerivedTable):
    """The file of postings. Without it FTS5 is asked, until articles are added and it is written again."""

    part = "postings"

    def refresh(self, library: Library) -> None:
        build(library)

    def check(self, library: Library) -> Iterator[str]:
        """A missing file, or one of an older generation, is no fault."""
        path = path_of(library)
        with library.reading() as generation:
            if not path.is_file():
                return
            mapped = _mapped(library)
            if not mapped or not mapped[0].is_whole:
                yield f"the postings {path.name} are spoilt"
                return
            parts = _following(library, mapped, generation)
            if not parts:
                return
            wrong = sum(
                sum(_sum_of_rows(part, digest_of(term)) for part in parts) != rows
                for term, rows in _sums_of_rows(library)
            )
            tokens = sum(int(part.lengths.sum(dtype=np.int64)) for part in parts) - len(_rows_of(parts))
            total = lexical.totals(library)[1]
        if wrong or tokens != total:
            yield f"the postings {path.name} contradict the word index in {wrong:,} words"

    def files(self, library: Library) -> tuple[Path]:
        return (path_of(library),)


POSTINGS = PostingsFile()


def _sums_of_rows(library: Library) -> Iterator[tuple[str, int]]:
    """Each term of FTS5's index with the sum of the rows of all its places."""
    execute = library.connection.execute
    execute("CREATE VIRTUAL TABLE temp.terms_of_words USING fts5vocab (main, words, row)")
    execute("CREATE VIRTUAL TABLE temp.places_of_words USING fts5vocab (main, words, instance)")
    rows = (row for (row,) in execute("SELECT doc FROM temp.places_of_words"))  # both in the order of terms
    for term, count_of_places in execute("SELECT term, cnt FROM temp.terms_of_words").fetchall():
        yield term, sum(islice(rows, count_of_places))
    execute("DROP TABLE temp.terms_of_words")
    execute("DROP TABLE temp.places_of_words")


def _sum_of_rows(part: Postings, term: int) -> int:
    found = _find(part, term)
    return int(((found.places + part.first) * found.counts).sum())


def _written(library: Library) -> int:
    """When the file was last written, in nanoseconds; 0 where there is none."""
    with suppress(OSError):
        return path_of(library).stat().st_mtime_ns
    return 0


def _mapped(library: Library) -> list[Postings]:
    mapped = Postings.mapped(path_of(library))
    return [mapped] if mapped else []


def _rows_of(parts: Sequence[Postings]) -> Rows:
    return np.concatenate([part.held for part in parts]) if parts else np.array([], dtype=np.int64)


def _following(library: Library, parts: list[Postings], generation: int) -> list[Postings]:
    """The parts without removed passages and with added ones; none where too much has changed."""
    indexed = _rows_of(parts)
    gone, missing = changes(library, indexed, parts[-1].generation <= generation)
    if len(gone) + len(missing) + len(indexed) - int(np.count_nonzero(parts[0].lengths)) > _CHANGED:
        return []
    remaining = [_without_rows(part, gone) for part in parts]
    added = list(postings_of(_stored(library, missing), generation))
    recent = [*remaining[1:], *added]
    return [remaining[0], *([merged(recent, generation)] if len(recent) > 1 else recent)]


def _without_rows(part: Postings, gone: Rows) -> Postings:
    """The part with length 0 for passages that are gone: their postings stay and no longer count."""
    own = gone[(gone >= part.first) & (gone < part.first + len(part.lengths))] - part.first
    if not len(own):
        return part
    lengths = np.array(part.lengths)
    lengths[own] = 0
    return replace(part, lengths=lengths)


def _stored(library: Library, rows: Rows) -> Iterator[Stored]:
    for start in range(0, len(rows), _READ_AT_ONCE):
        some = rows[start : start + _READ_AT_ONCE].tolist()
        passages = library.passages(some)
        yield from (Stored(row, passages[row]) for row in some)


def _find(part: Postings, term: int) -> _TermPostings:
    rows, counts = part.rows_and_counts(part.of(term))
    places = rows.astype(np.intp) - part.first
    lengths = part.lengths[places]
    mapped = lengths > 0
    if mapped.all():
        return _TermPostings(places, counts, lengths - 1)
    return _TermPostings(places[mapped], counts[mapped], lengths[mapped] - 1)


def _idf(passages: int, found: int) -> float:
    """The inverse document frequency of a term, as in FTS5 (Robertson and Spärck Jones 1976)."""
    idf = log((passages - found + 0.5) / (found + 0.5))
    return idf if idf > 0 else _LEAST_IDF


def _only(found: list[_TermPostings], part: Postings, among: Rows | None) -> list[_TermPostings]:
    if among is None:
        return found
    is_named = np.zeros(len(part.lengths), dtype=np.bool_)
    own = among - part.first
    is_named[own[(own >= 0) & (own < len(is_named))]] = True
    return [one.among(is_named) for one in found]


def _best(found: list[_TermPostings], weights: list[float], average: float, k: int) -> tuple[NDArray[np.intp], Floats]:
    """The places with the `k` highest scores, and these; more where scores are equal, fewer where fewer are found.

    Scores are summed term by term for all passages. At least `k` passages score as high as the `k`th of the passages
    with one of the terms, so that passages below it are left out.
    """
    scores = np.zeros(1 + max((int(one.places[-1]) for one in found if len(one.places)), default=-1))
    for one, idf in zip(found, weights, strict=True):
        often = one.counts.astype(np.float64)
        scores[one.places] += idf * ((often * (_K1 + 1)) / (often + _K1 * (1 - _B + _B * one.tokens / average)))
    enough = [one.places for one in found if len(one.places) >= k]
    if enough:
        own = scores[min(enough, key=len)]
        best = np.flatnonzero(scores >= np.partition(own, len(own) - k)[len(own) - k])
    else:
        best = np.unique(np.concatenate([one.places for one in found])) if found else np.array([], dtype=np.intp)
    return best, scores[best]
