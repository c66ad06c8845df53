"""What can go wrong with an index in Milvus, each told in a sentence."""

from __future__ import annotations

from index.backend import BackendFailed
from index.milvus.address import CollectionAddress


class MilvusMissing(BackendFailed):
    """What Milvus is asked through is not installed; `pip install 'pullquote[milvus]'`, or PULLQUOTE_INDEX=local."""

    def __init__(self, package: str, remedy: str) -> None:
        super().__init__(
            f"The settings keep the index in Milvus, and {package} is not installed; `pip install {remedy}`, or set "
            "PULLQUOTE_INDEX=local."
        )


class MilvusFailed(BackendFailed):
    """Milvus cannot be reached or did not do what it was asked; see that it runs, or set PULLQUOTE_INDEX=local."""

    def __init__(self, address: CollectionAddress, why: object) -> None:
        reason = " ".join(str(getattr(why, "message", "") or why or type(why).__name__).split()).rstrip(".")[:300]
        way_out = (
            "see that no other process has the file open"
            if address.is_file
            else "see that it runs, and that PULLQUOTE_INDEX and PULLQUOTE_INDEX_TOKEN are right"
        )
        super().__init__(f"Milvus at {address.uri} failed ({reason}); {way_out}, or set PULLQUOTE_INDEX=local.")


class ForeignCollection(BackendFailed):
    """The collection holds something else than this library; name another in PULLQUOTE_INDEX, or drop that one."""

    def __init__(self, address: CollectionAddress, content: str) -> None:
        super().__init__(
            f"The collection {address.collection} of {address.uri} holds {content}; name another collection in "
            "PULLQUOTE_INDEX, or drop that one."
        )
