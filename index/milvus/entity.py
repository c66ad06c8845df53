"""What a collection in Milvus says of itself, and what it holds of a passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from index.encoder.encoder import Embeddings

FACTS = ("article", "first", "last", "language", "outlet")  # fields that hold one text


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """What a collection is of: a library and the encoder of its vectors. `born` tells it from others of its name."""

    library: str
    encoder: str
    dimension: int
    born: str = ""


class Entity(TypedDict):
    """A passage as the collection has it: its row, what filters ask, its words, its vector."""

    row: int
    article: str
    first: str  # day that the article's date may mean
    last: str
    language: str
    outlet: str
    authors: list[str]
    words: str
    embedding: Embeddings  # shape (dimension,)
