"""What was judged of answers, in the replies to the same question asked again."""

from dataclasses import replace
from time import perf_counter

import pytest

from corpus.library.feedback import Judgement, keep, numbered, take_back
from index.filters import Filter
from index.ingest import add, remove
from rag.answer import Trace
from rag.assemble import assemble
from rag.judgements import judgements
from rag.judgements.judgements import Judgements
from rag.options import AskOptions
from rag.question import CheckedQuestion
from rag.settings import Settings
from rag.verify_quotes import check
from tests.fakes import HashEncoder
from tests.rag.conftest import CANNERY, FERRY, SetReader, article, reading

QUESTION = "Which place is in the news of this week?"
FIRST, SECOND = "Saint Brannoc", "Hollin Quay"
TEXTS = {"ferry": FERRY, "cannery": CANNERY}


@pytest.fixture
def pipeline(library):
    """Two articles; whatever is asked, the reader reads `FIRST` with more confidence than `SECOND`."""
    list(add(library, HashEncoder(), [article("ferry", FERRY), article("cannery", CANNERY)]))
    return over(library)


def over(library, feedback="on", readings=()):
    read = [*(readings or (reading(FERRY, FIRST, 3.0, "ferry"), reading(CANNERY, SECOND, 2.0, "cannery")))]
    return assemble(library, HashEncoder(), SetReader(read), Settings(feedback=feedback))


def judge(library, verdict, words, name, question=QUESTION):
    start = TEXTS[name].index(words)
    return keep(library, Judgement(question, verdict, name, start, start + len(words), words))


def answers(pipeline, question=QUESTION, **options):
    """The reply's answers as text and judgement; all that is quoted stands there."""
    reply = pipeline.ask(question, AskOptions(10, **options))
    check(reply, lambda identity: pipeline.library.article(identity).text)
    return [(answer.text, answer.judged) for answer in reply.answers]


def test_nothing_judged_changes_nothing(pipeline):
    assert answers(pipeline) == [(FIRST, None), (SECOND, None)]


def test_what_was_judged_wrong_comes_last(pipeline, library):
    judge(library, "wrong", FIRST, "ferry")
    assert answers(pipeline) == [(SECOND, None), (FIRST, "wrong")]
    assert answers(pipeline, question=f"  {QUESTION.upper()}") == [(SECOND, None), (FIRST, "wrong")]
    assert answers(pipeline, question="Which place is it?") == [(FIRST, None), (SECOND, None)]


def test_where_nothing_else_answers_than_what_was_judged_wrong_the_library_does_not_say(pipeline, library):
    judge(library, "wrong", FIRST, "ferry")
    judge(library, "wrong", SECOND, "cannery")
    reply = pipeline.ask(QUESTION, AskOptions(10))
    assert (reply.abstained, reply.reason, reply.answers) == (True, "judged_wrong", ())
    assert {one.article_id for one in reply.related} == {"ferry", "cannery"}
    only = over(library, readings=[reading(FERRY, FIRST, 3.0, "ferry")])
    assert only.ask(QUESTION, AskOptions(10)).reason == "judged_wrong"


def test_the_same_words_are_wrong_elsewhere_too_unless_they_were_judged_right_there(library, pipeline):
    asked = over(library, readings=[reading(FERRY, "Monday", 3.0, "ferry"), reading(CANNERY, "June", 2.0, "cannery")])
    keep(library, Judgement(QUESTION, "wrong", "cannery", 32, 39, "close i"))
    assert answers(asked) == [("Monday", None), ("June", None)]
    keep(library, Judgement(QUESTION, "wrong", "cannery", 32, 45, "close in June"))  # which holds the reading
    assert answers(asked) == [("Monday", None), ("June", "wrong")]
    judge(library, "right", "June", "cannery")
    assert answers(asked) == [("June", "right"), ("Monday", None)]


