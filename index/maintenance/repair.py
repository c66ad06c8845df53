"""A library repaired: what is derived is rebuilt, articles stay as they are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from corpus.errors import PullquoteError
from corpus.library.integrity import check_file, misplaced, orphaned, readable
from corpus.library.store import Library
from index.chunked import chunked
from index.dense.vector_table import VECTORS, digest_of
from index.derived_table import Matter
from index.encoder.encoder import Encoder
from index.maintenance.verify import Finding, Progress, guarded, no_progress
from index.manifest import Manifest, check_readable, sound_manifest
from index.passage_digest import PASSAGE_DIGESTS
from index.tables import TABLES, prepare

OpenEncoder = Callable[[], Encoder]


class BeyondRepair(PullquoteError):
    """The library file itself is damaged; put a backup in its place with `pullquote restore FILE --force`."""

    def __init__(self, library: Library, why: object) -> None:
        super().__init__(
            f"{library.path} is damaged where nothing can be made again ({why}), and was left as it was; put a backup "
            "in its place with `pullquote restore FILE --force`."
        )


def repair(
    library: Library, found: Iterable[Finding], open_encoder: OpenEncoder, progress: Progress = no_progress
) -> list[str]:
    """Mends in one transaction what was found and can be mended; a sentence for each thing that was done.

    Articles with wrong passages are chunked and encoded again. Their passages get new rows, because running processes
    take a row for the vector it had. Damaged articles are left alone, so that nothing is derived from damage.
    BeyondRepair, StaleIndex: nothing was changed.
    """
    damage = [finding for finding in found if finding.is_damage]
    try:
        prepare(library)
        with library.writing():
            return list(_mended(library, damage, open_encoder, progress))
    except sqlite3.DatabaseError as fault:
        if isinstance(fault, sqlite3.OperationalError):
            raise
        raise BeyondRepair(library, fault) from fault


def _mended(library: Library, damage: list[Finding], open_encoder: OpenEncoder, progress: Progress) -> Iterator[str]:
    parts = {finding.part for finding in damage}
    if "file" in parts:
        library.connection.execute("REINDEX")
        if left := next(check_file(library), None):
            raise BeyondRepair(library, left)
        yield "the indexes of the tables were made again"
    orphans = Counter(_without_orphans(library)) if "references" in parts else Counter()
    for name, count in orphans.items():
        yield f"rows of {name} that belonged to nothing were taken out: {count:,}"
    undamaged = _ids(damage, "passages") - _ids(damage, "truth")
    wrong = sorted(article_id for article_id in undamaged if readable(library, article_id))
    built = sound_manifest(library)
    if wrong and built:
        encoder = open_encoder()
        check_readable(library, encoder.card.identity)
        for number, article_id in enumerate(wrong):
            progress("articles cut and encoded again", number, len(wrong))
            _put_again(library, encoder, built, article_id)
        yield f"articles were cut and encoded again: {len(wrong):,}"
    lost = [row for article_id in _ids(damage, "passages") for row in misplaced(library, article_id)]
    if lost:
        library.connection.executemany("DELETE FROM passage WHERE row = ?", ((row,) for row in lost))
        yield f"passages of damaged articles that stood where there is no text were taken out: {len(lost):,}"
    has_new_rows = bool(orphans or wrong or lost)
    for table in TABLES:
        if table.matter != "derived":
            continue
        if table.part in parts or (has_new_rows and list(guarded(partial(table.check, library)))):
            table.rebuild(library)
            yield f"{table.part}: made again"


def _without_orphans(library: Library) -> Iterator[str]:
    """Removes rows that refer to nothing; the table of each."""
    while rows := list(orphaned(library)):  # what referred to an orphan is one then
        for table, row in rows:
            library.connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
            yield table


def _ids(damage: list[Finding], matter: Matter) -> set[str]:
    return {one.article_id for one in damage if one.matter == matter and one.article_id is not None}


def _put_again(library: Library, encoder: Encoder, built: Manifest, article_id: str) -> None:
    """Replaces the article by itself, chunked and encoded again; no stored embedding is used."""
    article = chunked(library.article(article_id), built, encoder)
    texts = article.texts(built.titled)
    embeddings = encoder.encode_passages(texts)
    library.connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
    rows = [one.row for one in library.put(article.article, article.spans)]
    VECTORS.insert(library, rows, embeddings, [digest_of(text) for text in texts])
    PASSAGE_DIGESTS.seal(library, article_id)
