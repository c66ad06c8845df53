"""JSON Lines: one article a line, plain or gzipped, read one at a time.

Source offsets count the code points of the whole decoded file, without a byte order mark. The text maps to the
characters of its JSON string, an escape sequence being one unit.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.decoder import JSONObject  # type: ignore[attr-defined]
from typing import BinaryIO

from corpus.draft import BadLine, Draft, SourceFacts
from corpus.formats.facts import stated
from corpus.offset_map import Edit, MappedText, OffsetRun

MAX_LINE = 16 * 2**20  # bytes
_TEXT_KEYS = ("text", "body", "content", "article", "article_body", "articlebody")
_ID_KEYS = ("_id", "id", "doc_id", "docid", "uid", "guid")
_MAX_ID = 2_000  # characters
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPACE = " \t\r\n"
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_CONTINUATION = bytes(range(0x80, 0xC0))  # the bytes of UTF-8 that begin no character
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class _Field:
    """A top-level value of a line's object; `start:end` is a string's inside, between its quotes."""

    value: object
    start: int
    end: int


def read_json_lines(handle: BinaryIO) -> Iterator[Draft | BadLine]:
    """The articles of an open file in order, each as soon as its line is read; blank lines are skipped.

    OSError where the file cannot be read; a damaged archive ends in a BadLine.
    """
    number = offset = 0
    try:
        while line := handle.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                yield BadLine(number, f"is longer than {MAX_LINE // 2**20} MB; split it into articles")
                offset += _skip_line(handle, line)
                continue
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace")
            if text.strip():
                yield _read_line(line, text, number, offset)
            offset += len(text)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield BadLine(number + 1, "cannot be unpacked: the archive is damaged; make it again with gzip")


def _skip_line(handle: BinaryIO, line: bytes) -> int:
    """Reads to the end of an over-long line; its number of code points."""
    points = _code_points(line)
    while not line.endswith(b"\n") and (line := handle.readline(MAX_LINE)):
        points += _code_points(line)
    return points


def _code_points(data: bytes) -> int:
    return len(data.translate(None, _CONTINUATION))


def _read_line(line: bytes, text: str, number: int, offset: int) -> Draft | BadLine:
    if text.count("\ufffd") > line.count("\ufffd".encode()):
        return BadLine(number, "is not UTF-8; save the file as UTF-8")
    try:
        fields = _top_level(text)
    except (ValueError, RecursionError):
        return BadLine(number, "is not JSON; write one object a line")
    if fields is None:
        return BadLine(number, "is not a JSON object; write one object a line")
    found = next((fields[key] for key in _TEXT_KEYS if key in fields and isinstance(fields[key].value, str)), None)
    if found is None or not str(found.value).strip():
        return BadLine(number, 'has no text; give it a "text"')
    record = {key: item.value for key, item in fields.items()}
    return Draft(
        _string(text, found, offset),
        _facts(record),
        _record_id(record, number),
        hashlib.sha256(line.rstrip(b"\r\n")).hexdigest(),
    )


def _facts(record: Mapping[str, object]) -> SourceFacts:
    """The facts of a record, and for those missing of its "metadata", where BEIR has them."""
    more = record.get("metadata")
    return stated(record).or_else(stated(more) if isinstance(more, dict) else SourceFacts())


def _record_id(record: Mapping[str, object], number: int) -> str:
    """The id of a line, without characters that no database holds; "line-" and its number where it has none."""
    values = (record.get(key) for key in _ID_KEYS)
    known = (
        _UNSTORABLE.sub("\ufffd", str(value).strip()[:_MAX_ID]) for value in values if isinstance(value, str | int)
    )
    return next(filter(None, known), f"line-{number}")


def _top_level(text: str) -> dict[str, _Field] | None:
    """The fields of a line's object with their places; None where the line is JSON but no object. ValueError if broken.

    As with `json.loads`, the last of several equal keys wins.
    """
    start = len(text) - len(text.lstrip(_SPACE))
    if not text.startswith("{", start):
        json.loads(text)
        return None
    places: list[tuple[int, int]] = []

    def scan(string: str, position: int) -> tuple[object, int]:
        value, end = _DECODER.raw_decode(string, position)
        places.append((position + 1, end - 1))
        return value, end

    pairs, end = JSONObject((text, start + 1), True, scan, None, list)
    if text[end:].strip(_SPACE):
        raise ValueError("more after the object")
    return {key: _Field(value, *place) for (key, value), place in zip(pairs, places, strict=True)}


def _string(text: str, found: _Field, offset: int) -> MappedText:
    """A JSON string's characters, mapped to their places in the file."""
    inside = text[found.start : found.end]
    mapped = MappedText(inside, (OffsetRun(0, len(inside), offset + found.start, offset + found.end),))
    return mapped.edited(Edit(*match.span(), _unescaped(match.group())) for match in _ESCAPE.finditer(inside))


def _unescaped(escape: str) -> str:
    return str(json.loads(f'"{escape}"'))
