from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage, Span
from rag.answer import Reading, Trace
from rag.calibration import Calibration, ReaderCard
from rag.decision.answer_type import fit, is_possible
from rag.decision.rank import candidates
from rag.reader.early_stopping import is_settled
from tests.rag.conftest import hit, reading

COACH = (
    "The 94 passengers and 12 crew of the coach were safe on Tuesday, said Marta Lind, 51, from Port Selby. Hallam city"
    " council paid £140,000 for sprinklers, 22 per cent more than in 1998, at the harbour of Captain Owen Trask."
)


def judged(question, words, text=COACH):
    """The fit of words, and whether they are possible."""
    at = text.index(words)
    return fit(question, text, Span(at, at + len(words))), is_possible(question, reading(text, words))


@pytest.mark.parametrize(("question", "words"), [
    ("Who paid?", "£140,000"), ("Who paid?", "140,000"), ("Who paid?", "Tuesday"), ("Who paid?", "1998"), ("Who paid?", "22 per cent"),
    ("Who paid?", "in 1998"), ("Who paid?", "for"), ("When was it?", "£140,000"), ("When was it?", "22 per cent"),
    ("When was it?", "Marta Lind"), ("When was it?", "94 passengers"), ("When was it?", "12 crew"), ("Where was it?", "1998"),
    ("Where was it?", "£140,000"), ("Where was it?", "on Tuesday"), ("Where was it?", "Captain Owen Trask"),
    ("Where was it?", "Marta Lind"), ("How many passengers were safe?", "12"), ("How many crew were safe?", "94"),
    ("How many crew were safe?", "94 passengers"), ("How many were safe?", "£140,000"), ("How many were safe?", "Tuesday"),
    ("How many were safe?", "Hallam city council"), ("How much did the council pay?", "Marta Lind"),
    ("How much did the council pay?", "Tuesday"), ("How much did the council pay?", "sprinklers"),
    ("What percentage more was it?", "£140,000"), ("What percentage more was it?", "Tuesday"),
    ("How long did it take?", "£140,000"), ("How old is she?", "Marta Lind"), ("How old is she?", "£140,000"),
])  # fmt: skip
def test_words_of_another_kind_are_no_answer(question, words):
    assert judged(question, words) == (-1, False)


@pytest.mark.parametrize(("question", "words", "expected"), [
    ("Who paid?", "Hallam city council", 0), ("Who spoke?", "Marta Lind", 1), ("Who was safe?", "94 passengers and 12 crew", 0),
    ("When was it?", "Tuesday", 1), ("When was it?", "in 1998", 1), ("Where was it?", "Port Selby", 1),
    ("Where was it?", "at the harbour", 0), ("How many passengers were safe?", "94", 1), ("How many crew were safe?", "12 crew", 1),
    ("How much did the council pay?", "£140,000", 1), ("What percentage more was it?", "22 per cent", 1),
    ("How old is she?", "51", 1), ("Why was it safe?", "£140,000", 0), ("What was paid?", "Marta Lind", 0),
])  # fmt: skip
def test_words_that_may_be_of_the_kind_stay(question, words, expected):
    assert judged(question, words) == (expected, True)


@pytest.mark.parametrize("feast", ["Passover", "Yom Kippur", "Q3", "Prohibition", "Marta Lind"])
@pytest.mark.parametrize("behind", [
    "at", "in", "on", "during", "before", "after", "since", "until", "by", "during the",
])  # fmt: skip
def test_a_name_behind_a_preposition_may_be_a_time(behind, feast):
    assert judged("When was it?", feast, f"It was held {behind} {feast}, said the mayor.")[1]


@pytest.mark.parametrize(("words", "text"), [
    ("Captain Owen Trask", "It was opened by Captain Owen Trask."), ("Marta Lind", "“It was,” said Marta Lind."),
    ("Marta Lind", "It was cold, and Marta Lind said it was."), ("Marta Lind", "It was Marta Lind, 51, of the Dreel."),
    ("Marta Lind", "It was bought from Marta Lind, who grows leeks."),
])  # fmt: skip
def test_who_is_surely_a_person_is_no_time(words, text):
    assert judged("When was it?", words, text) == (-1, False)


@pytest.mark.parametrize(("question", "words", "text"), [
    ("When was it?", "Passover", "Passover is the feast of the market."), ("Where was it?", "Port Selby", "It was in Port Selby, said the mayor."),
    ("Where was it?", "Sir Matt Busby Way", "It was in Sir Matt Busby Way."),
])  # fmt: skip
def test_a_name_that_may_be_no_person_is_possible(question, words, text):
    assert judged(question, words, text)[1]


@pytest.mark.parametrize(("words", "text", "expected"), [
    ("50 Cent", "It was opened by 50 Cent.", True), ("50 cents", "It was opened for 50 cents.", False),
    ("Krona", "The singer Krona opened it.", True), ("40 Krona", "Krona and 40 Krona opened it.", True),
    ("the 1975", "It was opened by the 1975.", True), ("1975", "It was opened by the 1975.", True), ("The 1975", "The 1975 opened it.", True),
    ("1975", "It was opened by 1975.", False), ("311", "It was opened by 311.", True), ("311", "It was opened for 311.", False),
    ("£311", "It was opened by £311.", False), ("311", "It was raised by £311.", False), ("40 USD", "It rose by 40 USD.", False),
    ("12 per cent", "It rose by 12 per cent.", False), ("Tuesday", "It was opened by Tuesday.", False),
])  # fmt: skip
def test_a_value_may_be_the_name_of_who_did_it(words, text, expected):
    assert judged("Who opened it?", words, text)[1] is expected


