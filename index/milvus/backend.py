"""The index in a collection of Milvus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from corpus.library.store import Library
from index.backend import BackendFacts
from index.encoder.encoder import EncoderCard
from index.milvus.address import CollectionAddress
from index.milvus.candidates import MilvusCandidates
from index.milvus.collection import Collection
from index.milvus.mirror import mirrored


@dataclass(frozen=True, slots=True)
class MilvusBackend:
    """The collection at an address, which takes a `token` where it is guarded."""

    name: ClassVar[str] = "milvus"
    address: CollectionAddress
    token: str = ""

    def of_other(self, library: Library) -> MilvusBackend:
        return MilvusBackend(self.address.beside(library.identity[:12]), self.token)

    def open(self, library: Library, encoder: EncoderCard) -> MilvusCandidates:
        return MilvusCandidates(library, encoder, self.address, self.token)

    def drop(self, library: Library) -> None:  # noqa: ARG002
        collection = Collection(self.address, self.token)
        collection.drop()
        collection.close()

    def describe(self, library: Library) -> BackendFacts:
        """The passages and the generation that the collection was left with; Milvus is not asked."""
        uri, collection = self.address.uri, self.address.collection
        left = mirrored(library, self.address)
        state = f"{left.count:,} passages of generation {left.generation}" if left else "yet to be filled"
        return BackendFacts(
            {
                "uri": uri,
                "collection": collection,
                "passages": left.count if left else 0,
                "generation": left.generation if left else None,
            },
            f"hybrid search in Milvus: the collection {collection} of {uri}, {state}",
            "hybrid search in Milvus",
        )
