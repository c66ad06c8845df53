"""The vectors of passages in the library file, each with the digest of the text that was encoded."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from corpus.library.integrity import Flaw, whole_passages
from corpus.library.store import Library
from index.derived_table import NewPassages, PassageTable
from index.encoder.encoder import Embeddings
from index.manifest import encoded_text, sound_manifest

# Libraries of before version 0.2 have vectors without a digest.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS {table} (
    row INTEGER PRIMARY KEY REFERENCES {prefix}passage (row) ON DELETE CASCADE, embedding BLOB NOT NULL, digest BLOB
)
"""
IS_VECTOR = "typeof(embedding) = 'blob' AND length(embedding) = ?"  # in SQL, of so many bytes
_DIGEST_BYTES = 16
_UNIT = 2e-3  # that a float16 row's length may differ from 1: 1e-4 at 384 dimensions


class VectorTable(PassageTable):
    """Vectors go with their passages, by reference; what is wrong with them is mended by encoding again."""

    part = "vectors"
    matter = "passages"
    name = "vector"

    def prepare(self, library: Library) -> None:
        library.connection.execute(_SCHEMA.format(table=self.table, prefix=self.prefix))
        if not _has_digests(library, self.table):
            try:
                library.connection.execute(f"ALTER TABLE {self.table} ADD COLUMN digest BLOB")
            except sqlite3.OperationalError as error:
                if "duplicate column" not in str(error):  # else another process was quicker
                    raise
        self._index(library, self.table)

    create = prepare

    def keep(self, library: Library, new: NewPassages) -> None:
        self.insert(library, [one.row for one in new.stored], new.encoded.embeddings, new.encoded.digests)

    def insert(
        self, library: Library, rows: Sequence[int], embeddings: Embeddings, digests: Sequence[bytes] | None = None
    ) -> None:
        """Writes one embedding a passage row, shape (n, dimension); inside `library.writing()`.

        Embeddings without a digest are not found again.
        """
        blobs = (row.tobytes() for row in embeddings.astype(np.float16))
        known: Sequence[bytes | None] = digests or [None] * len(rows)
        insert = f"INSERT INTO {self.table} (row, embedding, digest) VALUES (?, ?, ?)"
        library.connection.executemany(insert, zip(rows, blobs, known, strict=True))

    def by_digest(self, library: Library, digests: Iterable[bytes]) -> dict[bytes, Embeddings]:
        """The embeddings, shape (dimension,), of those texts that have been encoded for this library."""
        query = f"SELECT embedding FROM {self.table} WHERE digest = ? AND typeof(embedding) = 'blob' LIMIT 1"
        found = ((digest, library.connection.execute(query, (digest,)).fetchone()) for digest in digests)
        return {digest: np.frombuffer(row[0], dtype=np.float16).astype(np.float32) for digest, row in found if row}

    def digests_of(self, library: Library, article_id: str) -> frozenset[bytes]:
        """Those of the texts that an article's passages were encoded from, as far as they are kept."""
        query = "SELECT digest FROM vector JOIN passage USING (row) WHERE article_id = ? AND digest IS NOT NULL"
        return frozenset(digest for (digest,) in library.connection.execute(query, (article_id,)))

    def check(self, library: Library) -> Iterator[Flaw]:
        if manifest := sound_manifest(library):
            yield from _spoilt(library, manifest.dimension)
            yield from misplaced_vectors(library, manifest.titled)

    def take_place(self, library: Library) -> None:
        super().take_place(library)
        library.connection.execute(f"DROP INDEX {self.table}_digest")
        self._index(library, self.name)

    def _index(self, library: Library, table: str) -> None:
        library.connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_digest ON {table} (digest)")


VECTORS = VectorTable()


def digest_of(text: str) -> bytes:
    """The key by which the vector of a text that was encoded before is found again."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def changed_texts(library: Library, titled: bool) -> Iterator[Flaw]:
    """Articles with passages whose text is no longer what was encoded, nor is that of any other passage."""
    for article_id, count in _count_differing(library, titled, is_known=False).items():
        yield Flaw(article_id, f"is not as it was written in {count:,} of its passages")


def misplaced_vectors(library: Library, titled: bool) -> Iterator[Flaw]:
    """Articles with passages that have the vector of another passage's text."""
    for article_id, count in _count_differing(library, titled, is_known=True).items():
        yield Flaw(article_id, f"has the vector of another text for {count:,} of its passages")


def _count_differing(library: Library, titled: bool, is_known: bool) -> Counter[str]:
    """How many passages of each article have another digest than their text's: one of some passage, or of none."""
    if not _has_digests(library, VECTORS.table):
        return Counter()
    differing = []
    for article_id, row, digest in _digests(library, titled):
        query = "SELECT digest FROM vector WHERE row = ? AND digest IS NOT NULL"
        stored_digest = library.connection.execute(query, (row,)).fetchone()
        if stored_digest and stored_digest[0] != digest:
            differing.append((article_id, stored_digest[0]))
    sought = {digest for _, digest in differing}
    known = {digest for _, _, digest in _digests(library, titled) if digest in sought} if sought else set()
    return Counter(article_id for article_id, digest in differing if (digest in known) == is_known)


def _digests(library: Library, titled: bool) -> Iterator[tuple[str, int, bytes]]:
    """The article, the row and the text's digest of each passage."""
    for stored in whole_passages(library):
        yield stored.passage.article_id, stored.row, digest_of(encoded_text(stored.passage, titled))


def _has_digests(library: Library, table: str) -> bool:
    columns = library.connection.execute(f"SELECT name FROM pragma_table_info('{table}')")
    return ("digest",) in columns.fetchall()


def _spoilt(library: Library, dimension: int) -> Iterator[Flaw]:
    """What is wrong with the vectors of each article's passages, without a look at their texts."""
    is_there = library.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'vector'").fetchone()
    vectors = "vector" if is_there else "(SELECT NULL AS row, NULL AS embedding)"
    found = library.connection.execute(
        f"SELECT article_id, embedding FROM passage LEFT JOIN {vectors} USING (row) ORDER BY article_id"
    )
    for article_id, rows in groupby(found, key=itemgetter(0)):
        embeddings = [embedding for _, embedding in rows]
        total, missing = len(embeddings), embeddings.count(None)
        if missing:
            yield Flaw(article_id, f"has {missing:,} of its {total:,} passages without a vector")
        if spoilt := total - missing - _count_units(embeddings, dimension):
            yield Flaw(article_id, f"has {spoilt:,} of its {total:,} passages with a spoilt vector")


def _count_units(embeddings: list[object], dimension: int) -> int:
    """How many of them are unit rows of the right length."""
    whole = [one for one in embeddings if isinstance(one, bytes) and len(one) == 2 * dimension]
    vectors = np.frombuffer(b"".join(whole), dtype=np.float16).astype(np.float32).reshape(-1, dimension)
    return int((np.abs(np.linalg.norm(vectors, axis=1) - 1) <= _UNIT).sum())
