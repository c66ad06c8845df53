"""The file beside the library that holds a structure: FAISS's own bytes, which can be mapped, then the card.

The file ends with a digest of all before it. It can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.library.atomic_write import replacing
from corpus.library.store import Library
from corpus.regular_file import open_regular
from index.dense.vector_index import IndexCard, Structure
from index.dense.vector_table import IS_VECTOR
from index.derived_table import DerivedTable

_DIGEST_BYTES = 32
_CARD_BYTES = 512
_COMPARED_AT_ONCE = 8192  # vectors: 6 MB at 384 dimensions


class Snapshot:
    def __init__(self, library: Library) -> None:
        self._library_path = library.path
        self.path: Path = library.path.with_name(f"{library.path.stem}-{library.identity[:12]}.faiss")

    def card(self) -> IndexCard | None:
        """The card of the stored structure, or None; the digest is not compared."""
        with suppress(OSError), open_regular(self.path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _CARD_BYTES - _DIGEST_BYTES))
            return _card(file.read(_CARD_BYTES))
        return None

    def read(self) -> Structure | None:
        """The structure as it was last written, or None where there is none or its digest is wrong."""
        with suppress(OSError, ValueError, TypeError, RuntimeError):  # FAISS raises the last of these
            with open_regular(self.path) as file:
                data = np.asarray(np.memmap(file, dtype=np.uint8, mode="r"))
            body, digest = data[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
            card = _card(body[-_CARD_BYTES:].tobytes())
            if card and digest.tobytes() == _digest(body):
                return Structure.opened(self.path, card)
        return None

    def write(self, structure: Structure) -> None:
        """Replaces the file; nothing where it cannot be written."""
        card = np.frombuffer(json.dumps(asdict(structure.card)).ljust(_CARD_BYTES).encode(), dtype=np.uint8)
        body = structure.packed()
        # A full disk or a read-only folder costs the snapshot, not the answer.
        with suppress(OSError), replacing(self.path, like=self._library_path) as making, making.open("wb") as file:
            file.write(body.data)
            file.write(card.data)
            file.write(_digest(body, card))


class SnapshotFile(DerivedTable):
    """The snapshot, which a search writes where that pays."""

    part = "snapshot"

    def check(self, library: Library) -> Iterator[str]:
        """Rows that were added or removed since the snapshot was written are no fault."""
        snapshot = Snapshot(library)
        if not snapshot.path.is_file():
            return
        structure = snapshot.read()
        if structure is None:
            yield f"the snapshot {snapshot.path.name} is spoilt"
            return
        found = library.connection.execute(
            f"SELECT row, embedding FROM vector WHERE {IS_VECTOR}", (2 * structure.dimension,)
        )
        common = contradicted = 0
        while some := found.fetchmany(_COMPARED_AT_ONCE):
            rows = np.fromiter((row for row, _ in some), dtype=np.int64, count=len(some))
            is_common = np.isin(rows, structure.rows)
            vectors = np.frombuffer(b"".join(blob for _, blob in some), dtype=np.float16).reshape(len(some), -1)
            agreed = structure.agreeing(rows[is_common], vectors[is_common].astype(np.float32))
            common, contradicted = common + len(agreed), contradicted + int((~agreed).sum())
        if contradicted:
            yield f"the snapshot {snapshot.path.name} contradicts the library in {contradicted:,} of {common:,} vectors"

    def files(self, library: Library) -> tuple[Path]:
        return (Snapshot(library).path,)


SNAPSHOT = SnapshotFile()


def _card(data: bytes) -> IndexCard | None:
    """The card in these bytes; None where another version wrote them."""
    with suppress(ValueError, TypeError):
        card = IndexCard(**json.loads(data))
        counts = card.built_for, card.candidates, card.queries, card.generation
        if card.kind in {"flat", "rabitq"} and all(type(count) is int for count in counts) and 0 <= card.recall <= 1:
            return card
    return None


def _digest(*parts: NDArray[np.uint8]) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(part.data)
    return digest.digest()
