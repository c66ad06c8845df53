"""The files of a set as text, plain or gzipped, and what is wrong where they are none."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

_GZIP = b"\x1f\x8b"


def content(file: Path) -> bytes:
    """The bytes of a file, decompressed where it is gzipped: both forms of a set are the same set.

    ValueError says why a file cannot be read.
    """
    try:
        data = file.read_bytes()
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(getattr(error, "strerror", None) or "it is cut short or not gzip") from error


def decoded(file: Path) -> str:
    """The file's text, without a byte-order mark; ValueError where it is not UTF-8 or cannot be read."""
    return content(file).decode("utf-8-sig")


def fault(error: ValueError) -> str:
    """What is wrong with a file, in words for a person, from the error that reading it raised."""
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON: {error.msg} at line {error.lineno}"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def plain_name(file: Path) -> str:
    """The file's name without .gz."""
    return file.name.removesuffix(".gz")
