"""The commands about feedback: no model is opened but for the run of the set."""

import json

import pytest

from corpus.article import Article
from corpus.library.feedback import CurrentJudgement, Judgement, feedback
from corpus.library.store import Library
from corpus.sample import SAMPLE

TEXT = "The ferry sank in 1912. Nobody was hurt."


@pytest.fixture
def library(home):
    """The library of the settings, one article in it."""
    made = Library(home / "library.sqlite")
    with made.writing():
        made.put(Article("ferry", "The ferry", TEXT, "/shelf/ferry.txt"), ())
    return made


def place(words):
    start = TEXT.index(words)
    return "--article", "ferry", "--start", str(start), "--end", str(start + len(words))


def test_a_place_is_judged_by_its_words(pullquote, library):
    ran = pullquote("feedback", " When? ", "right", *place("1912"))
    assert (ran.status, ran.out, ran.err) == (0, "Kept as right: 1912\n", "")
    ran = pullquote("feedback", "Who?", "nothing", "--json")
    kept = json.loads(ran.out)
    assert kept == {"question": "Who?", "verdict": "nothing", "article_id": "", "start": 0, "end": 0, "text": "", "judged": kept["judged"]}  # fmt: skip
    first, second = feedback(library)
    assert (first.judgement.question, first.judgement.text, second) == (
        "When?",
        "1912",
        CurrentJudgement(Judgement(**kept)),
    )
    assert pullquote("feedback", "Who?", "nothing").out == "Kept as nothing: the library does not say\n"


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("When?", "right"), "What is right needs its place; give the article, start, end and text of the quote."),
    (("When?", "right", "--article", "gone"), "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    (("When?", "wrong", "--article", "ferry", "--start", "39", "--end", "41"), "The place 39-41 is not in article ferry, which has 40 characters; give the start and end of a quote."),
    (("When?", "nothing", "--article", "ferry"), "That nothing answers is said of no place; leave out the article, start, end and text."),
    ((" ", "nothing"), "The question is empty; ask one of at least one character."),
    (("hi", "better", "--article", "ferry", "--start", "4", "--end", "9"), "Small talk has no answer in the library; judge the answer to a question."),
])  # fmt: skip
def test_what_cannot_be_judged_is_one_sentence(pullquote, library, arguments, sentence):
    ran = pullquote("feedback", *arguments)
    assert (ran.status, ran.out, ran.err) == (2, "", f"{sentence}\n")
    assert feedback(library) == []


def test_an_unknown_verdict_is_one_line(pullquote, library):
    ran = pullquote("feedback", "When?", "good")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "'right', 'wrong', 'better', 'nothing'" in ran.err


def test_a_set_is_built_and_what_was_left_out_is_told(pullquote, library, tmp_path):
    pullquote("feedback", "When?", "right", *place("1912"))
    pullquote("feedback", "Why?", "wrong", *place("Nobody"))
    pullquote("feedback", "Who?", "nothing")
    pullquote("feedback", "Who?", "better", *place("Nobody"))
    out = tmp_path / "set.jsonl"
    ran = pullquote("eval", "build", str(out))
    assert ran.status == 0
    assert (
        ran.out
        == f"3 questions in {out}: 2 with an answer, 0 that nothing answers, 1 of which only wrong answers are known\n"
    )
    told = "'Who?', nothing: it was judged later that something answers, and the latest judgement counts"
    assert ran.err == f"left out: {told}\n"
    other = tmp_path / "other.jsonl"
    ran = pullquote("eval", "build", str(other), "--json")
    assert json.loads(ran.out) == {"answerable": 2, "unanswerable": 0, "unsettled": 1, "written": str(other), "left_out": [told]}  # fmt: skip
    assert ran.err == ""
    again = pullquote("eval", "build", str(out))
    assert (again.status, again.out, again.err) == (2, "", f"{out} is there already; name another file, or remove it first.\n")  # fmt: skip


def test_what_no_set_can_be_made_of_is_one_sentence(pullquote, library, tmp_path):
    ran = pullquote("eval", "build", str(tmp_path / "set.jsonl"), "--since", "2026")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "The library holds no feedback since 2026 to make a set of; judge answers with `pullquote feedback` or POST "
        "/v1/feedback.\n"
    )
    assert pullquote("eval", "build", str(tmp_path / "set.jsonl"), "--since", "May").err.startswith("The date 'May' is")
    assert not (tmp_path / "set.jsonl").exists()


@pytest.mark.model
def test_from_an_answer_over_a_judgement_to_the_figures(pullquote, monkeypatch, tmp_path):
    monkeypatch.setenv("PULLQUOTE_READER", "sentence")
    question = "Who skippered the crabber Girl Rhoda?"
    pullquote("add", str(SAMPLE / "merrin-ferry-grounding.md"))
    quote = json.loads(pullquote("ask", question, "--json", "--threshold", "0").out)["answers"][0]["quotes"][0]
    at = quote["text"].index("Davy Kerslake") + quote["start"]
    named = ("--article", quote["article_id"], "--start", str(at), "--end", str(at + len("Davy Kerslake")))
    assert pullquote("feedback", question, "better", *named).out == "Kept as better: Davy Kerslake\n"
    assert pullquote("feedback", "Who won the cup?", "nothing").status == 0
    built = tmp_path / "mine.jsonl"
    assert pullquote("eval", "build", str(built)).status == 0
    ran = pullquote("eval", "run", str(built), "--library", "--json")
    found = json.loads(ran.out)
    figures = {name: found["metrics"][name]["value"] for name in ("forced_contains", "golds_placed", "success@1", "quotes_verbatim")}  # fmt: skip
    assert (found["set"], found["n"], figures) == ("mine", 2, dict.fromkeys(figures, 1.0))
