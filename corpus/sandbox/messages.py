"""What goes between the process that asks for a source and the one that reads it: pickles, each after its length.

Either side may be broken off at any byte. What comes back from a process that has read a hostile file is taken apart as
data only: of classes it can name an article's own and no other.
"""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import dataclass
from typing import BinaryIO

from corpus.article import Article
from corpus.offset_map import OffsetRun, Origin
from corpus.refusal import Refusal
from corpus.sourcefile import SourceFile

_LENGTH = struct.Struct(">Q")
_LONGEST = 2**30  # bytes: what a worker can send has to fit in its memory first


@dataclass(frozen=True, slots=True)
class PageMessage:
    """A fetched page to be read; `charset` is the encoding its server stated."""

    html: bytes
    url: str
    charset: str | None = None

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        return self.url

    @property
    def source(self) -> str:
        """What stands for it for good."""
        return self.url


@dataclass(frozen=True, slots=True)
class Done:
    """The worker is done with a source, by an error where `fault` names one; it ends now where it `is_spent`."""

    is_spent: bool = False
    fault: str = ""


Job = SourceFile | PageMessage
Answer = Article | Refusal | Done
_KNOWN = {
    f"{one.__module__}.{one.__qualname__}": one
    for one in (Article, Origin, OffsetRun, Refusal, Done, PageMessage, SourceFile)
}


def packed(message: Job | Answer) -> bytes:
    """A message as it goes through a pipe."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def received(pipe: BinaryIO) -> Job | Answer | None:
    """The next message; None where the other side is gone, or says what is none."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length) if length <= _LONGEST else b""
    if len(body) < length:
        return None
    try:
        message = _Unpickler(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    return message if type(message) in _KNOWN.values() else None


class _Unpickler(pickle.Unpickler):
    """Makes messages and nothing else."""

    def find_class(self, module: str, name: str) -> type:
        """One of the classes of a message; UnpicklingError for any other."""
        known = _KNOWN.get(f"{module}.{name}")
        if known is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
        return known
