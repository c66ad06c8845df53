"""Judgements over the command line: heeded, listed and taken back."""

import json

import pytest

from corpus.article import Article
from corpus.library.feedback import Judgement, feedback, keep
from corpus.library.judged_answers import judged_confidences
from corpus.library.store import Library
from index.ingest import add
from rag.assemble import assemble
from tests.fakes import HashEncoder
from tests.rag.conftest import SetReader, reading

TEXT = "The ferry \x1b[31mOsprey\u202e sank in 1912. <b>Nobody</b> was hurt."
QUESTION = "When did the ferry sink?"


@pytest.fixture
def library(home, monkeypatch):
    """The library of the settings, asked with a reader that reads two places of its article."""
    made = Library(home / "library.sqlite")
    list(add(made, HashEncoder(), [Article("ferry", "The ferry", TEXT, "/shelf/ferry.txt")]))
    read = [reading(TEXT, "1912", 3.0, "ferry"), reading(TEXT, "<b>Nobody</b>", 2.0, "ferry")]
    monkeypatch.setattr(
        "ui.commands.ask.open_pipeline", lambda settings: assemble(made, HashEncoder(), SetReader(read), settings)
    )
    return made


def place(words):
    start = TEXT.index(words)
    return "--article", "ferry", "--start", str(start), "--end", str(start + len(words))


def texts(ran):
    return [(one["text"], one["judged"]) for one in json.loads(ran.out)["answers"]]


def test_what_was_judged_counts_when_it_is_asked_again(pullquote, library, monkeypatch):
    assert texts(pullquote("ask", QUESTION, "--json")) == [("1912", None), ("<b>Nobody</b>", None)]
    pullquote("feedback", QUESTION, "wrong", *place("1912"))
    assert texts(pullquote("ask", QUESTION, "--json")) == [("<b>Nobody</b>", None), ("1912", "wrong")]
    pullquote("feedback", QUESTION, "better", *place("in 1912"))
    asked = pullquote("ask", QUESTION)
    assert asked.out.splitlines()[1].endswith(" of ferry · given by a person")
    assert "95% sure · judged wrong" in asked.out
    assert "\x1b" not in asked.out
    assert "\u202e" not in asked.out
    monkeypatch.setenv("PULLQUOTE_FEEDBACK", "off")
    assert texts(pullquote("ask", QUESTION, "--json")) == [("1912", None), ("<b>Nobody</b>", None)]


def test_judgements_are_listed_the_latest_first_and_taken_back(pullquote, library):
    assert pullquote("judgements", "list").err.startswith("Nothing was judged; ")
    pullquote("feedback", QUESTION, "wrong", *place("1912"))
    pullquote("feedback", "Who sank it?", "nothing")
    library.connection.execute("UPDATE feedback SET judged = '2026-12-01T10:00:00Z'")
    at = TEXT.index("1912")
    assert pullquote("judgements", "list").out == (
        "2  nothing  Who sank it?\n    2026-12-01T10:00:00Z\n"
        f"1  wrong  {QUESTION}: 1912\n    2026-12-01T10:00:00Z · characters {at}-{at + 4} of ferry\n"
    )
    (first,) = json.loads(pullquote("judgements", "list", "--limit", "1", "--json").out)
    assert (first["number"], first["verdict"], first["has_effect"]) == (2, "nothing", False)
    ran = pullquote("judgements", "delete", "1")
    assert (ran.status, ran.out) == (0, f"Taken back: 1  wrong  {QUESTION}\n")
    assert texts(pullquote("ask", QUESTION, "--json"))[0] == ("1912", None)
    ran = pullquote("judgements", "delete", "1")
    assert (ran.status, ran.err) == (
        2, "There is no judgement 1; `pullquote judgements list` shows those there are.\n"
    )  # fmt: skip
    assert [one.judgement.verdict for one in feedback(library)] == ["nothing"]
    assert json.loads(pullquote("judgements", "delete", "2", "--json").out)[0]["question"] == "Who sank it?"


def test_without_a_command_the_help_is_printed_and_a_sentence(pullquote):
    ran = pullquote("judgements")
    assert (ran.status, ran.err) == (2, "Name a command; `pullquote --help` shows what can be asked for.\n")
    assert "Take judgements back" in ran.out


def test_hostile_text_in_a_judgement_is_escaped(pullquote, library):
    words = "\x1b[31mOsprey\u202e"
    start = TEXT.index(words)
    question = "Which \x1b]0;owned\x07\nferry?"
    keep(library, Judgement(question, "better", "ferry", start, start + len(words), words))
    for arguments in (["list"], ["list", "--json"], ["delete", "1"]):
        out = pullquote("judgements", *arguments).out
        assert not set("\x1b\x07\u202e") & set(out)
        assert "owned" in out


def test_the_confidence_is_kept_with_the_models_names(pullquote, library, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_READER", "sentence")
    monkeypatch.setattr("ui.commands.feedback.model_names", lambda _: ("hash@000000000000", "sentence"))
    assert pullquote("feedback", QUESTION, "right", *place("1912"), "--confidence", "0.83").status == 0
    (kept,) = judged_confidences(library, "hash@000000000000", "sentence")
    assert (kept.question, kept.confidence, kept.is_right) == (QUESTION, 0.83, True)
    assert pullquote("feedback", QUESTION, "right", *place("1912"), "--confidence", "1.5").status == 2
