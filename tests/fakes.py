"""Stand-ins for what is slow: each says in one line how it behaves."""

from __future__ import annotations

import re
from hashlib import blake2b

import numpy as np

from index.encoder.encoder import Embeddings, EncoderCard

_WORD = re.compile(r"\w+")


class HashEncoder:
    """A text is the sum of its words' unit vectors, each drawn from a hash of the word: texts that share words are near."""

    def __init__(self, name: str = "hash", dimension: int = 256) -> None:
        self.card = EncoderCard(name=name, fingerprint="0" * 12, dimension=dimension, max_tokens=256)
        self._known: dict[str, Embeddings] = {}

    def encode_query(self, query: str) -> Embeddings:
        row: Embeddings = self.encode_passages([query])[0]
        return row

    def encode_passages(self, texts: list[str]) -> Embeddings:
        rows = np.zeros((len(texts), self.card.dimension), dtype=np.float32)
        for number, text in enumerate(texts):
            for word in _WORD.findall(text.lower()) or [""]:
                rows[number] += self._direction(word)
        unit: Embeddings = rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-12)
        return unit

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _direction(self, word: str) -> Embeddings:
        if word not in self._known:
            seed = int.from_bytes(blake2b(word.encode(errors="replace"), digest_size=8).digest())
            drawn = np.random.default_rng(seed).standard_normal(self.card.dimension).astype(np.float32)
            self._known[word] = drawn / np.linalg.norm(drawn)
        return self._known[word]
