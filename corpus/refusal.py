"""Refusals of sources that hold no article, and their sentences."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.draft import FaultySource

_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source that holds no article, and a sentence that says why and what to do."""

    source: str
    reason: str


class Refused(Exception):
    """A source is refused as a whole; the message continues after its name: "is empty; put the article in it"."""


def sentence(name: str, fault: Exception) -> str:
    """The sentence of a refusal: "report.pdf is empty; ...", or "report.pdf: it is ..." where a reader raised it."""
    if isinstance(fault, OSError):
        why = fault.strerror or str(fault)
        return f"{shown(name)} cannot be read ({why}); check that it is there and yours to read."
    return f"{shown(name)}{':' if isinstance(fault, FaultySource) else ''} {fault}."


def shown(name: str) -> str:
    r"""A name as a terminal can show it in a sentence: line ends and controls as `\n` or `\x1b`, and shortened."""
    short = name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
    return "".join(map(_shown, short))


def _shown(char: str) -> str:
    if "\ud800" <= char <= "\udfff":  # a byte of a name that is not UTF-8
        return "\ufffd"
    return char if char.isprintable() else ascii(char)[1:-1]
