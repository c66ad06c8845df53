import re
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentences
from rag.reader.decode import SpanTokens, best_spans
from rag.reader.explanations import ReadWindow, explanations
from rag.reader.headings import headings

STORY = "The slip was shut. It had cracked. Ice had split it.\n\nNobody was hurt. All went home."
COLD = -20.0  # the logit of a token that the reader leaves aside


def window(text, heats, null=0.0):
    """A window of all words of a text; each words' first word has half the heat as its start, the last as its end."""
    places = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    logits = np.full((len(places), 2), COLD, dtype=np.float32)
    for words, heat in heats.items():
        first = text.index(words)
        logits[[start for start, _ in places].index(first), 0] = heat / 2
        logits[[end for _, end in places].index(first + len(words)), 1] = heat / 2
    return ReadWindow(SpanTokens.of(text, places, [False] * len(places)), logits, null)


def explained(text, heats, few_words="no", most=3):
    found = explanations(text, [window(text, heats)], most, few_words)
    return [(one.span.cut(text), round(one.margin, 2)) for one in found]


def best(text, heats, few_words="no"):
    return explained(text, heats, few_words, 1)[0][0]


@pytest.mark.parametrize(("heats", "expected"), [
    ({"cracked": 4}, "It had cracked."),
    ({"cracked": 4, "Ice": 3}, "It had cracked. Ice had split it."),
    ({"cracked": 4, "Ice": -4}, "It had cracked."),
    ({"slip": 4, "cracked": 4, "split": 4}, "The slip was shut. It had cracked. Ice had split it."),
    ({"slip": 4, "split": 4}, "The slip was shut. It had cracked. Ice had split it."),  # both ends of what is said
    ({"split": 4, "Nobody": 4}, "Ice had split it."),  # no answer crosses a paragraph
    ({"slip": 4, "cracked": 4, "split": 4, "Nobody": 4}, "The slip was shut. It had cracked. Ice had split it."),
    ({"was shut. It had cracked": 4}, "The slip was shut. It had cracked."),  # starts in one, ends in the next
])  # fmt: skip
def test_the_sentences_that_hold_the_mass_are_the_answer(heats, expected):
    assert best(STORY, heats) == expected


def test_the_sentence_of_most_mass_is_better_than_the_one_of_the_best_span():
    read = window(STORY, {"The slip": 6.0, "was shut": 6.0, "Nobody": 6.4})
    [best_span] = best_spans(read.logits, read.null, read.tokens, 1)
    assert best_span.span.cut(STORY) == "Nobody"
    [one] = explanations(STORY, [read], 1, "no")
    assert (one.span.cut(STORY), one.margin) == ("The slip was shut.", pytest.approx(6.0))


@pytest.mark.parametrize(("gain", "sentences_taken"), [(log(1.52), 2), (log(1.48), 1)])
def test_a_further_sentence_has_to_raise_the_mass_by_half(gain, sentences_taken):
    """Of two sentences with one hot word each the mass of both is (1 + ratio of the halves) squared."""
    ratio = np.exp(gain / 2) - 1
    answer = best(STORY, {"cracked": 8.0, "Ice": 8.0 + 2 * log(ratio)})
    assert len(sentences(answer)) == sentences_taken


def test_an_answer_has_the_margin_of_the_best_span_in_it_and_others_are_worse_by_the_log_odds_at_least():
    text = "It had cracked. All went home.\n\n- Ice had split it.\n- Nobody was hurt."
    heats = {"cracked": 5.0, "It": 5.0, "Ice": 4.9, "Nobody": 1.0}
    (first, margin), (second, behind), (third, far) = explained(text, heats)
    assert (first, second, third) == ("It had cracked.", "Ice had split it.", "Nobody was hurt.")
    assert margin == pytest.approx(5.0, abs=0.01)
    assert behind == pytest.approx(5.0 - (5.0 + 2 * log(2) - 4.9), abs=0.01)  # by mass twice as many starts and ends
    assert far == pytest.approx(5.0 - (5.0 + 2 * log(2) - 1.0), abs=0.01)


