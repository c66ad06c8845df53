"""Each distinct text encoded once: those that the library holds an embedding of are not encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from corpus.store import Library
from index import dense
from index.encoder import Embeddings, Encoder

Held = Callable[[Iterable[bytes]], dict[bytes, Embeddings]]  # the embeddings there are of texts, by their digests
Made = Mapping[bytes, Embeddings]  # embeddings that were made elsewhere, shape (dimension,), by their texts' digests
_NONE: Made = MappingProxyType({})


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
    made: Callable[[], Embeddings]

    def result(self) -> Encoded:
        """All the texts in order, once their embeddings are there."""
        by_digest = dict(self.held)
        if self.fresh:
            by_digest |= dict(zip(self.fresh, self.made(), strict=True))
        return Encoded(np.stack([by_digest[digest] for digest in self.digests]), self.digests)


def begin(
    library: Library, encoder: Encoder, texts: Sequence[str], background: Executor, made: Made = _NONE
) -> Encoding:
    """Begins to encode what neither the library holds yet nor has been `made`; what it holds comes first."""
    encoding = to_encode(lambda digests: {**made, **dense.held(library, digests)}, encoder, texts)
    return replace(encoding, made=background.submit(encoding.made).result) if encoding.fresh else encoding


def to_encode(held: Held, encoder: Encoder, texts: Sequence[str]) -> Encoding:
    """What is held of the texts; the rest is encoded when the result is asked for."""
    digests = [dense.digest_of(text) for text in texts]
    by_digest = dict(zip(digests, texts, strict=True))
    known = held(by_digest)
    fresh = [digest for digest in by_digest if digest not in known]
    return Encoding(digests, known, fresh, partial(encoder.encode_passages, [by_digest[one] for one in fresh]))


def digests_of(library: Library, article_id: str) -> frozenset[bytes]:
    """Those of the texts that an article's passages were encoded from, as far as they are kept."""
    query = "SELECT digest FROM vector JOIN passage USING (row) WHERE article_id = ? AND digest IS NOT NULL"
    return frozenset(digest for (digest,) in library.connection.execute(query, (article_id,)))
