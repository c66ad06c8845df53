"""Sources that hold no article: the sentence that says so, and how it shows a name."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.draft import FaultySource

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source that holds no article: which one, and a sentence that says why and what to do."""

    source: str
    reason: str


class Refused(Exception):
    """A source is refused as a whole; the message goes on after its name: "is empty; put the article in it"."""


def sentence(name: str, fault: Exception) -> str:
    """A refusal's sentence: "report.pdf is empty; ..." or, for what a format's reader says, "report.pdf: it is ..."."""
    if isinstance(fault, OSError):
        why = fault.strerror or str(fault)
        return f"{shown(name)} cannot be read ({why}); check that it is there and yours to read."
    return f"{shown(name)}{':' if isinstance(fault, FaultySource) else ''} {fault}."


def shown(name: str) -> str:
    r"""A name as a sentence on a terminal can hold it: line ends and controls as `\n` or `\x1b`, not over-long."""
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return "".join(map(_shown, short))


def _shown(char: str) -> str:
    if "\ud800" <= char <= "\udfff":  # a byte of a name that is not UTF-8
        return "\ufffd"
    return char if char.isprintable() else ascii(char)[1:-1]
