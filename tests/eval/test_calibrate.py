"""A threshold from a library's feedback, over the command line and in the replies."""

import json

import pytest

from corpus.article import Article
from corpus.library.feedback import Judgement, keep
from corpus.library.judged_answers import JudgedAnswer
from corpus.library.store import Library
from eval.calibrate import TooFewJudged, fit
from eval.metrics.risk_bound import most_wrong
from index.ingest import add
from rag.assemble import assemble
from rag.calibration import Calibration, ReaderCard
from rag.library_threshold import LibraryThreshold, library_threshold, record, reset
from rag.options import AskOptions
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.conftest import FERRY, SetReader, article, reading

MODELS = ("hash@000000000000", "set")
TEXT = "The ferry sank in 1912. Nobody was hurt."
FITTED = LibraryThreshold(0.75, 0.1, 3, 60, 80, 0.16, *MODELS, "2026-12-01T10:00:00Z")


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path / "library.sqlite")
    with made.writing():
        made.put(Article("ferry", "The ferry", TEXT, "/shelf/ferry.txt"), ())
    return made


def judge(library, question, confidence, verdict="right", models=MODELS, *, start=18):
    judged = Judgement(question, verdict, "ferry", start, start + 4, TEXT[start : start + 4])
    keep(library, judged, None if confidence is None else JudgedAnswer(confidence, *models))


def judged_sixty(library, wrong=0, models=MODELS):
    """60 questions with the confidences .99 to .40, the last ones wrong."""
    for number in range(60):
        judge(library, f"Question {number}?", (99 - number) / 100, "wrong" if number >= 60 - wrong else "right", models)


def test_the_threshold_says_what_it_guarantees(library):
    judged_sixty(library, wrong=20)
    fitted = fit(library, MODELS, 0.16)
    assert (fitted.of, fitted.max_wrong, fitted.encoder, fitted.reader) == (60, 0.16, *MODELS)
    assert fitted.judged == sum((99 - number) / 100 >= fitted.threshold for number in range(60))
    assert (fitted.wrong, fitted.at_most) == (fitted.judged - 40, most_wrong(fitted.judged - 40, fitted.judged))
    assert fitted.at_most <= 0.16
    assert library_threshold(library) is None


def test_only_answers_of_these_models_with_their_confidence_count(library):
    judged_sixty(library)
    for number in range(40):
        judge(library, f"Other {number}?", None, "wrong")
        judge(library, f"Third {number}?", 0.9, "wrong", ("hash@000000000000", "other"))
        judge(library, f"Fourth {number}?", 0.9, "better")
    fitted = fit(library, MODELS, 0.16)
    assert (fitted.wrong, fitted.of) == (0, 60)
    with pytest.raises(TooFewJudged, match=r"^Answers of these models to 40 questions were judged with their confidence, and 46 are needed to say that at most 10% are wrong; judge more"):  # fmt: skip
        fit(library, ("hash@000000000000", "other"), 0.1)


def test_of_one_question_the_answer_that_was_shown_first_counts(library):
    judged_sixty(library)
    for number in range(60):
        judge(library, f"question  {number}", 0.3, "wrong", start=4)  # what came after it, at another place
    assert (fit(library, MODELS, 0.16).wrong, fit(library, MODELS, 0.16).of) == (0, 60)


def test_a_judgement_that_is_changed_counts_as_it_was_last_judged(library):
    judged_sixty(library)
    for number in range(60):
        judge(library, f"Question {number}?", (99 - number) / 100, "wrong")
    assert fit(library, MODELS, 0.16) is None


def test_a_damaged_judgement_does_not_count(library):
    judged_sixty(library)
    with library.writing():
        library.connection.execute("UPDATE feedback SET question = x'ff' WHERE question = 'Question 3?'")
    fitted = fit(library, MODELS, 0.16)
    assert fitted
    assert fitted.of == 59


