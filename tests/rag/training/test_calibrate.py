import random
from dataclasses import replace
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Passage, Span
from index.hit import Hit
from rag.answer import FirstReading, Reading, Trace
from rag.calibration import MOST_LEAD, Calibration, ReaderCard
from rag.decision.decide import decide
from rag.decision.rank import candidates
from rag.training.calibrate import (
    CalibrationPoint,
    NoThreshold,
    ReadQuestion,
    fit,
    left_out,
    read_questions,
    risk_coverage,
    threshold_for,
)
from rag.training.examples import TitledPassage, TrainingExample
from tests.fakes import HashEncoder

RIGHT, WRONG = "silver", "copper"
LESS = ["brass", "lead", "tin"]


def chance_of(logit):
    return 1 / (1 + exp(-logit))


def reading(number, words, margin):
    """A reading of a word, with this margin, out of an article of its own, and the hit of it."""
    text = f"It was {words}."
    passage = Passage(f"{number} {words}", "A", Span(0, len(text)), text)
    return Hit(passage, 1.0, dense=0.5), Reading(passage, Span(7, 7 + len(words)), margin, 0.0)


def asked(number, read, answerable=True):
    """A question whose answer is RIGHT, and what was read for it: words and margins."""
    hits, readings = zip(*(reading(number, words, margin) for words, margin in read), strict=True) if read else ((), ())
    return ReadQuestion(RIGHT, answerable, Trace(f"question {number}?", hits, readings))


