"""A look through the whole library in the background, which may take minutes, and what it has found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock, Thread

from corpus.library.store import Library
from index.maintenance.verify import Finding, verify
from rag.api.problems import sentence

_MOST_TOLD = 3  # findings
_LONGEST = 300  # characters of a finding


@dataclass(frozen=True, slots=True)
class CheckupMessage:
    """What there is to say of the latest look, in a sentence, and whether it still goes on."""

    sentence: str = ""
    is_going: bool = False


class Checkup:
    """Looks through one library, once at a time, for whoever asks; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = Lock()
        self._said = CheckupMessage()

    @property
    def said(self) -> CheckupMessage:
        """The latest."""
        return self._said

    def begin(self) -> CheckupMessage:
        """Begins to look, unless that goes on already; a server that stops does not wait for it."""
        with self._lock:
            if not self._said.is_going:
                self._said = CheckupMessage("Looking through the library …", is_going=True)
                Thread(target=self._look, name="pullquote-checkup", daemon=True).start()
            return self._said

    def _look(self) -> None:
        said = "The check failed; run pullquote verify to see how."
        try:
            findings = list(verify(self._library, told=self._tell))
            said = f"{found_in(findings)} Checked at {datetime.now(tz=UTC):%H:%M} UTC."
        except sqlite3.Error as fault:
            said = sentence(fault)
        finally:
            self._library.close()  # this thread's connection
            self._said = CheckupMessage(said)

    def _tell(self, what: str, done: int, total: int) -> None:
        self._said = CheckupMessage(f"Looking at {what}, {done + 1} of {total} …", is_going=True)


def found_in(findings: Iterable[Finding]) -> str:
    """The findings in a sentence or two."""
    found = list(findings)
    damage = [one for one in found if one.is_damage]
    if damage:
        told = "; ".join(map(_told, damage[:_MOST_TOLD]))
        count = "One fault" if len(damage) == 1 else f"{len(damage):,} faults"
        return f"{count}: {told}. Run pullquote verify --repair."
    if not found:
        return "All of it is whole."
    files = "one file has" if len(found) == 1 else f"{len(found):,} files have"
    return f"All of it is whole; {files} changed or gone since being added."


def _told(one: Finding) -> str:
    what = f"the article {one.article_id} {one.what}" if one.article_id else f"{one.part}: {one.what}"
    return what if len(what) <= _LONGEST else f"{what[:_LONGEST]} …"
