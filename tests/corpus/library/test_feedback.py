import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.library import feedback as feedback_module
from corpus.library.feedback import (
    LONGEST_WORDS,
    BadJudgement,
    CurrentJudgement,
    Judgement,
    TooManyJudgements,
    feedback,
    keep,
    words_at,
)
from corpus.library.store import Library, NoSuchArticle

TEXT = "Née 🦀 sank. The crew of nine is safe. Nobody was hurt.\n\nThe owner blames an alarm."
FERRY = Article("ferry", "The ferry", TEXT, "/a/ferry.txt")
QUESTION = "How many were on board?"


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path / "library.sqlite")
    put(made, FERRY)
    return made


def put(library, article):
    """Writes the article in the place of the one with its id, as reading its source again does."""
    with library.writing():
        library.remove(article.id) if library.header_by("source", article.source) else None
        library.put(article, ())


def judgement(words="nine", verdict="right", question=QUESTION, text=TEXT):
    start = text.index(words)
    return Judgement(question, verdict, "ferry", start, start + len(words), words)


def now():
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def said(library, **options):
    return [(one.judgement.verdict, one.judgement.text, one.span, one.why) for one in feedback(library, **options)]


def test_a_full_library_takes_no_more_and_changes_what_it_has(library, monkeypatch):
    monkeypatch.setattr(feedback_module, "MOST_JUDGEMENTS", 2)
    keep(library, judgement())
    keep(library, Judgement("Who?", "nothing"))
    with pytest.raises(TooManyJudgements, match="holds 2 judgements and takes no more"):
        keep(library, Judgement("Where?", "nothing"))
    keep(library, judgement(verdict="wrong"))
    assert sorted(verdict for verdict, *_ in said(library)) == ["nothing", "wrong"]


def test_better_words_that_are_judged_right_stay_better_until_they_are_judged_wrong(library):
    kept = [keep(library, judgement(verdict=verdict)).verdict for verdict in ("right", "better", "right")]
    assert (kept, [one[0] for one in said(library)]) == (["right", "better", "better"], ["better"])
    assert keep(library, judgement(question="Who?")).verdict == "right"
    kept = [keep(library, judgement(verdict=verdict)).verdict for verdict in ("wrong", "right")]
    assert kept == ["wrong", "right"]


def test_better_words_are_whole(library):
    kept = keep(library, judgement(" nine is safe", "better"))
    assert (kept.text, kept.start, kept.end) == ("nine is safe", 24, 36)
    with pytest.raises(BadJudgement, match="17-23 begins or ends inside a word; give that of whole words"):
        keep(library, judgement("rew of", "better"))
    with pytest.raises(BadJudgement, match="no word at 10-12; give the place of words that answer"):
        keep(library, judgement(". ", "better"))
    assert said(library) == [("better", "nine is safe", Span(24, 36), "")]


def test_a_judgement_comes_back_as_it_was_stored(library):
    before = now()
    kept = keep(library, judgement())
    assert before <= kept.judged <= now()
    assert kept == replace(judgement(), judged=kept.judged)
    assert feedback(Library(library.path)) == [CurrentJudgement(kept, Span(24, 28))]


def test_that_nothing_answers_is_stored_without_a_place(library):
    kept = keep(library, Judgement("Who owns it?", "nothing"))
    assert feedback(library) == [CurrentJudgement(kept, None, "")]


def test_a_library_without_feedback_has_none_and_is_not_written(library):
    assert feedback(library) == []
    assert library.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'feedback'").fetchone() == (0,)


def test_the_same_question_and_place_judged_again_replaces(library):
    keep(library, judgement("nine", "right"))
    keep(library, judgement("The crew of nine", "better"))
    keep(library, judgement("nine", "wrong", "Who?"))
    keep(library, judgement("nine", "wrong"))
    keep(library, Judgement(QUESTION, "nothing"))
    keep(library, Judgement(QUESTION, "nothing"))
    assert [(one.judgement.question, one.judgement.verdict, one.judgement.text) for one in feedback(library)] == [
        (QUESTION, "better", "The crew of nine"),
        ("Who?", "wrong", "nine"),
        (QUESTION, "wrong", "nine"),
        (QUESTION, "nothing", ""),
    ]


def test_feedback_changes_no_generation(library):
    keep(library, judgement())
    assert library.generation == 1


def test_feedback_goes_along_with_a_copy_of_the_file(library, tmp_path):
    keep(library, judgement())
    with sqlite3.connect(tmp_path / "copy.sqlite") as copy:
        library.connection.backup(copy)
    assert feedback(Library(tmp_path / "copy.sqlite")) == feedback(library)


def test_what_was_judged_before_a_date_is_left_out(library):
    for words, judged in (("nine", "2024-12-31T23:59:59Z"), ("safe", "2025-01-01T00:00:00Z"), ("hurt", "2025-03-09T12:00:00Z")):  # fmt: skip
        keep(library, judgement(words))
        library.connection.execute("UPDATE feedback SET judged = ? WHERE text = ?", (judged, words))
    assert [text for _, text, *_ in said(library)] == ["nine", "safe", "hurt"]
    assert [text for _, text, *_ in said(library, since="2025")] == ["safe", "hurt"]
    assert [text for _, text, *_ in said(library, since="2025-01-01")] == ["safe", "hurt"]
    assert [text for _, text, *_ in said(library, since="2025-01-02")] == ["hurt"]
    assert [text for _, text, *_ in said(library, since="2025-03-09")] == ["hurt"]
    assert said(library, since="2025-04") == []


