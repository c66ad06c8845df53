"""The body of an answer, unpacked bit by bit: however much a packed one would become, little of it is in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"  # what zlib unpacks up to a length; others unpack all that they are given
_AT_ONCE = 2**16  # bytes
_HEAD = 2  # bytes that tell one packing from another
_EITHER = zlib.MAX_WBITS + 32  # with the head of gzip or of zlib


class Unpackable(Exception):
    """The body is packed in a way that was not asked for, or broken; try again, or save the page and add the file."""


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """A body in pieces of at most 64 KB, unless it comes unpacked in larger ones; `encoding` is what its head states.

    What is packed twice is refused: nobody means it, and it grows by a thousand each time.
    """
    packing = encoding.strip().lower() or "identity"
    if packing == "identity":
        return iter(pieces)
    if packing in ("gzip", "x-gzip", "deflate"):
        return _inflated(pieces)
    raise Unpackable(f"it is packed as {packing[:40]!r}, which was not asked for")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflate = None
    left = b""
    for packed in pieces:
        left += packed
        if inflate is None:
            if len(left) < _HEAD:
                continue
            inflate = zlib.decompressobj(_EITHER if _has_head(left) else -zlib.MAX_WBITS)
        while left and not inflate.eof:
            try:
                piece = inflate.decompress(left, _AT_ONCE)
            except zlib.error as fault:
                raise Unpackable("its packing is broken") from fault
            left = inflate.unconsumed_tail
            yield piece
        left = b""  # what stands behind the end
    if inflate is not None:
        yield inflate.flush()


def _has_head(packed: bytes) -> bool:
    """Whether a stream begins as gzip or zlib do; some servers send deflate without a head (RFC 9110, 8.4.1.2)."""
    return packed[:_HEAD] == b"\x1f\x8b" or (
        packed[0] & 0x0F == zlib.DEFLATED and int.from_bytes(packed[:_HEAD]) % 31 == 0
    )
