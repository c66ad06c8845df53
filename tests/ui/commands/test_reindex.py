"""`pullquote reindex`: what it says, what it does, and that there may be nothing to do."""

import json
import re
import shutil

import pytest

from corpus.library.store import Library
from corpus.sample import SAMPLE
from index.maintenance import staging
from index.maintenance.reindex import reindex
from index.manifest import recorded
from tests.fakes import HashEncoder
from ui import console
from ui.commands import reindex as reindex_command

ENCODER = HashEncoder()
NOTHING = "There is nothing to do: the library has encoder hash@000000000000, 160 tokens, overlap 0, title left out."


@pytest.fixture(autouse=True)
def _without_a_model(monkeypatch):
    """The encoder of the settings is a fake, for the command and for `add` and `status`."""
    monkeypatch.setattr("ui.commands.reindex.open_encoder", lambda *_: ENCODER)
    monkeypatch.setattr("ui.commands.library.open_encoder", lambda *_: ENCODER)
    monkeypatch.setattr("ui.commands.library.encoder_card", lambda _: ENCODER.card)


@pytest.fixture
def library(pullquote, home):
    assert pullquote("add", str(SAMPLE)).status == 0
    return Library(home / "library.sqlite")


def test_an_empty_library_has_nothing_to_reindex(pullquote):
    ran = pullquote("reindex")
    assert (ran.status, ran.out) == (0, "The library is empty; `pullquote add PATH` fills it.\n")
    assert json.loads(pullquote("reindex", "--json").out) == {
        "built": None, "needed": False, "done": False, "why": "The library is empty; `pullquote add PATH` fills it.",
    }  # fmt: skip


def test_an_empty_library_keeps_the_passages_that_are_asked_for(pullquote, home):
    assert pullquote("reindex", "--passage-tokens", "90").status == 0
    assert recorded(Library(home / "library.sqlite")).size == 90


def test_a_library_that_is_up_to_date_is_left_alone(pullquote, library):
    generation = library.generation
    ran = pullquote("reindex")
    assert (ran.status, ran.out, library.generation) == (0, f"{NOTHING}\n", generation)
    assert json.loads(pullquote("reindex", "--json").out)["why"] == NOTHING


def test_a_dry_run_says_what_it_takes_and_stops(pullquote, library):
    generation, passages = library.generation, library.counts()[1]
    ran = pullquote("reindex", "--passage-tokens", "60", "--overlap", "10", "--titled", "--dry-run")
    lines = ran.out.splitlines()
    assert lines[:2] == [
        "from encoder hash@000000000000, 160 tokens, overlap 0, title left out",
        "to   encoder hash@000000000000, 60 tokens, overlap 10, title in front",
    ]
    planned = json.loads(
        pullquote("reindex", "--passage-tokens", "60", "--overlap", "10", "--titled", "--dry-run", "--json").out
    )
    assert lines[2] == f"{planned['articles']} articles, {planned['passages']} passages"
    assert lines[3].startswith(f"{planned['to_encode']} to encode at ")
    assert planned["passages"] > passages
    assert (planned["needed"], planned["done"], planned["is_exact"]) == (True, False, True)
    assert (library.generation, staging.staged(library), library.counts()[1]) == (generation, None, passages)


def test_it_is_done_and_back_again(pullquote, library):
    passages = library.counts()[1]
    report = json.loads(pullquote("reindex", "--passage-tokens", "60", "--json").out)
    assert (report["done"], report["target"]["size"]) == (True, 60)
    assert library.counts()[1] == report["passages"] > passages
    ran = pullquote("reindex")
    assert ran.status == 0
    assert ran.out.splitlines()[-1].startswith(
        f"Reindexed {library.counts()[0]} articles, {passages} passages in 0:00:"
    )
    assert pullquote("reindex").out == f"{NOTHING}\n"


def test_status_tells_what_a_reindex_would_give_and_what_it_has_done(pullquote, library):
    def told():
        return json.loads(pullquote("status", "--json").out)["reindex"]

    assert told() == {"would_give": None, "staged": None, "articles_staged": 0}
    pullquote("reindex", "--passage-tokens", "60")
    assert told()["would_give"]["size"] == 160
    line = "`pullquote reindex` would make that encoder hash@000000000000, 160 tokens, overlap 0, title left out"
    assert line in pullquote("status").out.splitlines()
    next(steps := reindex(library, ENCODER, reindex_command.fitted(ENCODER.card)))
    steps.close()
    articles = library.counts()[0]
    assert (told()["staged"]["size"], told()["articles_staged"]) == (160, articles)
    line = f"has done {articles} of {articles} articles"
    assert line in pullquote("status").out


def test_what_was_begun_goes_when_it_is_no_longer_wanted(pullquote, library):
    next(steps := reindex(library, ENCODER, reindex_command.fitted(ENCODER.card, titled=True)))
    steps.close()
    assert pullquote("reindex", "--dry-run").out == f"{NOTHING}\n"
    assert staging.staged(library) is not None
    assert pullquote("reindex").out == f"{NOTHING}\n"
    assert staging.staged(library) is None


@pytest.mark.parametrize(("options", "sentence"), [
    (("--passage-tokens", "255"), "The encoder reads no more than 254 tokens of such a passage; name as many in --passage-tokens."),
    (("--passage-tokens", "255", "--titled"), "The encoder reads no more than 206 tokens of such a passage; name as many in --passage-tokens."),
    (("--passage-tokens", "30", "--overlap", "30"), "Passages cannot be cut so: the overlap (30) must be at least 0 and below the size (30); mend --passage-tokens or --overlap."),
])  # fmt: skip
def test_passages_that_cannot_be_are_a_mistake(pullquote, library, options, sentence):
    ran = pullquote("reindex", *options)
    assert (ran.status, ran.out, ran.err.strip()) == (2, "", sentence)
    assert recorded(library).size == 160


def test_a_disk_that_is_too_small_is_told_of_before_anything_is_written(pullquote, library, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 90, 10))
    ran = pullquote("reindex", "--passage-tokens", "60")
    assert ran.status == 2
    assert "0 MB free" in ran.err
    assert "make room, and run the same command again." in ran.err
    assert staging.staged(library) is None


def test_progress_tells_the_rate_and_the_time_left(monkeypatch, capsys):
    monkeypatch.setattr(console, "shows_progress", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with console.progress("Reindexing", 100) as bar:
        for _ in range(5):
            bar.advance(10)
    shown = capsys.readouterr().err
    assert "50/100" in shown
    assert re.search(r"[1-9]/s|\.\d/s", shown)
    assert re.search(r"\d\d:\d\d", shown)  # left
