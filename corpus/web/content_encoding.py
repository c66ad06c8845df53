"""Response bodies decompressed piece by piece, so that little of one is in memory however large it becomes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"  # zlib decompresses these up to a given length; other decoders have no such limit
_PIECE = 2**16  # bytes
_HEADER = 2  # bytes that tell one compression from another
_GZIP_OR_ZLIB = zlib.MAX_WBITS + 32  # zlib reads the header of either


class BadEncoding(Exception):
    """The body is broken, or compressed in a way not asked for; try again, or save the page and add the file."""


def decompressed(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body in pieces of at most 64 KB, or as it comes where it is not compressed; `encoding` is Content-Encoding.

    A body that is compressed twice is BadEncoding: no server means it, and it may grow a thousandfold each time.
    """
    encoding = encoding.strip().lower() or "identity"
    if encoding == "identity":
        return iter(pieces)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(pieces)
    raise BadEncoding(f"it is packed as {encoding[:40]!r}, which was not asked for")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflate = None
    left = b""
    for piece in pieces:
        left += piece
        if inflate is None:
            if len(left) < _HEADER:
                continue
            inflate = zlib.decompressobj(_GZIP_OR_ZLIB if _has_header(left) else -zlib.MAX_WBITS)
        while left and not inflate.eof:
            try:
                data = inflate.decompress(left, _PIECE)
            except zlib.error as fault:
                raise BadEncoding("its packing is broken") from fault
            left = inflate.unconsumed_tail
            yield data
        left = b""  # bytes after the end of the stream
    if inflate is not None:
        yield inflate.flush()


def _has_header(data: bytes) -> bool:
    """Whether a stream begins as gzip or zlib do; some servers send deflate without a header (RFC 9110, 8.4.1.2)."""
    is_zlib = data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:_HEADER]) % 31 == 0
    return is_zlib or data.startswith(b"\x1f\x8b")
