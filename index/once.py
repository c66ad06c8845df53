"""Each distinct text encoded once: those that the library holds an embedding of are not encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

import numpy as np

from corpus.store import Library
from index import dense
from index.encoder import Embeddings, Encoder


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts' embeddings, shape (n, dimension), and the digests of the texts."""

    embeddings: Embeddings
    digests: list[bytes]

    def part(self, start: int, end: int) -> Encoded:
        """Those of the texts `start:end`."""
        return Encoded(self.embeddings[start:end], self.digests[start:end])


@dataclass(frozen=True, slots=True)
class Encoding:
    """Embeddings of texts on their way: `digests` of all, those that were `held`, and those that are being made."""

    digests: list[bytes]
    held: dict[bytes, Embeddings]
    fresh: list[bytes]
    made: Future[Embeddings] | None

    def result(self) -> Encoded:
        """All the texts in order, once their embeddings are there."""
        by_digest = dict(self.held)
        if self.made is not None:
            by_digest |= dict(zip(self.fresh, self.made.result(), strict=True))
        return Encoded(np.stack([by_digest[digest] for digest in self.digests]), self.digests)


def begin(library: Library, encoder: Encoder, texts: Sequence[str], background: Executor) -> Encoding:
    """Begins to encode what is not held yet."""
    digests = [dense.digest_of(text) for text in texts]
    by_digest = dict(zip(digests, texts, strict=True))
    held = dense.held(library, by_digest)
    fresh = [digest for digest in by_digest if digest not in held]
    made = background.submit(encoder.encode_passages, [by_digest[one] for one in fresh]) if fresh else None
    return Encoding(digests, held, fresh, made)