def test_a_place_judged_right_is_not_quoted_for_the_same_words_judged_wrong_elsewhere(library):
    mill, shop = "The mill closed in June.", "It was in June that the shop shut."
    list(add(library, HashEncoder(), [article("mill", mill), article("shop", shop)]))
    asked = over(library, readings=[reading(mill, "June", 3.0, "mill"), reading(shop, "June", 2.0, "shop")])
    keep(library, Judgement(QUESTION, "wrong", "mill", 19, 23, "June"))
    assert asked.ask(QUESTION, AskOptions(10)).reason == "judged_wrong"
    keep(library, Judgement(QUESTION, "right", "shop", 10, 14, "June"))
    found = asked.ask(QUESTION, AskOptions(10)).answers
    assert [(one.judged, [quote.article_id for quote in one.quotes]) for one in found] == [
        ("right", ["shop"]),
        ("wrong", ["mill"]),
    ]


def test_what_was_judged_right_is_believed_whatever_its_confidence(pipeline, library):
    judge(library, "right", SECOND, "cannery")
    assert answers(pipeline) == [(SECOND, "right"), (FIRST, None)]
    assert answers(pipeline, threshold=0.99) == [(SECOND, "right")]
    judge(library, "wrong", SECOND, "cannery")
    assert answers(pipeline) == [(FIRST, None), (SECOND, "wrong")]


def test_words_that_were_given_come_first_and_are_sure(pipeline, library):
    judge(library, "better", "ferry Saint Brannoc", "ferry")
    assert answers(pipeline) == [("ferry Saint Brannoc", "given"), (SECOND, None)]  # in place of those they hold
    reply = pipeline.ask(QUESTION, AskOptions(10))
    quote = reply.answers[0].quotes[0]
    assert (reply.answers[0].confidence, quote.article_id, quote.start) == (1.0, "ferry", 4)
    assert quote.context.text == "The ferry Saint Brannoc ran aground on Monday."
    assert (quote.scores.margin, quote.scores.fused) == (0.0, 0.0)
    assert reply.disputed == ()


@pytest.mark.parametrize("question", [QUESTION, QUESTION.upper()])
def test_words_that_were_given_stay_so_where_they_are_judged_right(pipeline, library, question):
    judge(library, "better", "Ninety people", "cannery")
    judge(library, "right", "Ninety people", "cannery", question)
    assert answers(pipeline)[0] == ("Ninety people", "given")
    judge(library, "wrong", "Ninety people", "cannery", question)
    assert answers(pipeline)[0] == (FIRST, None)


def test_words_that_were_given_answer_where_nothing_else_does(pipeline, library):
    judge(library, "better", "Ninety people", "cannery")
    assert answers(pipeline, threshold=0.999) == [("Ninety people", "given")]
    unread = over(library, readings=[reading(FERRY, FIRST, -9.0, "ferry")])
    assert answers(unread) == [("Ninety people", "given")]


def test_a_passage_that_was_found_keeps_its_scores_where_it_is_cited_for_words_that_were_given(library):
    note = "Lights failed in Ottery on Monday"  # one sentence, and one passage
    list(add(library, HashEncoder(), [article("note", note)]))
    asked = over(library, readings=[reading(note, "Ottery", 3.0, "note")])
    found = asked.ask(QUESTION, AskOptions(10)).answers[0].quotes[0].scores
    keep(library, Judgement(QUESTION, "better", "note", 0, 6, "Lights"))
    given, other = asked.ask(QUESTION, AskOptions(10)).answers
    assert (given.judged, other.text, other.quotes[0].scores) == ("given", "Ottery", found)


def test_readings_that_say_the_same_support_the_words_that_were_given(library, pipeline):
    asked = over(library, readings=[reading(FERRY, "Nobody", 3.0, "ferry"), reading(CANNERY, "Ninety", 2.0, "cannery")])
    both = article("both", "It cost ninety jobs.")
    list(add(library, HashEncoder(), [both]))
    keep(library, Judgement(QUESTION, "better", "both", 8, 14, "ninety"))
    reply = asked.ask(QUESTION, AskOptions(10))
    assert [[quote.article_id for quote in one.quotes] for one in reply.answers] == [["both", "cannery"], ["ferry"]]