@pytest.mark.parametrize(("question", "words", "text"), [
    ("When was it?", "the heart of the dog", "It was in the heart of the dog."),  # no word of time, and no name
    ("How many buses came?", "seven trams", "There were seven trams."),  # may be a word for buses
])  # fmt: skip
def test_what_is_unlikely_is_possible(question, words, text):
    assert judged(question, words, text) == (-1, True)


@pytest.mark.parametrize(("question", "words", "text"), [
    ("When did it reopen?", "Christmas", "The café and bar reopened at Christmas."), ("When was it?", "World War II", "It was World War II."),
    ("When does she come back?", "Jury Duty", "She comes back in the episode “Jury Duty”."), ("When was it?", "Montag", "Es war Montag."),
    ("Combien? How many came?", "vingt", "Il en est venu vingt."), ("How many children came?", "three", "Of six people, three were children."),
    ("How many miles was it?", "13 km", "It was 8 miles or 13 km of road."), ("Who came?", "a 4 year old", "It was a 4 year old."),
    ("Where did it rank?", "9th", "It was the 9th of all."), ("How many cups?", "a cup", "It was a cup at a time."),
    ("How much was paid?", "nothing", "It was nothing."), ("How many times?", "twice", "It was twice."),
    ("Where was the ball?", "50", "It was on the 50-yard line."), ("Who won?", "Go1dfish", "It was Go1dfish."),
    ("Who spoke?", "May", "It was May who spoke."), ("How many kilos was it?", "14 pounds", "It was 14 pounds."),
])  # fmt: skip
def test_what_is_in_doubt_is_possible(question, words, text):
    assert judged(question, words, text)[1]


def test_who_reports_is_no_answer_unless_authors_are_asked_for():
    text = "By Ada Quill\n\nThe coach burnt, and the driver ran."
    assert judged("Who drove the coach?", "Ada Quill", text) == (-1, False)
    assert judged("Who wrote about the coach?", "Ada Quill", text) == (1, True)


def test_the_number_of_an_item_is_no_number_of_anything():
    text = "The agenda:\n\n3. Flooding. The meeting heard 17 households."
    assert judged("How many households were flooded?", "3", text) == (-1, False)
    assert judged("When was the flood?", "3", text) == (-1, False)


def test_what_cannot_be_an_answer_is_no_candidate():
    paid, city = reading(COACH, "£140,000", 9.0), reading(COACH, "Hallam city council", 2.0)
    found = candidates(Trace("Who paid?", (), (paid, city)), Calibration(1.0, 0.0))
    assert [one.readings[0].text for one in found] == ["Hallam city council"]


@pytest.mark.parametrize(("margin", "lead"), [(9.0, 0.0), (1.5, 0.5), (-9.0, 5.0)])
def test_what_is_left_is_ahead_of_what_is_ruled_out_by_its_own_strength_only(margin, lead):
    paid, city = reading(COACH, "£140,000", margin), reading(COACH, "Hallam city council", 2.0)
    calibration = Calibration(1.0, -4.0, lead=1.0)
    (found,) = candidates(Trace("Who paid?", (), (paid, city)), calibration)
    assert found.confidence == pytest.approx(calibration.confidence(2.0, lead))
    (as_open, *_) = [
        one for one in candidates(Trace("What paid?", (), (paid, city)), calibration) if one.readings[0] == city
    ]
    assert found.confidence <= as_open.confidence


def test_what_is_ruled_out_and_says_the_same_is_no_rival():
    text = "By Ada Quill\n\nThe coach burnt, and the driver, Ada Quill, ran."
    again = text.rindex("Ada Quill")
    byline, body = (
        reading(text, "Ada Quill", 9.0),
        replace(reading(text, "Ada Quill", 2.0), span=Span(again, again + 9)),
    )
    calibration = Calibration(1.0, -4.0, lead=1.0)
    (found,) = candidates(Trace("Who drove the coach?", (), (byline, body)), calibration)
    assert (found.readings, found.confidence) == ((body,), pytest.approx(calibration.confidence(2.0, 5.0)))


def test_reading_goes_on_where_the_best_so_far_cannot_be_an_answer():
    card = ReaderCard("set", 0.5, Calibration(1.0, 0.0), reach=6.0)
    hits = (hit("a", COACH), hit("b", "The lake is deep."))
    for words, is_enough in (("Hallam city council", True), ("£140,000", False)):
        assert is_settled(Trace("Who paid?", hits, (reading(COACH, words, 9.0),)), 1, card) is is_enough


@given(st.text(min_size=1, max_size=60), st.data(), st.sampled_from([
    "Who?", "When was it?", "Where is it?", "How many buses?", "How much did it cost?", "How old is it?", "Why?",
]))  # fmt: skip
def test_any_words_are_judged_and_what_is_not_possible_does_not_fit(text, data, question):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    one = Reading(Passage("a", "A", Span(0, len(text)), text), span, 0.0, 0.0)
    assert fit(question, text, span) in ({-1} if not is_possible(question, one) else {-1, 0, 1})
