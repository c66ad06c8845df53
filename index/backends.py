"""The backend that the setting `index` names: the one place that knows all of them."""

from __future__ import annotations

from corpus.library.store import Library
from index.backend import Backend, BackendFacts
from index.local import LocalBackend
from index.milvus.address import CollectionAddress
from index.milvus.backend import MilvusBackend

LOCAL = "local"  # the setting that keeps the index beside the library


def backend_at(setting: str, token: str = "") -> Backend:
    """The backend that the setting names; `BadIndex`, a ValueError, where it names none."""
    return LocalBackend() if setting == LOCAL else MilvusBackend(CollectionAddress.parse(setting), token)


def facts_by_name(library: Library, described: BackendFacts, name: str) -> dict[str, object]:
    """What `status` says under each backend's name: always of the files beside the library, else of the one in use."""
    beside = LocalBackend().describe(library).facts
    return {LocalBackend.name: beside, MilvusBackend.name: None, name: described.facts}
