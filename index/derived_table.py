"""What is derived from articles and passages: the steps that keep it in agreement with them.

`index.tables` lists everything that is derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

from corpus.errors import PullquoteError
from corpus.library.integrity import Flaw
from corpus.library.store import Library, Stored
from index.encoder.encoder import Embeddings

# What mends a fault: nothing mends the truth, passages are cut and encoded again, derived tables rebuilt from both.
Matter = Literal["truth", "passages", "derived", "source"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts' embeddings, shape (n, dimension), and the digests of the texts."""

    embeddings: Embeddings
    digests: list[bytes]

    def part(self, start: int, end: int) -> Encoded:
        """Those of the texts `start:end`."""
        return Encoded(self.embeddings[start:end], self.digests[start:end])


class DamagedIndex(PullquoteError):
    """The index holds what is not in the library; `pullquote verify --repair` makes it again."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The index does not agree with the passages of the library; `pullquote verify --repair` makes it again."
        )


@dataclass(frozen=True, slots=True)
class NewPassages:
    """Passages that were just put into the library, what was encoded of each, and the ids of their articles."""

    article_ids: list[str]
    stored: list[Stored]
    encoded: Encoded


class DerivedTable:
    """Tables or a file that can be made again from articles and passages; a step that is not overridden does nothing.

    `part` is the name that `verify` reports faults under.
    """

    part: ClassVar[str]
    matter: ClassVar[Matter] = "derived"

    def prepare(self, library: Library) -> None:
        """Makes it where it is missing; in a library that an older version wrote, from what is there."""
        if self.is_there(library):
            return
        if library.counts() == (0, 0):
            self.create(library)
            return
        with library.writing():
            if not self.is_there(library):  # another process may have been faster
                self.rebuild(library)

    def is_there(self, library: Library) -> bool:  # noqa: ARG002
        return True

    def create(self, library: Library) -> None:
        """Makes it, empty, where there is none."""

    def keep(self, library: Library, new: NewPassages) -> None:
        """Adds new articles; inside `library.writing()`."""

    def forget(self, library: Library, article_id: str, stored: Sequence[Stored]) -> None:
        """Takes out an article that is about to be removed; inside `library.writing()`."""

    def refresh(self, library: Library) -> None:
        """Writes its file again where too much has changed since; after `library.writing()`."""

    def check(self, library: Library) -> Iterable[str | Flaw]:  # noqa: ARG002
        """What differs from what `rebuild` would make; nothing where it is yet to be prepared."""
        return ()

    def rebuild(self, library: Library) -> None:
        """Makes it again; inside `library.writing()`. Files are taken away, and made when they are next needed."""
        for path in self.files(library):
            path.unlink(missing_ok=True)

    def files(self, library: Library) -> Iterable[Path]:  # noqa: ARG002
        """The files beside the library that it is kept in."""
        return ()


class PassageTable(DerivedTable):
    """A table of what passages give. One with a prefix is of other passages: it is filled, then takes its place."""

    name: ClassVar[str]

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.table = prefix + self.name

    def staged(self) -> Self:
        """The table that a reindex fills."""
        return type(self)("staged_")

    def drop(self, library: Library) -> None:
        library.connection.execute(f"DROP TABLE IF EXISTS {self.table}")

    def take_place(self, library: Library) -> None:
        """Renames the staged table to the one in use, which has been dropped."""
        library.connection.execute(f"ALTER TABLE {self.table} RENAME TO {self.name}")
