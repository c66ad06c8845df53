"""What a library is indexed with, whole and without row numbers: two libraries that hold the same compare equal."""

from __future__ import annotations

from corpus.library.store import Library
from index.manifest import recorded


def contents(library: Library) -> dict[str, object]:
    """Passages with vectors and digests, every word at its place, the counts of words, the manifest, the tables."""
    with library.reading():
        execute = library.connection.execute
        query = (
            'SELECT row, article_id, start, "end", embedding, digest FROM passage LEFT JOIN vector USING (row) '
            "ORDER BY article_id, start"
        )
        passages = {row: tuple(rest) for row, *rest in execute(query)}
        assert {row for (row,) in execute("SELECT row FROM vector")} == passages.keys()
        execute("CREATE VIRTUAL TABLE temp.said USING fts5vocab (main, words, instance)")
        words = [(term, doc, column, place) for term, doc, column, place in execute("SELECT * FROM said")]
        execute("DROP TABLE temp.said")
        assert {doc for _, doc, _, _ in words} <= passages.keys()
        return {
            "passages": list(passages.values()),
            "words": sorted((term, passages[doc][:3], column, place) for term, doc, column, place in words),
            "spelling": execute("SELECT * FROM spelling ORDER BY word").fetchall(),
            "manifest": recorded(library),
            "tables": sorted(execute("SELECT name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")),
        }
