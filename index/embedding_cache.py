"""Each distinct text encoded once: those that the library holds an embedding of are not encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np

from corpus.deadline import check_deadline
from corpus.library.store import Library
from index.chunked import ByDigest
from index.dense.vector_table import VECTORS, digest_of
from index.derived_table import Encoded
from index.encoder.encoder import Embeddings, Encoder

_AT_ONCE = 512  # texts
Lookup = Callable[[Iterable[bytes]], ByDigest]  # the embeddings there are already of texts with these digests


@dataclass(frozen=True, slots=True)
class Encoding:
    """The embeddings of texts: `known` ones, and those of the `fresh` digests, which `made` waits for."""

    digests: list[bytes]  # of all texts, in their order
    known: ByDigest
    fresh: frozenset[bytes]
    made: Callable[[], ByDigest]

    def result(self) -> Encoded:
        """All the texts in order, once the last of them is encoded."""
        by_digest = {**self.known, **self.made()}
        return Encoded(np.stack([by_digest[digest] for digest in self.digests]), self.digests)


class BackgroundEncoder:
    """Encodes batch n+1 in a thread while the caller writes batch n."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library, self._encoder = library, encoder
        self._thread = ThreadPoolExecutor(1)
        self._last: Encoding | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, texts: Sequence[str], made: ByDigest) -> Encoding:
        """Begins to encode the texts that were not `made` elsewhere, nor are in the library or in the batch before."""

        def lookup(digests: Iterable[bytes]) -> ByDigest:
            return {**made, **VECTORS.by_digest(self._library, digests)}

        before, coming = self._last, self._last.fresh if self._last else frozenset[bytes]()
        encoding = encode(lookup, self._encoder, texts, coming)
        self._last = begun = replace(encoding, made=self._thread.submit(copy_context().run, encoding.made).result)
        if before is None or coming.isdisjoint(encoding.digests):
            return begun
        return replace(begun, made=lambda: {**before.made(), **begun.made()})


def encode(lookup: Lookup, encoder: Encoder, texts: Sequence[str], coming: frozenset[bytes] = frozenset()) -> Encoding:
    """The texts' embeddings; what is neither found nor `coming` is encoded when the result is asked for."""
    digests = [digest_of(text) for text in texts]
    by_digest = dict(zip(digests, texts, strict=True))
    known = lookup(by_digest)
    fresh = {digest: text for digest, text in by_digest.items() if digest not in known and digest not in coming}
    return Encoding(digests, known, frozenset(fresh), partial(_encoded, encoder, fresh))


def _encoded(encoder: Encoder, texts: dict[bytes, str]) -> ByDigest:
    digests = list(texts)
    made: dict[bytes, Embeddings] = {}
    for first in range(0, len(digests), _AT_ONCE):
        check_deadline()
        some = digests[first : first + _AT_ONCE]
        made.update(zip(some, encoder.encode_passages([texts[digest] for digest in some]), strict=True))
    return made
