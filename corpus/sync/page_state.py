"""The web pages that a library has read, their versions then, and the lists that name them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.library.store import Library
from corpus.sync.state_table import Fate, StateTable
from corpus.web.fetch import Validators

# Without a reference to articles: a page that is refused has none, and several pages may lead to one.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS page (
    address TEXT PRIMARY KEY, source TEXT NOT NULL, etag TEXT, last_modified TEXT, dated TEXT,
    sha256 TEXT NOT NULL, content TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS page_source ON page (source);
CREATE TABLE IF NOT EXISTS listed (
    list TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (list, address)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_address ON listed (address)
"""
PAGES = StateTable("page", "address", "source", _SCHEMA)
_COLUMNS = "address, source, etag, last_modified, dated, sha256, content, fate, reason"


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as it was when it was last fetched.

    `address` is its address in a list, `source` that after redirects, which is the source of its article. `dated` is
    the date in the list, where that tells whether the page has changed; `sha256` is the digest of its bytes, `content`
    that of its article (`Article.content_digest`). `fate` and `reason` are as in `corpus.sync.file_state`.
    """

    address: str
    source: str
    validators: Validators = field(default_factory=Validators)
    dated: str | None = None
    sha256: str = ""
    content: str = ""
    fate: Fate = "read"
    reason: str = ""

    def keep(self, library: Library) -> None:
        """Stores this state; inside `library.writing()`."""
        row = (
            self.address, self.source, self.validators.etag, self.validators.last_modified, self.dated, self.sha256,
            self.content, self.fate, self.reason,
        )  # fmt: skip
        library.connection.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def states_of(library: Library, addresses: Iterable[str]) -> dict[str, PageState]:
    """The states of these pages, as far as they are known, by address."""
    pages = _found(library, "address IN (SELECT value FROM json_each(?))", json.dumps(list(addresses)))
    return {page.address: page for page in pages}


def leading_to(library: Library, source: str) -> list[PageState]:
    """The states of the pages with this source, ordered by address."""
    return _found(library, "source = ?", source)


def _found(library: Library, condition: str, value: str) -> list[PageState]:
    query = f"SELECT {_COLUMNS} FROM page WHERE {condition} ORDER BY address"
    rows = library.connection.execute(query, (value,))
    return [
        PageState(address, source, Validators(etag, modified), *rest) for address, source, etag, modified, *rest in rows
    ]


def name(library: Library, listing: str, addresses: Iterable[str]) -> None:
    """Stores that the list at the address `listing` names these pages; inside `library.writing()`."""
    rows = ((listing, address) for address in addresses)
    library.connection.executemany("INSERT OR IGNORE INTO listed VALUES (?, ?)", rows)


def unname(library: Library, listing: str, addresses: Iterable[str]) -> None:
    """Stores that the list names these pages no longer; inside `library.writing()`."""
    rows = ((listing, address) for address in addresses)
    library.connection.executemany("DELETE FROM listed WHERE list = ? AND address = ?", rows)


def named_by(library: Library, listing: str) -> set[str]:
    """The pages that the list named at the last sync."""
    query = "SELECT address FROM listed WHERE list = ?"
    return {address for (address,) in library.connection.execute(query, (listing,))}


def is_named_elsewhere(library: Library, address: str, listing: str) -> bool:
    query = "SELECT 1 FROM listed WHERE address = ? AND list != ?"
    return library.connection.execute(query, (address, listing)).fetchone() is not None
