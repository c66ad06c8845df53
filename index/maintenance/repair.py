"""A library mended: what is derived is made again, the truth stays as it is."""

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
    """Mends what was found and can be mended, all in one transaction; what was done, a sentence each.

    The passages of an article are mended by cutting and encoding it again, and get new rows: to search structures that
    others hold, a row is its vector for ever. Articles that are damaged themselves are left alone, so that nothing is
    made of what they never said. BeyondRepair, StaleIndex: nothing was changed.
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
    wrong = _articles_to_put_again(library, damage)
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
    """Takes out what belongs to nothing; the table of each row."""
    while rows := list(orphaned(library)):  # what belonged to an orphan is one then
        for table, row in rows:
            library.connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
            yield table


def _articles_to_put_again(library: Library, damage: list[Finding]) -> list[str]:
    """The articles whose passages are wrong and that are themselves whole."""
    wrong = _ids(damage, "passages") - _ids(damage, "truth")
    return sorted(one for one in wrong if readable(library, one))


def _ids(damage: list[Finding], matter: Matter) -> set[str]:
    return {one.article_id for one in damage if one.matter == matter and one.article_id is not None}


def _put_again(library: Library, encoder: Encoder, built: Manifest, article_id: str) -> None:
    """Puts the article in its own place, cut and encoded anew: what is kept of its passages may be what is wrong."""
    article = chunked(library.article(article_id), built, encoder)
    texts = article.texts(built.titled)
    embeddings = encoder.encode_passages(texts)
    library.connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
    rows = [one.row for one in library.put(article.article, article.spans)]
    VECTORS.insert(library, rows, embeddings, [digest_of(text) for text in texts])
