"""The library looked through in the background: one look at a time, and what it found in a sentence."""

from pathlib import Path
from time import monotonic, sleep

import pytest

from corpus.library.store import Library
from index.ingest import add
from index.local import LocalBackend
from index.maintenance.verify import Finding
from index.manifest import fitted, record
from tests.fakes import HashEncoder
from tests.ui.conftest import FERRY
from ui.page.checkup import Checkup, CheckupMessage, findings_in_words
from ui.page.library.article_list_view import checkup_html
from ui.page.library.library_tab import facts_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library.sqlite")
    list(add(made, HashEncoder(), [FERRY]))
    return made


def ended(checkup: Checkup) -> str:
    until = monotonic() + 30
    while checkup.message.is_going and monotonic() < until:
        sleep(0.01)
    assert not checkup.message.is_going
    return checkup.message.sentence


def test_a_look_begins_once_and_ends_with_what_it_found(library: Library) -> None:
    checkup = Checkup(library)
    assert checkup.message == CheckupMessage()
    assert checkup.begin().is_going
    checkup.begin()
    assert ended(checkup).startswith("All of it is whole; one file has changed or gone since being added. Checked at")


def test_a_damaged_library_is_told_of(library: Library) -> None:
    with library.writing():
        library.connection.execute("DELETE FROM vector")
    checkup = Checkup(library)
    checkup.begin()
    said = ended(checkup)
    assert said.startswith("One fault: the article ferry has")
    assert "without a vector. Run pullquote verify --repair. Checked at" in said


def test_findings_are_told_shortly() -> None:
    flaw = Finding("articles", "truth", "has no text", "ferry")
    assert findings_in_words([]) == "All of it is whole."
    assert findings_in_words([flaw]) == "One fault: the article ferry has no text. Run pullquote verify --repair."
    many = findings_in_words([Finding("words", "derived", "x" * 10_000)] * 9)
    assert many.startswith("9 faults: words: xxx")
    assert len(many) < 1000


def test_what_is_said_is_only_text() -> None:
    html = checkup_html(CheckupMessage('<script>"', is_going=True))
    assert "<script>" not in html
    assert "data-going" in html
    assert "data-going" not in checkup_html(CheckupMessage("done"))


def test_the_facts_tell_of_the_index(library: Library) -> None:
    card = HashEncoder().card
    facts = facts_of(library, card, LocalBackend())
    assert (facts.articles, facts.health) == (1, "exact search by meaning")
    assert facts.passages == library.counts()[1]
    other = fitted(HashEncoder().card, titled=True)
    with library.writing():
        record(library, other)
    assert (
        facts_of(library, card, LocalBackend()).health
        == "exact search by meaning; pullquote reindex would make it anew"
    )


def test_the_last_change_is_the_files_that_are_written(library: Library, tmp_path: Path) -> None:
    before = facts_of(library, HashEncoder().card, LocalBackend()).changed
    (tmp_path / "library.sqlite-shm").touch()
    (tmp_path / "library.sqlite.bak").touch()
    assert facts_of(library, HashEncoder().card, LocalBackend()).changed == before