class TestAChangedArticle:
    def test_feedback_is_kept_when_the_article_is_read_again_or_comes_back(self, library):
        keep(library, judgement())
        put(library, FERRY)
        assert said(library) == [("right", "nine", Span(24, 28), "")]
        with library.writing():
            library.remove("ferry")
        assert said(library) == [("right", "nine", None, "its article is no longer in the library")]
        put(library, FERRY)
        assert said(library) == [("right", "nine", Span(24, 28), "")]

    def test_the_words_are_followed_with_their_sentence(self, library):
        keep(library, judgement())
        put(library, replace(FERRY, text="Updated at nine. " + TEXT))
        assert said(library) == [("right", "nine", Span(41, 45), "")]

    def test_the_same_words_in_another_sentence_are_not_those_that_were_judged(self, library):
        keep(library, judgement())
        put(library, replace(FERRY, text=TEXT.replace("The crew of nine is safe.", "The crew of nine is lost.")))
        why = "its article has changed, and the sentence around the words no longer stands there"
        assert said(library) == [("right", "nine", None, why)]

    def test_a_sentence_that_now_stands_twice_elsewhere_is_not_guessed_at(self, library):
        keep(library, judgement())
        put(library, replace(FERRY, text="New. " + TEXT + " The crew of nine is safe."))
        why = "its article has changed, and the sentence around the words stands there more than once"
        assert said(library) == [("right", "nine", None, why)]

    def test_of_a_sentence_that_stands_twice_the_one_that_was_judged_counts(self, library):
        text = "Nine are safe. Who? Nine are safe."
        put(library, replace(FERRY, text=text))
        keep(library, Judgement(QUESTION, "right", "ferry", 20, 24, "Nine"))
        assert said(library) == [("right", "Nine", Span(20, 24), "")]

    def test_overlapping_repeats_are_repeats(self, library):
        put(library, replace(FERRY, text="aba"))
        keep(library, Judgement(QUESTION, "right", "ferry", 0, 3, "aba"))
        put(library, replace(FERRY, text="x ababa"))
        assert said(library)[0][2] is None

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.data())
    def test_whatever_the_text_becomes_no_other_words_are_cut(self, library, data):
        alphabet = st.sampled_from("ab. \n🦀é\u0301\u00a0\u200f")
        old, new = (data.draw(st.text(alphabet, min_size=1, max_size=40).filter(str.strip)) for _ in range(2))
        start = data.draw(st.integers(0, len(old) - 1))
        end = data.draw(st.integers(start + 1, len(old)))
        put(library, replace(FERRY, text=old))
        keep(library, Judgement(old + str(start), "right", "ferry", start, end, old[start:end]))
        put(library, replace(FERRY, text=data.draw(st.sampled_from([new, new + old, old + new, old]))))
        for one in feedback(library):
            assert one.span is None or one.span.cut(library.article("ferry").text) == one.judgement.text
            assert (one.span is None) == bool(one.why)


@pytest.mark.parametrize(("fields", "sentence"), [
    (("right",), "What is right needs its place; give the article, start, end and text of the quote."),
    (("better", "ferry", 0, 3), "What is better needs its place; give the article, start, end and text of the quote."),
    (("nothing", "ferry"), "That nothing answers is said of no place; leave out the article, start, end and text."),
    (("nothing", "", 0, 3), "That nothing answers is said of no place; leave out the article, start, end and text."),
    (("right", "ferry", 24, 28, "ten!"), "Other words stand at 24-28 of article ferry; ask again, and judge what is quoted then."),
    (("right", "ferry", 23, 28, "nine"), "Other words stand at 23-28 of article ferry; ask again, and judge what is quoted then."),
    (("wrong", "ferry", -4, 3, "nine"), "The place -4-3 is not in article ferry, which has 82 characters; give the start and end of a quote."),
    (("wrong", "ferry", 29, 25, "nine"), "The place 29-25 is not in article ferry, which has 82 characters; give the start and end of a quote."),
    (("wrong", "ferry", 80, 83, "rm."), "The place 80-83 is not in article ferry, which has 82 characters; give the start and end of a quote."),
])  # fmt: skip
def test_what_cannot_be_stored_is_refused_in_one_sentence(library, fields, sentence):
    with pytest.raises(BadJudgement) as told:
        keep(library, Judgement(QUESTION, *fields))
    assert str(told.value) == sentence
    assert feedback(library) == []


def test_an_unknown_article_is_not_judged(library):
    with pytest.raises(NoSuchArticle, match="There is no article 'gone'"):
        keep(library, Judgement(QUESTION, "right", "gone", 0, 3, "Née"))


def test_more_words_than_a_quote_has_are_not_judged():
    long = replace(FERRY, text="x" * (LONGEST_WORDS + 1))
    assert words_at(long, 0, LONGEST_WORDS) == "x" * LONGEST_WORDS
    with pytest.raises(BadJudgement, match=r"^The words have 2,001 characters; judge at most 2,000 at once\.$"):
        words_at(long, 0, LONGEST_WORDS + 1)


def test_little_of_an_endless_sentence_is_stored(library):
    text = "x" * 5000 + "nine" + "y" * 5000
    put(library, replace(FERRY, text=text))
    keep(library, judgement(text=text))
    row = library.connection.execute("SELECT length(before), length(text), length(after) FROM feedback").fetchone()
    assert row == (300, 4, 300)
    assert said(library) == [("right", "nine", Span(5000, 5004), "")]
