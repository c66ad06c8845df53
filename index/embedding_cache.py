"""Each distinct text encoded once: those that the library holds an embedding of are not encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Self

import numpy as np

from corpus.library.store import Library
from index.dense import dense
from index.encoder.encoder import Embeddings, Encoder

Made = Mapping[bytes, Embeddings]  # embeddings, shape (dimension,), by the digests of their texts
Held = Callable[[Iterable[bytes]], Made]  # those there are already
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
    """Embeddings of texts on their way: `digests` of all, those that were `held`, and those that are being `made`."""

    digests: list[bytes]
    held: Made
    fresh: frozenset[bytes]  # that are not held, but made
    made: Callable[[], Made]

    def result(self) -> Encoded:
        """All the texts in order, once their embeddings are there."""
        by_digest = {**self.held, **self.made()}
        return Encoded(np.stack([by_digest[digest] for digest in self.digests]), self.digests)


class BackgroundEncoder:
    """Encodes in the background, in the order in which it is begun, for one who writes the result before the last."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library, self._encoder = library, encoder
        self._thread = ThreadPoolExecutor(1)
        self._last: Encoding | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, texts: Sequence[str], made: Made = _NONE) -> Encoding:
        """Begins to encode what neither the library holds nor was `made` elsewhere nor begun just before this."""
        before, coming = self._last, self._last.fresh if self._last else frozenset[bytes]()
        encoding = to_encode(partial(self._held, made), self._encoder, texts, coming)
        self._last = begun = replace(encoding, made=self._thread.submit(encoding.made).result)
        if before is None or coming.isdisjoint(encoding.digests):
            return begun
        return replace(begun, made=lambda: {**before.made(), **begun.made()})

    def _held(self, made: Made, digests: Iterable[bytes]) -> Made:
        """What was made elsewhere, and what the library holds, which comes first."""
        return {**made, **dense.held(self._library, digests)}


def to_encode(held: Held, encoder: Encoder, texts: Sequence[str], coming: frozenset[bytes] = frozenset()) -> Encoding:
    """What is held of the texts; the rest but what is `coming` is encoded when the result is asked for."""
    digests = [dense.digest_of(text) for text in texts]
    by_digest = dict(zip(digests, texts, strict=True))
    known = held(by_digest)
    fresh = [digest for digest in by_digest if digest not in known and digest not in coming]
    return Encoding(digests, known, frozenset(fresh), partial(_made, encoder, {one: by_digest[one] for one in fresh}))


def _made(encoder: Encoder, texts: dict[bytes, str]) -> Made:
    """The embeddings of texts by their digests."""
    return dict(zip(texts, encoder.encode_passages(list(texts.values())), strict=True)) if texts else _NONE


def digests_of(library: Library, article_id: str) -> frozenset[bytes]:
    """Those of the texts that an article's passages were encoded from, as far as they are kept."""
    query = "SELECT digest FROM vector JOIN passage USING (row) WHERE article_id = ? AND digest IS NOT NULL"
    return frozenset(digest for (digest,) in library.connection.execute(query, (article_id,)))