def test_an_answer_of_many_unsure_words_has_no_better_margin_than_the_best_of_them():
    text = "- It had cracked.\n- Ice had split it."
    (_, margin), (words, behind) = explained(text, {"cracked": 5.0, "Ice": 2.0, "had split": 2.0, "split it": 2.0})
    assert (words, margin, behind) == ("Ice had split it.", 5.0, 2.0)


def test_margins_are_above_no_answer():
    [one] = explanations(STORY, [window(STORY, {"cracked": 4.0}, null=1.5)], 1, "no")
    assert (one.margin, one.null) == (pytest.approx(2.5), 1.5)


def test_what_could_have_been_joined_is_no_other_answer():
    assert [words for words, _ in explained(STORY, {"cracked": 4.0, "Ice": -2.0, "All": 1.0})] == [
        "It had cracked.",
        "All went home.",
    ]


@pytest.mark.parametrize("text", [
    "- Ice had split it.\n- Nobody was hurt.", "1. Ice had split it.\n\n2. Nobody was hurt.", "Ice had split it.\nNobody was hurt.",
    "Ice had split it. | slip\nNobody was hurt. | pier", "A. Berg: Ice had split it. B. Moe: Nobody was hurt.",
    "pier | All went home.\nslip | Ice had split it.\n\nNobody was hurt.",
])  # fmt: skip
def test_items_rows_lines_and_speakers_are_never_one_answer(text):
    found = [words for words, _ in explained(text, {"split": 4.0, "Nobody": 4.0})]
    assert sum("split" in words for words in found) == sum("Nobody" in words for words in found) == 1
    assert not any("split" in words and "Nobody" in words for words in found)


@pytest.mark.parametrize(("text", "heats", "expected"), [
    ("Remote work\n\nStaff may go home.", {"work": 6.0, "Staff": 4.0}, "Staff may go home."),
    ("Remote work\nStaff may go home.", {"work": 6.0, "Staff": 4.0}, "Staff may go home."),
    ("How do I pay?\n\nAt the desk.\n\nHow do I leave? Where to?\n\nBy boat.", {"How do I leave": 6.0, "boat": 4.0}, "By boat."),
    ("- Turn the key\n- Go in\n\nAll went home.", {"key": 6.0, "All": 4.0}, "Turn the key"),
    ("- Turn it. Wait.\n\nAll went home.", {"Wait": 6.0, "All": 5.0}, "Wait."),
    ("Bring these:\na passport\na photo\n\nAll went home.", {"photo": 6.0, "All": 4.0}, "a photo"),
    ("It is shut. Why? Ice had split it.", {"Why": 6.0, "Ice": 6.0}, "Why? Ice had split it."),
    ("Ice had split it", {"split": 4.0}, "Ice had split it"),
])  # fmt: skip
def test_a_heading_is_no_sentence_of_an_answer(text, heats, expected):
    assert best(text, heats) == expected


def test_the_number_of_an_item_is_no_part_of_an_answer():
    assert best("1. Clean the slip.\n2. Nobody was hurt.\n3. Go home.", {"Nobody": 2.0}) == "Nobody was hurt."


def test_sentences_in_a_row_do_not_grow_into_a_page():
    long = "It had cracked and cracked again " * 12
    text = f"{long.strip()}. Ice had split it {'in the night ' * 12}."
    assert len(best(text, {"cracked": 4.0, "Ice": 4.0})) < 500
    assert (
        best("It had cracked. Ice had split it.", {"cracked": 4.0, "Ice": 4.0}) == "It had cracked. Ice had split it."
    )


@pytest.mark.parametrize(("heats", "few_words", "expected"), [
    ({"split": 4.0}, "yes", "split"),
    ({"split": 4.0}, "no", "Ice had split it."),
    ({"split": -1.0}, "yes", "Ice had split it."),  # no answer is likelier
    ({"split": 4.0, "Ice": 4.0}, "yes", "Ice had split it."),  # the reader is not sure which words
    ({"Nobody": 4.0, "All": 4.0}, "yes", "Nobody was hurt. All went home."),
])  # fmt: skip
def test_few_words_are_the_answer_where_the_reader_is_sure_of_them(heats, few_words, expected):
    assert best(STORY, heats, few_words) == expected


