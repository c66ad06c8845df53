"""The table of the states that sources were in when they were last read: one for files, one for web pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corpus.library.store import Library

Fate = Literal["read", "refused", "removed"]


@dataclass(frozen=True, slots=True)
class StateTable:
    """`key` is the column by which a state is known, `source` the one with the source of its article.

    States change inside `library.writing()`.
    """

    name: str
    key: str
    source: str
    schema: str

    def prepare(self, library: Library) -> None:
        library.make(self.schema)

    def forget(self, library: Library, keys: Iterable[str]) -> None:
        library.connection.executemany(f"DELETE FROM {self.name} WHERE {self.key} = ?", ((key,) for key in keys))

    def leave_out(self, library: Library, source: str) -> None:
        """Marks the article of this source as removed by hand."""
        library.connection.execute(f"UPDATE {self.name} SET fate = 'removed' WHERE {self.source} = ?", (source,))

    def let_in(self, library: Library, source: str) -> None:
        """Takes back `leave_out`, for copies of it as well."""
        fate = "iif(reason = '', 'read', 'refused')"
        same = f"SELECT sha256 FROM {self.name} WHERE {self.source} = ? AND sha256 <> ''"
        query = (
            f"UPDATE {self.name} SET fate = {fate} WHERE fate = 'removed' AND ({self.source} = ? OR sha256 IN ({same}))"
        )
        library.connection.execute(query, (source, source))
