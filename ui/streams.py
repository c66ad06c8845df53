"""The standard streams of the command line: open, in any encoding, and quiet once nobody reads them."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_STANDARD = (0, 1, 2)
_discarded: set[int] = set()


def prepare_streams() -> None:
    """Opens streams that are closed on the null device, and has characters that an encoding lacks escaped.

    Without it the next file that is opened, the library perhaps, would be standard output.
    """
    for handle in _STANDARD:
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the process ends
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Writes to standard output; nothing more once its reader has gone."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        discard(sys.stdout)


def flush() -> None:
    """Writes out what is buffered; OSError where that fails for another reason than a reader that has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)


def settle(stream: TextIO) -> None:
    """Writes out what is buffered, or drops it: at the end of the process it would fail with another exit status."""
    try:
        stream.flush()
    except OSError:
        discard(stream)


def is_read() -> bool:
    """Whether anybody still reads standard output, as far as is known."""
    return id(sys.stdout) not in _discarded


def discard(stream: TextIO) -> None:
    """Sends all that is yet to be written to the null device."""
    _discarded.add(id(stream))
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        stream.flush()