def test_more_than_a_few_words_are_no_answer_without_their_sentence():
    text = "It was shut because one two three four five six seven. All went home."
    eight, nine = "because one two three four five six seven", "shut because one two three four five six seven"
    assert best(text, {eight: 6.0}, "yes") == eight
    assert best(text, {nine: 6.0}, "yes") == "It was shut because one two three four five six seven."


@pytest.mark.parametrize(("text", "words"), [
    ("It was shut because ice had split it, because nobody paid and because it was old.", "because ice had split it"),
    ("It was shut because ice had split it, because nobody paid.", "because nobody paid"),
    ("It was shut because ice had split it and nobody paid.", "because ice had split it"), ("It was shut because of ice and snow.", "snow"),
    ("It was shut because ice had split it, and had no lamp.", "because ice had split it"),
    ("It was shut because ice had split it, nobody paid and it was old.", "because ice had split it"),
    ("It was shut both because of ice and snow.", "because of ice"),
])  # fmt: skip
def test_one_of_several_reasons_is_no_answer_without_the_others(text, words):
    assert best(text, {words: 6.0}, "yes") == text


@pytest.mark.parametrize(("text", "words"), [
    ("It was shut because ice had split it.", "because ice had split it"), ("It was shut, owing to ice, by the owner.", "owing to ice"),
    ("Ice and snow came. It was shut because of ice.", "because of ice"), ("It was old and shut because of ice.", "because of ice"),
    ("The ice came from the north and stayed.", "the north"),
])  # fmt: skip
def test_the_only_reason_stands_by_itself(text, words):
    assert best(text, {words: 6.0}, "yes") == words


def test_a_piece_of_a_quotation_is_no_answer_to_what_was_said():
    text = "The owner was brief. “Nobody warned us of the frost,” she said. The harbour blamed frost."
    assert best(text, {"Nobody": 5.0}, "yes") == "Nobody"
    assert best(text, {"Nobody": 5.0}, "unquoted") == "“Nobody warned us of the frost,” she said."
    assert best(text, {"blamed frost": 5.0}, "unquoted") == "blamed frost"


def test_each_window_has_its_own_explanations():
    cut = STORY.index("Ice")
    whole = window(STORY, {"cracked": 4.0, "split": 3.0})
    tokens = [start for start, _ in whole.tokens.places].index(cut)
    found = explanations(STORY, [whole.part(0, tokens), whole.part(tokens, len(whole.logits))], 1, "no")
    assert [(one.span.cut(STORY), one.margin) for one in found] == [
        ("It had cracked.", pytest.approx(4.0)),
        ("Ice had split it.", pytest.approx(3.0)),
    ]


@given(
    st.text("aZb 1234,.:-!?\n|é🦀“”", max_size=120),
    st.lists(st.floats(-9, 9), min_size=240, max_size=240),
    st.sampled_from(["yes", "no"]),
)
def test_in_any_text_answers_are_whole_sentences_or_few_words_and_the_best_is_first(text, values, few_words):
    places = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    tokens = SpanTokens.of(text, places, [False] * len(places))
    logits = np.resize(np.array(values, dtype=np.float32), (len(places), 2))
    found = explanations(text, [ReadWindow(tokens, logits, 0.0)], 3, few_words)
    headed = headings(text)
    if not headed:
        assert bool(found) == bool(best_spans(logits, 0.0, tokens, 1))
    assert not any(one.span.overlaps(heading) for one in found for heading in headed)
    ends = {one.end for one in sentences(text)}
    for one in found:
        words = one.span.cut(text)
        assert words == words.strip() != ""
        assert one.span.end in ends or (few_words == "yes" and len(words.split()) <= 8)
        assert one.margin <= found[0].margin