def made_up(count, seed):
    """Questions with up to four answers; the best is right with a chance that rises with its margin and its lead."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        margins = sorted((chance.gauss(1.0, 3.0) for _ in range(chance.randint(1, 4))), reverse=True)
        lead = min(margins[0] - margins[1], MOST_LEAD) if len(margins) > 1 else MOST_LEAD
        is_right = chance.random() < chance_of(0.7 * margins[0] + 0.4 * lead - 2.0)
        words = [RIGHT if is_right else WRONG, *LESS]
        found.append(asked(number, list(zip(words, margins, strict=False))))
    return found


def test_a_better_margin_makes_surer():
    calibration = fit(made_up(1500, 1))
    assert calibration.margin > 0
    sure = [candidates(asked(0, [(RIGHT, margin)]).trace, calibration)[0].confidence for margin in (-6, -3, 0, 3, 6)]
    assert sure == sorted(sure)
    assert sure[0] < 0.3
    assert sure[-1] > 0.9


def test_confidence_is_the_chance_of_being_right():
    calibration = fit(made_up(3000, 1))
    best = [
        (candidates(one.trace, calibration)[0].confidence, one.is_right(one.trace.readings[0].text))
        for one in made_up(3000, 2)
    ]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        within = [(confidence, right) for confidence, right in best if low <= confidence < low + 0.2]
        assert len(within) > 50
        said, true = (sum(column) / len(within) for column in zip(*within, strict=True))
        assert said == pytest.approx(true, abs=0.06)


@pytest.mark.parametrize(("alone", "rivalled"), [(0.9, 0.5), (0.5, 0.9)])
def test_confidence_is_right_with_and_without_a_rival(alone, rivalled):
    """Far rivals that are always wrong give the margins another scale in the first fit than the best answers have."""
    chance = random.Random(1)
    found = []
    for number in range(2000):
        is_alone = chance.random() < 0.5
        is_right = chance.random() < (alone if is_alone else rivalled)
        margin = chance.gauss(4.0 if is_right else 3.0, 1.5)
        rivals = [] if is_alone else [(LESS[0], margin - 1.0), (LESS[1], -6.0), (LESS[2], -7.0)]
        found.append(asked(number, [(RIGHT if is_right else WRONG, margin), *rivals]))
    calibration = fit(found)
    assert calibration.lead >= 0  # nobody is the less sure for being ahead
    told = [
        (candidates(one.trace, calibration)[0].confidence, one.is_right(one.trace.readings[0].text)) for one in found
    ]
    assert sum(confidence for confidence, _ in told) == pytest.approx(sum(right for _, right in told), abs=20)
    if alone > rivalled:
        for is_alone in (True, False):
            kind = [both for both, one in zip(told, found, strict=True) if (len(one.trace.readings) == 1) is is_alone]
            confidence, right = (sum(column) / len(kind) for column in zip(*kind, strict=True))
            assert confidence == pytest.approx(right, abs=0.01)


def test_questions_without_readings_do_not_count():
    some = made_up(400, 1)
    assert fit([*some, *(asked(number, []) for number in range(900, 950))]) == fit(some)


def test_the_curve_tells_the_share_answered_and_the_share_of_those_wrong():
    plain = Calibration(1.0, 0.0)
    all_asked = [
        asked(1, [(RIGHT, 4.0)]), asked(2, [(WRONG, 3.0)]), asked(3, [(RIGHT, 2.0)]), asked(4, [(RIGHT, 1.0)], answerable=False), asked(5, []),
    ]  # fmt: skip
    assert risk_coverage(all_asked, plain) == [
        CalibrationPoint(pytest.approx(chance_of(4)), 0.2, 0.0), CalibrationPoint(pytest.approx(chance_of(3)), 0.4, 0.5),
        CalibrationPoint(pytest.approx(chance_of(2)), pytest.approx(0.6), pytest.approx(1 / 3)), CalibrationPoint(pytest.approx(chance_of(1)), 0.8, 0.5),
    ]  # fmt: skip
    assert risk_coverage([], plain) == risk_coverage([asked(1, [])], plain) == []


def test_equal_confidences_are_one_point_of_the_curve():
    equal = [asked(1, [(RIGHT, 2.0)]), asked(2, [(WRONG, 2.0)]), asked(3, [(WRONG, 2.0)]), asked(4, [(RIGHT, 1.0)])]
    assert [(point.coverage, point.risk) for point in risk_coverage(equal, Calibration(1.0, 0.0))] == [
        (0.75, pytest.approx(2 / 3)),
        (1.0, 0.5),
    ]


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=30),
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]),
)
@settings(deadline=None)
def test_a_threshold_keeps_the_share_of_wrong_answers_when_it_decides(drawn, max_wrong):
    plain = Calibration(1.0, 0.0)
    all_asked = [asked(number, [(RIGHT if right else WRONG, margin)]) for number, (margin, right) in enumerate(drawn)]
    shares = {}  # of the answers that are wrong, and how many there are, from each confidence on
    for margin in {margin for margin, _ in drawn}:
        believed = [right for other, right in drawn if other >= margin]
        shares[chance_of(margin)] = (believed.count(False) / len(believed), len(believed))
    allowed = [count for share, count in shares.values() if share <= max_wrong]
    if not allowed:
        with pytest.raises(
            NoThreshold, match=rf"at most {max_wrong:g}; train the reader longer, or allow more with --max-wrong\.$"
        ):
            threshold_for(risk_coverage(all_asked, plain), max_wrong)
        return
    point = threshold_for(risk_coverage(all_asked, plain), max_wrong)
    replies = [decide(one.trace, point.threshold, plain) for one in all_asked]
    answered = [(one, reply) for one, reply in zip(all_asked, replies, strict=True) if reply.believed]
    wrong = sum(not one.is_right(reply.believed[0].readings[0].text) for one, reply in answered)
    assert len(answered) == max(allowed) == round(point.coverage * len(drawn))
    assert wrong / len(answered) == pytest.approx(point.risk)
    assert point.risk <= max_wrong


def test_the_point_that_answers_most_is_taken_even_behind_worse_ones():
    points = [
        CalibrationPoint(0.9, 0.1, 0.0),
        CalibrationPoint(0.8, 0.2, 0.5),
        CalibrationPoint(0.7, 0.5, 0.2),
        CalibrationPoint(0.6, 0.6, 0.3),
    ]
    assert threshold_for(points, 0.2) == points[2]
    assert threshold_for(points, 0.1) == points[0]
    assert threshold_for(points, 1.0) == points[3]


def test_without_a_point_there_is_no_threshold():
    with pytest.raises(NoThreshold):
        threshold_for([], 0.5)


@pytest.mark.parametrize(("text", "right"), [
    ("4 May 1998", True), ("on 4 May 1998, at noon", True), ("4 may 1998.", True), ("14 May 1998", False), ("May 1998", True), ("ay 1998", False), ("", False),
])  # fmt: skip
def test_an_answer_is_right_that_holds_the_answer_s_words_or_is_a_part_of_them(text, right):
    assert ReadQuestion("4 May 1998", True, Trace("?", (), ())).is_right(text) is right
    assert not ReadQuestion("4 May 1998", False, Trace("?", (), ())).is_right(text)


@pytest.mark.parametrize(("text", "right"), [
    ("your name and e-mail address when you sign up", True), ("we collect your name and e-mail address, too", True), ("we collect cookies", False),
])  # fmt: skip
def test_of_a_long_answer_half_of_the_words_are_right(text, right):
    known = "We may collect your name and e-mail address at any time"
    assert ReadQuestion(known, True, Trace("?", (), ())).is_right(text) is right
    assert not ReadQuestion(known, False, Trace("?", (), ())).is_right(text)


class FirstWords:
    """Reads the first three letters of every passage."""

    card = ReaderCard("first", 0.5, Calibration(1.0, 0.0))

    def read_all(self, asked):
        return [[Reading(one.passage, Span(0, 3), 2.0, 1.0) for one in hits] for _, hits in asked]


SHIPS = ["Brannoc", "Petroc", "Piran", "Morwenna", "Nectan", "Endelienta", "Kea", "Mawes"]
FILLER = "and nobody knows why " * 30  # so that each is a passage of its own
EXAMPLES = [
    TrainingExample("made", f"When did the ferry {ship} sink at quay {number}?", TitledPassage(f"Saint {ship}", text), Span(len(text) - len(day) - 1, len(text) - 1))
    for ship in SHIPS for number in range(3) for day in [f"{ship}mas {number}"]
    for text in [f"The ferry {ship} sank at quay {number} {FILLER}on {day}."]
]  # fmt: skip


QUESTIONS = {example.answer_text: example.question for example in EXAMPLES}


def is_altered(one):
    return one.trace.question != QUESTIONS[one.answer]


def test_questions_are_asked_of_a_library_of_the_articles():
    found = list(read_questions(EXAMPLES, 100, HashEncoder(), FirstWords(), 1))
    assert sorted(one.answer for one in found) == sorted(example.answer_text for example in EXAMPLES)
    assert any(map(is_altered, found))
    for one in found:
        if is_altered(one):
            assert not one.answerable
            continue
        assert any(one.answer in hit.passage.text for hit in one.trace.hits) is one.answerable
        assert 1 <= len(one.trace.hits) <= 10
        assert [reading.passage for reading in one.trace.readings] == [hit.passage for hit in one.trace.hits]
        assert one.trace.readings[0].text == "The"


def test_an_eighth_are_altered_and_a_sixth_of_the_rest_misses_its_article_a_sixth_what_answers_alone():
    missed, altered = [], 0
    articles = {example.answer_text: example.passage.title for example in EXAMPLES}
    for seed in range(12):
        for one in read_questions(EXAMPLES, 24, HashEncoder(), FirstWords(), seed):
            titles = {hit.passage.title for hit in one.trace.hits}
            altered += is_altered(one)
            if not one.answerable and not is_altered(one):
                missed.append(articles[one.answer] in titles)
    asked_as_written = 12 * 24 - altered
    assert altered / (12 * 24) == pytest.approx(1 / 8, abs=0.05)
    assert missed.count(False) / asked_as_written == pytest.approx(1 / 6, abs=0.05)
    assert missed.count(True) / asked_as_written == pytest.approx(1 / 6, abs=0.05)


def test_questions_that_do_not_say_what_they_are_about_are_asked_of_their_article_and_miss_nothing():
    nameless = [replace(example, set="policyqa-dev") for example in EXAMPLES]
    articles = {example.answer_text: example.passage.title for example in EXAMPLES}
    found = list(read_questions(nameless, 100, HashEncoder(), FirstWords(), 1))
    assert len(found) == len(EXAMPLES)
    for one in found:
        assert {hit.passage.title for hit in one.trace.hits} == {articles[one.answer]}
        assert one.answerable is not is_altered(one)


def test_so_many_questions_of_each_set_are_asked():
    others = [replace(example, set="other") for example in EXAMPLES[:6]]
    found = list(read_questions([*EXAMPLES, *others], 9, HashEncoder(), FirstWords(), 1))
    assert [one.set for one in found] == ["made"] * 9 + ["other"] * 6


def test_a_set_is_judged_by_what_the_others_taught():
    """The reader is sure of itself in one set, where it is always wrong."""
    sure_and_wrong = [replace(asked(number, [(WRONG, 9.0)]), set="odd") for number in range(50)]
    others = [replace(one, set=f"set {number % 2}") for number, one in enumerate(made_up(1200, 1))]
    points = left_out([*others, *sure_and_wrong], 0.2)
    assert points.keys() == {"odd", "set 0", "set 1"}
    assert (points["odd"].coverage, points["odd"].risk) == (1.0, 1.0)
    assert points["odd"].threshold == threshold_for(risk_coverage(others, fit(others)), 0.2).threshold


def test_a_set_whose_others_have_no_threshold_or_are_none_is_left_out():
    right_or_wrong = [replace(asked(number, [([RIGHT, WRONG][number % 2], 1.0)]), set="even") for number in range(50)]
    known = [replace(one, set="known") for one in made_up(1200, 1)]
    assert left_out(known, 0.2) == {}
    assert left_out([*known, *right_or_wrong], 0.2).keys() == {"even"}


def test_what_both_readers_chose_is_surer():
    found = []
    chance = random.Random(3)
    for number in range(800):
        is_right, shares = chance.random() < 0.5, chance.random()
        one = asked(number, [(RIGHT if is_right else WRONG, 1.0)])
        first = FirstReading(2.0, shares < (0.9 if is_right else 0.3))
        readings = tuple(replace(reading, first=first) for reading in one.trace.readings)
        found.append(replace(one, trace=replace(one.trace, readings=readings)))
    calibration = fit(found)
    assert calibration.shared > 1
    (sure,), (unsure,) = (
        candidates(replace(one.trace, readings=(replace(one.trace.readings[0], first=FirstReading(2.0, shares)),)), calibration)
        for one, shares in ((found[0], True), (found[0], False))
    )  # fmt: skip
    assert sure.confidence == pytest.approx(0.75, abs=0.05)
    assert unsure.confidence == pytest.approx(0.125, abs=0.05)


def test_the_same_seed_asks_the_same():
    one, same, other = ([(found.trace.question, found.answerable) for found in read_questions(EXAMPLES, 9, HashEncoder(), FirstWords(), seed)]
                        for seed in (1, 1, 2))  # fmt: skip
    assert one == same
    assert len(one) == 9
    assert one != other


def test_whoever_stops_early_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    asking = read_questions(EXAMPLES, 9, HashEncoder(), FirstWords(), 1)
    next(asking)
    assert [path.name.startswith("pullquote-training-") for path in tmp_path.iterdir()] == [True]
    asking.close()
    assert list(tmp_path.iterdir()) == []