def test_of_several_words_that_were_given_the_last_come_first(pipeline, library):
    judge(library, "better", "Monday", "ferry")
    judge(library, "better", "June", "cannery")
    assert answers(pipeline) == [("June", "given"), ("Monday", "given"), (FIRST, None)]


def test_of_words_that_were_given_and_overlap_the_last_are_shown(pipeline, library):
    judge(library, "better", "on Monday", "ferry")
    judge(library, "better", "Monday", "ferry")
    assert answers(pipeline) == [("Monday", "given"), (FIRST, None), (SECOND, None)]
    judge(library, "wrong", "Monday", "ferry")  # judged again
    assert answers(pipeline) == [("on Monday", "given"), (FIRST, None), (SECOND, None)]


def test_what_was_judged_of_the_same_question_counts_more_than_of_a_near_one(pipeline, library, monkeypatch):
    monkeypatch.setattr(judgements, "NEAR", 0.8)  # of an encoder that adds up words
    near = "Which place was in news of this week?"
    assert answers(pipeline, question=near) == [(FIRST, None), (SECOND, None)]
    other = "Which place was in the news of this week?"
    judge(library, "wrong", FIRST, "ferry", other)
    assert answers(pipeline, question=near) == [(SECOND, None), (FIRST, "wrong")]
    judge(library, "right", FIRST, "ferry", near)
    judge(library, "wrong", FIRST, "ferry", other)
    assert answers(pipeline, question=near) == [(FIRST, "right"), (SECOND, None)]
    assert answers(pipeline, question=other) == [(SECOND, None), (FIRST, "wrong")]


def test_questions_whose_embeddings_are_far_apart_are_not_nearly_the_same(pipeline, library):
    judge(library, "wrong", FIRST, "ferry", "Which place was in the news of this week?")
    assert answers(pipeline, question="Which place was in news of this week?")[0] == (FIRST, None)


def test_the_question_as_it_is_read_is_the_same_too(library, pipeline, monkeypatch):
    monkeypatch.setattr(pipeline.retriever, "repaired", lambda query: query.replace("fery", "ferry"))
    judge(library, "wrong", FIRST, "ferry", "Which ferry ran aground?")
    reply = pipeline.ask("Which fery ran aground?", AskOptions(10))
    assert (reply.read_as, reply.answers[0].text) == ("Which ferry ran aground?", SECOND)


def test_off_means_off(pipeline, library):
    judge(library, "wrong", FIRST, "ferry")
    judge(library, "better", "Ninety people", "cannery")
    assert answers(over(library, "off")) == [(FIRST, None), (SECOND, None)]
    assert answers(over(library)) == [("Ninety people", "given"), (SECOND, None), (FIRST, "wrong")]


def test_a_trace_knows_of_no_judgement(pipeline, library):
    """What `eval` measures."""
    before = pipeline.trace(CheckedQuestion(QUESTION, AskOptions(10)))
    judge(library, "wrong", FIRST, "ferry")
    after = pipeline.trace(CheckedQuestion(QUESTION, AskOptions(10)))
    assert replace(after, seconds={}) == replace(before, seconds={})


def test_a_judgement_that_is_taken_back_has_no_effect(pipeline, library):
    judge(library, "wrong", FIRST, "ferry")
    assert answers(pipeline)[0] == (SECOND, None)
    take_back(library, 1)
    assert answers(pipeline)[0] == (FIRST, None)


