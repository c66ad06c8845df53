"""Forms with files: each file lies on the disk as it comes, so that an upload takes little memory."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from corpus.sourcefile import SourceFile

MOST_SOURCES = 1_000  # of one request
MOST_ADDRESS_BYTES = 2**20  # of all addresses of a form with files
LONGEST_PART = 16 * 2**10  # bytes of an address in a form
UPLOADED = "upload:"  # before the name by which an upload is known
_LONGEST_NAME = 255
_ENDINGS = re.compile(r"(?:\.[^./\s]{1,8})?(?:\.gz)?\Z")
_NUMBER = re.compile(rf" \([0-9]{{1,4}}\)(?={_ENDINGS.pattern})")
_UNNAMED = "a file without a name"
_TOO_MUCH = f"The form's addresses have more than {MOST_ADDRESS_BYTES // 2**20} MB; send fewer at once."
_NO_DISK = "The server has no room for the files at the moment; try again in 10 seconds."


async def stored_form(request: Request, folder: str) -> tuple[list[SourceFile], list[str]]:
    """The files of a form, stored in the folder under names of ours, and its addresses.

    400 for what is no form, 413 for too many addresses, 422 for parts of other names, 503 where the disk is full.
    """
    try:
        async with aclosing(request.stream()) as stream:
            parser = _Parser(request.headers, stream, folder)
            form = await parser.parse()
    except MultiPartException as fault:
        raise HTTPException(400, fault.message) from fault
    except OSError as fault:
        raise HTTPException(503, _NO_DISK, {"Retry-After": "10"}) from fault
    return await asyncio.to_thread(_told_apart, parser.files), [
        value for _, value in form.multi_items() if isinstance(value, str)
    ]


def check_part(name: str, *, is_file: bool) -> None:
    """Raises 422 for a part of a form that is neither a `file` nor a `url`, which nobody would read."""
    if name != ("file" if is_file else "url"):
        kind = "file" if is_file else "text"
        raise HTTPException(422, f"The form's {kind} {name[:80]!r} is no article; send files as `file`, with their "
                                 "names, and addresses as `url`.")  # fmt: skip


def _told_apart(files: list[SourceFile]) -> list[SourceFile]:
    """The files, where those of one name with other bytes have a number each in their source."""
    taken = {file.source for file in files}
    if len(taken) == len(files):
        return files
    first: dict[str, str] = {}  # of each name, the digest of the first file
    known: dict[tuple[str, str], str] = {}  # name and digest -> source
    for file in files:
        digest = file.digest()
        is_first = first.setdefault(file.source, digest) == digest
        if not is_first and (file.source, digest) not in known:
            known[file.source, digest] = _numbered(file.source, taken)
            taken.add(known[file.source, digest])
    return [replace(file, source=known.get((file.source, file.digest()), file.source)) for file in files]


def _numbered(source: str, taken: set[str]) -> str:
    """The source with a number before the endings of its name, as no other has it."""
    stem = _ENDINGS.sub("", source)
    numbered = (f"{stem} ({number}){source[len(stem) :]}" for number in count(2))
    return next(one for one in numbered if one not in taken)


def without_number(source: str) -> str:
    """The source of an upload without the number that tells it apart from others of its name."""
    return _NUMBER.sub("", source)


class _Parser(MultiPartParser):
    """Starlette's parser, but for what it holds in memory: files, the headers of parts, and all addresses together."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], folder: str) -> None:
        super().__init__(
            headers, stream, max_files=MOST_SOURCES, max_fields=MOST_SOURCES, max_part_size=LONGEST_PART
        )  # fmt: skip
        self.files: list[SourceFile] = []
        self._folder = folder
        self._address_bytes = 0

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        check_part(part.field_name, is_file=part.file is not None)
        part.item_headers.clear()
        if part.file:
            stored = _StoredFile(self._folder)
            name = _printable(part.file.filename or "")
            part.file.file.close()
            part.file = UploadFile(stored)  # type: ignore[arg-type]
            self.files.append(
                SourceFile(stored.path, name.rpartition("/")[2] or name or _UNNAMED, f"{UPLOADED}{name or _UNNAMED}")
            )

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self._address_bytes += end - start
            if self._address_bytes > MOST_ADDRESS_BYTES:
                raise HTTPException(413, _TOO_MUCH)
        super().on_part_data(data, start, end)


class _StoredFile:
    """A file that is written at its end, open only meanwhile: a thousand of them need no thousand descriptors."""

    def __init__(self, folder: str) -> None:
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            self.path = file.name

    def write(self, data: bytes) -> int:
        with Path(self.path).open("r+b") as file:  # never made anew where the request has ended
            file.seek(0, os.SEEK_END)
            return file.write(data)

    def seek(self, offset: int) -> None:
        """What the parser does at the end."""

    def close(self) -> None:
        """It is closed."""


def _printable(name: str) -> str:
    """The name by which an upload is known; it is shown and compared, and never a path."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name.replace("\\", "/"))[-_LONGEST_NAME:]
