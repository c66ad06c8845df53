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
from ui.phrases import one_or_many

_MOST_NAMED = 3  # findings
_LONGEST = 300  # characters of a finding


@dataclass(frozen=True, slots=True)
class CheckupMessage:
    """What there is to say of the latest check, in a sentence, and whether it still goes on."""

    sentence: str = ""
    is_going: bool = False


class Checkup:
    """Checks one library in the background, once at a time; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = Lock()
        self._message = CheckupMessage()

    @property
    def message(self) -> CheckupMessage:
        return self._message

    def begin(self) -> CheckupMessage:
        """Begins a check, unless one goes on already; a server that stops does not wait for it."""
        with self._lock:
            if not self._message.is_going:
                self._message = CheckupMessage("Looking through the library …", is_going=True)
                Thread(target=self._check, name="pullquote-checkup", daemon=True).start()
            return self._message

    def _check(self) -> None:
        result = "The check failed; run pullquote verify to see how."
        try:
            findings = list(verify(self._library, progress=self._report))
            result = f"{findings_in_words(findings)} Checked at {datetime.now(tz=UTC):%H:%M} UTC."
        except sqlite3.Error as fault:
            result = sentence(fault)
        finally:
            self._library.close()  # this thread's connection
            self._message = CheckupMessage(result)

    def _report(self, what: str, done: int, total: int) -> None:
        self._message = CheckupMessage(f"Looking at {what}, {done + 1} of {total} …", is_going=True)


def findings_in_words(findings: Iterable[Finding]) -> str:
    found = list(findings)
    damage = [one for one in found if one.is_damage]
    if damage:
        count = one_or_many(len(damage), "fault").capitalize()
        return f"{count}: {'; '.join(map(_in_words, damage[:_MOST_NAMED]))}. Run pullquote verify --repair."
    if not found:
        return "All of it is whole."
    return f"All of it is whole; {one_or_many(len(found), 'file has', 'files have')} changed or gone since being added."


def _in_words(one: Finding) -> str:
    what = f"the article {one.article_id} {one.what}" if one.article_id else f"{one.part}: {one.what}"
    return what if len(what) <= _LONGEST else f"{what[:_LONGEST]} …"