def test_words_of_an_article_that_is_gone_or_says_something_else_have_no_effect(pipeline, library):
    judge(library, "better", "Monday", "ferry")
    changed = replace(article("ferry", FERRY.replace("ran aground on", "sank on")), sha256="another")
    list(add(library, HashEncoder(), [changed]))
    asked = over(library, readings=[reading(CANNERY, SECOND, 2.0, "cannery")])
    assert answers(asked) == [(SECOND, None)]
    back = replace(article("ferry", f"Corrected. {FERRY}"), sha256="a third")
    list(add(library, HashEncoder(), [back]))
    assert answers(asked) == [("Monday", "given"), (SECOND, None)]  # where they stand now
    remove(library, ["ferry"])
    assert answers(asked) == [(SECOND, None)]


def test_words_that_were_given_pass_the_filter_or_are_not_shown(pipeline, library):
    judge(library, "better", "Ninety people", "cannery")
    elsewhere = over(library, readings=[reading(FERRY, FIRST, 3.0, "ferry")])
    assert answers(elsewhere, filter=Filter(article=("ferry",))) == [(FIRST, None)]
    assert answers(elsewhere, filter=Filter(article=("cannery", "ferry"))) == [
        ("Ninety people", "given"),
        (FIRST, None),
    ]


def test_judgements_of_other_processes_count_at_once(pipeline, library):
    assert answers(pipeline)[0] == (FIRST, None)
    other = type(library)(library.path)
    judge(other, "wrong", FIRST, "ferry")
    assert answers(pipeline)[0] == (SECOND, None)


def test_only_the_last_judgements_count(pipeline, library, monkeypatch):
    monkeypatch.setattr(judgements, "MOST_JUDGED", 3)
    judge(library, "wrong", FIRST, "ferry")
    for number in range(3):
        keep(library, Judgement(f"Who is number {number}?", "nothing"))
    assert answers(pipeline) == [(FIRST, None), (SECOND, None)]
    judge(library, "wrong", FIRST, "ferry")
    assert answers(pipeline)[0] == (SECOND, None)
    for number in range(9):
        keep(library, Judgement(f"Who is number {number}?", "nothing"))
        answers(pipeline)
    assert sum(map(len, pipeline._judgements._known.numbers.values())) <= 6


def test_only_the_last_judgements_of_one_question_count(pipeline, library, monkeypatch):
    monkeypatch.setattr(judgements, "MOST_OF_ONE_QUESTION", 2)
    judge(library, "wrong", FIRST, "ferry")
    for words in ("Nobody", "alarm"):
        judge(library, "wrong", words, "ferry")
    assert answers(pipeline)[0] == (FIRST, None)


@pytest.mark.parametrize("verdict", ["wrong", "better"])
def test_a_damaged_judgement_keeps_nobody_from_asking(pipeline, library, verdict):
    judge(library, verdict, "Monday", "ferry")
    for damage in ("start = 'x'", "text = 7", "verdict = 'maybe'", "question = x'00ff'"):
        library.connection.execute(f"UPDATE feedback SET {damage}")
        assert answers(over(library)) == [(FIRST, None), (SECOND, None)]


def test_looking_judgements_up_among_ten_thousand_takes_less_than_two_milliseconds(pipeline, library):
    library.connection.execute("BEGIN")
    keep_all = 'INSERT INTO feedback (question, verdict, article_id, start, "end", text, judged, before, after) VALUES '
    judge_one = "(?, 'wrong', 'ferry', 10, 23, 'Saint Brannoc', '2026-01-01T00:00:00Z', 'The ferry ', ' ran')"
    library.connection.execute("COMMIT")
    judge(library, "wrong", FIRST, "ferry")
    rows = ((f"How many of the {number} boats in harbour {number % 97} ran aground?",) for number in range(10_000))
    library.connection.executemany(keep_all + judge_one, rows)
    heard = Judgements(library, HashEncoder())
    asked = Trace("How many of the 77 boats in harbour 77 ran aground?", (), ())
    with library.reading():
        assert [one.judgement.text for one in heard.about(asked)] == [FIRST]
        times = []
        for _ in range(20):
            started = perf_counter()
            heard.about(asked)
            times.append(perf_counter() - started)
    assert min(times) < 0.002
    assert len(numbered(library, range(1, 30_000))) == 10_001