def test_the_librarys_threshold_is_in_force_for_its_models_until_it_is_reset(tmp_path):
    library = Library(tmp_path / "own.sqlite")
    list(add(library, HashEncoder(), [article("ferry", FERRY)]))
    reader = SetReader([reading(FERRY, "Monday", 0.8, "ferry")])  # a confidence of .69
    pipeline = assemble(library, HashEncoder(), reader, Settings())

    def answered(**options):
        return not pipeline.ask("When did the ferry run aground?", AskOptions(10, **options)).abstained

    assert (pipeline.threshold, answered()) == (0.5, True)
    record(library, FITTED)
    assert (pipeline.threshold, answered(), answered(threshold=0.6)) == (0.75, False, True)
    reader.card = ReaderCard("another", 0.4, Calibration(1.0, 0.0))
    assert (pipeline.threshold, answered()) == (0.4, True)
    reader.card = SetReader.card
    assert (reset(library), reset(library)) == (True, False)
    assert (pipeline.threshold, answered()) == (0.5, True)


@pytest.mark.parametrize("stored", [
    "no JSON", "{}", "[" * 9000, '{"threshold": 2}', json.dumps({"threshold": "0.5"}), "null",
])  # fmt: skip
def test_what_is_no_threshold_is_none(library, stored):
    record(library, FITTED)
    assert library_threshold(library) == FITTED
    with library.writing():
        library.set_state("threshold", stored)
    assert library_threshold(library) is None


class TestTheCommand:
    @pytest.fixture
    def library(self, home, monkeypatch):
        """The library of the settings, which the sentence reader reads."""
        monkeypatch.setenv("PULLQUOTE_READER", "sentence")
        made = Library(home / "library.sqlite")
        list(add(made, HashEncoder(), [Article("ferry", "The ferry", TEXT, "/shelf/ferry.txt")]))
        monkeypatch.setattr("ui.commands.calibrate.model_names", lambda _: (HashEncoder().card.identity, "sentence"))
        return made

    def test_it_fits_tells_status_and_takes_back(self, pullquote, library):
        judged_sixty(library, models=(HashEncoder().card.identity, "sentence"))
        dry = pullquote("eval", "calibrate", "--library", "--dry-run")
        told = "At threshold 0.4000 at most 4.9% wrong here: 0 of 60 judged, 95 % sure (60 judged in all)"
        assert (dry.status, dry.out) == (0, f"{told}; nothing was changed\n")
        assert json.loads(pullquote("status", "--json").out)["threshold"] == {
            "in_force": 0.307, "is_fitted": False, "fitted": None,
        }  # fmt: skip
        assert pullquote("eval", "calibrate", "--library").out == f"{told}\n"
        assert "threshold 0.4000 from feedback, at most 4.9% wrong, 95 % sure\n" in pullquote("status").out
        status = json.loads(pullquote("status", "--json").out)["threshold"]
        assert (status["in_force"], status["is_fitted"], status["fitted"]["judged"]) == (0.39995, True, 60)
        ran = json.loads(pullquote("eval", "calibrate", "--library", "--json").out)
        assert (ran["threshold"], ran["wrong"], ran["kept"]) == (0.39995, 0, True)
        assert pullquote("eval", "calibrate", "--library", "--reset").out == "The reader's own threshold is in force.\n"
        assert library_threshold(library) is None
        assert pullquote("eval", "calibrate", "--library", "--reset").out == "Nothing was changed.\n"

    def test_it_is_void_for_another_reader_or_where_a_threshold_is_set(self, pullquote, library, monkeypatch):
        record(library, FITTED)
        assert "; not in force: it holds for the reader set\n" in pullquote("status").out
        monkeypatch.setenv("PULLQUOTE_THRESHOLD", "0.6")
        status = json.loads(pullquote("status", "--json").out)["threshold"]
        assert (status["in_force"], status["is_fitted"]) == (0.6, False)
        assert "; not in force: PULLQUOTE_THRESHOLD goes before it\n" in pullquote("status").out

    def test_too_few_judged_is_a_mistake(self, pullquote, library):
        ran = pullquote("eval", "calibrate", "--library")
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(
            "Answers of these models to 0 questions were judged with their confidence, and 28 are"
        )
        assert pullquote("eval", "calibrate").status == 2

    def test_where_no_threshold_holds_nothing_is_changed(self, pullquote, library):
        judged_sixty(library, wrong=60, models=(HashEncoder().card.identity, "sentence"))
        ran = pullquote("eval", "calibrate", "--library", "--json")
        assert (ran.status, json.loads(ran.out)) == (1, {"threshold": None, "kept": False})
        assert ran.err == "No threshold keeps at most 16% of the answers wrong; nothing was changed.\n"
        assert library_threshold(library) is None
