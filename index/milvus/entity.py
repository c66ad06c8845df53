"""The properties of a collection in Milvus, and its entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from index.encoder.encoder import Embeddings

FACTS = ("article", "first", "last", "language", "outlet")  # fields that hold one text


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """The library and the encoder of a collection; `born` differs for each collection of one name."""

    library: str
    encoder: str
    dimension: int
    born: str = ""


class Entity(TypedDict):
    """A passage in the collection: its row, the facts for filters, its words, its vector."""

    row: int
    article: str
    first: str  # day that the article's date may mean
    last: str
    language: str
    outlet: str
    authors: list[str]
    words: str
    embedding: Embeddings  # shape (dimension,)
