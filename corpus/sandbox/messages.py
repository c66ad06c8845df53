"""The messages between a process that asks for a source and its worker: pickles, each after its length in 8 bytes.

Either side may break off at any byte. A worker that has read a hostile file may send anything, so a message can hold
objects of the classes listed here and of no other.
"""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import dataclass, fields, replace
from typing import BinaryIO, TypeGuard

from corpus.article import Article
from corpus.offset_map import OffsetRun, Origin
from corpus.refusal import Refusal
from corpus.sourcefile import SourceFile

_LENGTH = struct.Struct(">Q")
_MAX_LENGTH = 2**28  # bytes: four a character, and about 25 for each run of its map


@dataclass(frozen=True, slots=True)
class PageMessage:
    """A fetched page to be read; `charset` is the encoding its server stated."""

    html: bytes
    url: str
    charset: str | None = None

    @property
    def name(self) -> str:
        return self.url

    @property
    def source(self) -> str:
        return self.url

    def owns(self, source: str) -> bool:
        return source == self.url


@dataclass(frozen=True, slots=True)
class Done:
    """The last reply to a job: `fault` names the exception that ended it, `is_spent` says that the worker exits."""

    is_spent: bool = False
    fault: str = ""


Job = SourceFile | PageMessage
Reply = Article | Refusal | Done
_CLASSES = {
    f"{one.__module__}.{one.__qualname__}": one
    for one in (Article, Origin, OffsetRun, Refusal, Done, PageMessage, SourceFile)
}
_TYPES = {
    "str": str, "str | None": str | None, "tuple[str, ...]": tuple, "bool": bool, "bytes": bytes, "Origin": Origin,
}  # fmt: skip


def encode(message: Job | Reply) -> bytes:
    """A message as it is written to a pipe."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def decode(pipe: BinaryIO) -> Job | Reply | None:
    """The next message of a pipe; None where it has ended or holds anything else."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length) if length <= _MAX_LENGTH else b""
    if len(body) < length:
        return None
    try:
        message = _Unpickler(io.BytesIO(body)).load()
        return replace(message) if _is_typed(message) else None  # with the checks of its class, which a pickle skips
    except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _is_typed(message: object) -> TypeGuard[Job | Reply]:
    """Whether this is a message whose fields have the types that its class states."""
    if not isinstance(message, Job | Reply):
        return False
    return all(isinstance(getattr(message, one.name, None), _TYPES[str(one.type)]) for one in fields(message))


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        """A class of a message; UnpicklingError for any other."""
        if known := _CLASSES.get(f"{module}.{name}"):
            return known
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
