"""Content types: which can hold an article, a feed or a robots.txt."""

from __future__ import annotations

import re

_TYPE = re.compile(r"\s*([\w.+-]{1,60})/([\w.+-]{1,100})\s*(?:;|$)", re.ASCII)
_TEXTS = re.compile(r"(?:.*\+)?(?:xml|json)|(?:x-)?(?:pdf|gzip)|x?html|text|rss|atom|rdf|x-httpd-php", re.ASCII)
_UNKNOWN = re.compile(r"(?:x-)?(?:octet-stream|binary|download|force-download|unknown|unknown-content-type)", re.ASCII)
# Bytes that no text holds, by https://mimesniff.spec.whatwg.org/#binary-data-byte
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_READABLE = (b"%PDF-", b"\x1f\x8b", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")  # PDF, gzip, and marks of UTF-16 and -8
_SNIFFED = 1445  # bytes, as in browsers


def unreadable(content_type: str) -> str | None:
    """The media type of a Content-Type header if it holds no text (pictures, sound, archives), else None."""
    stated = _TYPE.match(content_type.lower())
    if stated is None or stated[1] == "text":
        return None
    if stated[1] in ("application", "binary") and (_TEXTS.fullmatch(stated[2]) or _UNKNOWN.fullmatch(stated[2])):
        return None
    return f"{stated[1]}/{stated[2]}"


def is_binary(content_type: str, body: bytes | bytearray) -> bool:
    """Whether a body is neither text nor PDF, where the server states no more than that it is bytes."""
    stated = _TYPE.match(content_type.lower())
    if stated is None or not _UNKNOWN.fullmatch(stated[2]):
        return False
    return not body.startswith(_READABLE) and _BINARY.search(body[:_SNIFFED]) is not None
