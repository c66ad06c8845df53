"""The files of a set, read plain or gzipped, and new files, written all or none."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Mapping
from gzip import GzipFile
from pathlib import Path
from typing import BinaryIO, cast

from corpus.errors import PullquoteError
from corpus.library.private_files import make_file, make_folder
from corpus.regular_file import open_regular, read_at_most

MOST_BYTES = 2 * 2**30  # of a file of a set, unpacked
_ENCODINGS = {"utf-8": "UTF-8", "charmap": "UTF-8, nor Windows-1252", "utf-16-le": "UTF-16", "utf-16": "UTF-16"}
_GZIP = b"\x1f\x8b"


class AlreadyThere(PullquoteError):
    """A file would be written over; name another one, or remove it first."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already; name another file, or remove it first.")


def content(file: Path) -> bytes:
    """The bytes of a file, decompressed where it is gzipped: both forms of a set are the same set.

    ValueError says why a file cannot be read.
    """
    try:
        with open_regular(file) as handle:
            is_gzipped = handle.peek(len(_GZIP)).startswith(_GZIP)
            unpacked = cast("BinaryIO", GzipFile(fileobj=handle)) if is_gzipped else handle
            return read_at_most(unpacked, MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(getattr(error, "strerror", None) or "it is cut short or not gzip") from error


def decoded(file: Path) -> str:
    """The file's text, without a byte-order mark; ValueError where it is not UTF-8 or cannot be read."""
    return content(file).decode("utf-8-sig")


def decoded_as_spreadsheet(file: Path) -> str:
    """As `decoded`, and where it is not UTF-8 as spreadsheets save it: UTF-16, or Windows-1252."""
    data = content(file)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def fault(error: ValueError) -> str:
    """What is wrong with a file, in words for a person, from the error that reading it raised."""
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON: {error.msg} at line {error.lineno}"
    return (
        f"it is not {_ENCODINGS.get(error.encoding, error.encoding)}"
        if isinstance(error, UnicodeDecodeError)
        else str(error)
    )


def plain_name(file: Path) -> str:
    """The file's name without .gz."""
    return file.name.removesuffix(".gz")


def write_new(files: Mapping[Path, str]) -> list[Path]:
    """The files written, UTF-8, their folders made; AlreadyThere, and nothing written, where one exists."""
    for path in files:
        if path.exists():
            raise AlreadyThere(path)
    for path, content in files.items():
        make_folder(path.parent)
        make_file(path)
        path.write_text(content, encoding="utf-8", newline="\n")
    return list(files)
