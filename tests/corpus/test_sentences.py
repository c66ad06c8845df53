import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from corpus.sentences import MOST_AROUND, blocks, paragraphs, sentences, sentences_around

CASES = {
    "two": ["The ferry sank.", "Nobody died."],
    "question and exclamation": ["Who knew?", "Nobody!", "Really?!", "Yes."],
    "no mark at the end": ["It rained.", "Then it stopped"],
    "title": ["Dr. Ahn met Mrs. Hale and Lt. Col. Reyes.", "They talked."],
    "St. before a name": ["He lives in St. Louis.", "She does not."],
    "initials": ["J. K. Rowling and George W. Bush spoke.", "Both left."],
    "dotted country": ["The U.S. Senate voted.", "It passed."],
    "dotted country at the end": ["He moved to the U.S.", "The family followed."],
    "hours": ["It opens at 9 a.m. and closes at 5 p.m. on Sundays.", "Come early."],
    "hours at the end": ["It closes at 5 p.m.", "The guards leave."],
    "company": ["Acme Inc. Chairman Bo Lee resigned.", "Shares fell."],
    "company at the end": ["He sold Acme Inc.", "The buyer paid cash."],
    "et al.": ["Smith et al. found 3.5 times more.", "Others disagree."],
    "month": ["It happened on Jan. 5 in rain.", "No one saw it."],
    "number sign": ["See No. 5 and p. 12 for more.", "Thanks."],
    "no as a word": ["The answer was no.", "They went home."],
    "vs.": ["The case is Roe vs. Wade.", "It was decided."],
    "e.g.": ["Bring fruit, e.g. Apples or pears.", "Thanks."],
    "decimal": ["It rose 3.14 percent to $4.5 million.", "Analysts cheered."],
    "ip and version": ["Version 2.0.1 runs on 10.0.0.1 today.", "It works."],
    "domain": ["Visit example.com today.", "It is free."],
    "year at the end": ["She was born in 1999.", "The war had ended."],
    "single letter at the end": ["They chose plan B.", "It failed."],
    "straight quotes": ['"We won."', "She smiled."],
    "curly quotes": ["“We won.”", "She smiled."],
    "quote inside": ["“Stop!” he cried.", "Nobody did."],
    "single quotes": ["He said ‘no.’", "She left."],
    "opening quote after": ["He spoke.", "“We won,” he said."],
    "brackets": ["(It was late.)", "They slept."],
    "footnote bracket": ["It fell.[3]", "Then it rose."],
    "ellipsis ends": ["He waited...", "Nothing came."],
    "ellipsis goes on": ["He waited... and waited.", "Nothing came."],
    "ellipsis character": ["He waited…", "Nothing came."],
    "spaced ellipsis goes on": ["He paused . . . and went on.", "They listened."],
    "spaced ellipsis last": ["They listened.", "He paused . . ."],
    "spaced ellipsis ends": ["He paused . . .", "They listened."],
    "lower case after a mark": ["Yahoo! shares rose.", "Good."],
    "dash after": ["It ended.", "— The editors"],
    "dash before": ["It ended —"],
    "Spanish": ["¿Quién sabe?", "¡Nadie!", "Bueno."],
    "French marks": ["Qui sait ?", "Personne !", "Bon."],
    "French quotes": ["« Bonjour. »", "Il part."],
    "French quotes with no-break spaces": ["«\u00a0Vraiment\u202f?\u00a0» dit-il.", "Oui."],
    "French titles": ["M. Duval et Mme. Roy arrivent.", "Le maire attend."],
    "emoji after": ["Great day!", "🎉 Party tonight."],
    "Arabic full stops": ["وصل القطار.", "غادر الناس."],
}


@pytest.mark.parametrize("name", CASES)
def test_sentences_end_where_a_reader_sees_them_end(name):
    text = " ".join(CASES[name])
    assert [span.cut(text) for span in sentences(text)] == CASES[name]


@pytest.mark.parametrize(("text", "expected"), [
    ("船が沈んだ。誰も死ななかった！本当？はい", ["船が沈んだ。", "誰も死ななかった！", "本当？", "はい"]),
    ("「沈んだ。」と彼は言った。", ["「沈んだ。」", "と彼は言った。"]),
    ("真的？！是的。", ["真的？！", "是的。"]),
    ("MAYOR RESIGNS\n\nThe mayor resigned. He left.", ["MAYOR RESIGNS", "The mayor resigned.", "He left."]),
    ("Mayor resigns\nThe mayor resigned.", ["Mayor resigns", "The mayor resigned."]),
    ("One\u00a0sentence.\u00a0Another one.", ["One\u00a0sentence.", "Another one."]),
    ("First.\n \t\n  Second.", ["First.", "Second."]),
    ("No stop here\n\nnor here", ["No stop here", "nor here"]),
    ("Dr.\n\nAhn came.", ["Dr.", "Ahn came."]),
    ("", []), (" \n\t\n", []), (".", ["."]), ("...", ["..."]), ("a", ["a"]), ("A. ", ["A."]),
])  # fmt: skip
def test_lines_scripts_and_scraps(text, expected):
    assert [span.cut(text) for span in sentences(text)] == expected


def test_hard_wrapped_lines_are_one_paragraph_whose_sentences_reach_across_them():
    text = (
        "The harbour board met on Tuesday to weigh the plan that\n"
        "the ferry company had sent. It sent the plan back with\n"
        "forty questions."
    )
    assert [span.cut(text) for span in sentences(text)] == [text[:83], text[84:]]
    assert [span.cut(text) for span in blocks(text)] == [text]


def test_lines_that_run_on_past_any_wrapping_are_lines_of_their_own():
    text = (
        "A line as long as hard-wrapped lines are, but no stop\n"
        + "and then a line that runs on and on " * 4
        + "to its end"
    )
    assert [span.cut(text) for span in blocks(text)] == text.split("\n")


def test_long_lines_that_each_begin_afresh_and_have_room_are_lines_of_their_own():
    text = (
        "The keeper of the light on Skerrow, who has been there since 1990\n"
        "The harbour master, Odo Finch, and the two pilots of the station of the port\n"
        "The crew of the lifeboat, which has saved four hundred people"
    )
    assert [span.cut(text) for span in blocks(text)] == text.split("\n")
    filled = (
        "Der Bau der neuen Bruecke ueber den Fluss hat im Sommer begonnen, die\n"
        "Kosten traegt das Land, und die Stadt gibt das Land dafuer her, wie der\n"
        "Rat am Montag mit den Stimmen aller Parteien beschlossen hat."
    )
    assert [span.cut(filled) for span in blocks(filled)] == [filled]


@pytest.mark.parametrize(("text", "expected"), [
    ("Agenda of the harbour committee of the fourth of March, in the hall:\n- the lights of the slipway, which have been out since the storm in May\n- the accounts, which the treasurer could not yet close and which will\n  be closed in May\n- the boat",
     ["Agenda of the harbour committee of the fourth of March, in the hall:", "- the lights of the slipway, which have been out since the storm in May",
      "- the accounts, which the treasurer could not yet close and which will\n  be closed in May", "- the boat"]),
    ("He had been in the town since the middle of the year and had seen much\n– more than he liked – of the quarrel between the two brothers, who were\nnot on terms.", None),
    ("1. One thing that is written over a line of the usual width of sixty and\nmore letters.\n2. Two", ["1. One thing that is written over a line of the usual width of sixty and\nmore letters.", "2. Two"]),
    ("a | b that is as long as a line of hard-wrapped text is in most letters\nc | d", ["a | b that is as long as a line of hard-wrapped text is in most letters", "c | d"]),
])  # fmt: skip
def test_items_and_rows_are_parts_of_a_hard_wrapped_paragraph(text, expected):
    assert [span.cut(text) for span in blocks(text)] == (expected or [text])
    for block in blocks(text):
        around = sentences_around(text, Span(block.end - 4, block.end))
        assert block.covers(around)


def test_a_row_is_one_sentence_and_a_number_before_an_item_none():
    text = "Inn | Opened in 1900. Closed in 1950. | 5\nMill | Burnt down. | 6"
    assert [span.cut(text) for span in sentences(text)] == text.split("\n")
    assert [span.cut("1. One. Two.\n2. Three") for span in sentences("1. One. Two.\n2. Three")] == [
        "1. One.",
        "Two.",
        "2. Three",
    ]


def test_short_lines_are_lines_of_their_own():
    text = "Tickets\nAdults: 5 euros\nChildren: free"
    assert [span.cut(text) for span in blocks(text)] == text.split("\n")


def test_paragraphs_are_parted_by_blank_lines_only():
    text = "\n\n One\ntwo \n\n\n \n three\n"
    assert [span.cut(text) for span in paragraphs(text)] == ["One\ntwo", "three"]


pieces = [
    *"abcD.?!… \n\t\"'”»«)([—-1\u00a0\u00ad\u0301🦀ש。",
    "Mr",
    "U.S.",
    "\n\n",
    "a line of the length that hard-wrapped text has\n",
]
hostile = st.lists(st.sampled_from(pieces), max_size=120).map("".join)


@given(hostile | st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_sentences_are_in_order_and_hold_every_character_but_white_space_between(text):
    spans = sentences(text)
    covered = [False] * len(text)
    for one, after in pairwise(spans):
        assert one.end <= after.start
    for span in spans:
        assert span.cut(text) == span.cut(text).strip()
        covered[span.start : span.end] = [True] * (span.end - span.start)
    assert all(inside or letter.isspace() for inside, letter in zip(covered, text, strict=True))


@given(hostile)
@settings(deadline=None)
def test_every_sentence_lies_in_one_block_and_every_block_in_one_paragraph(text):
    around = blocks(text)
    for span in sentences(text):
        assert sum(block.covers(span) for block in around) == 1
    for block in around:
        assert sum(paragraph.covers(block) for paragraph in paragraphs(text)) == 1


@pytest.mark.parametrize("text", [
    "a" + "." * 100_000 + "b", "a." + " " * 100_000 + "~", "a. " + "-" * 100_000, "\n" * 200_000, "x" * 500_000,
    "a." * 50_000, ". " * 50_000, "! \n" * 30_000, '."' * 50_000, "a." + '"' * 100_000 + "b", "A. " * 30_000, "." + " »" * 50_000,
], ids=lambda text: repr(text[:6]))  # fmt: skip
def test_no_text_takes_quadratic_time(text):
    start = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - start < 2


BITS = st.sampled_from(
    ["Mr. ", "the ", "Smith ", "said. ", "! ", "\n", "\n\n", " \n \n", "a. b. ", ". . . ", "…", "(", "No. 5 ", "。", "The ", "   "]
)  # fmt: skip


@given(st.lists(BITS, min_size=1, max_size=60).map("".join), st.integers(0, 300), st.integers(1, 40), st.booleans())
def test_the_sentences_around_words_are_those_of_the_whole_text(text, start, length, is_wrapped):
    if is_wrapped:
        words = text.split(" ")
        text = "\n".join(" ".join(words[first : first + 14]) for first in range(0, len(words), 14))
    span = Span(min(start, len(text) - 1), min(start, len(text) - 1) + length)
    touched = [sentence for sentence in sentences(text) if sentence.overlaps(span)]
    whole = Span(min(span.start, touched[0].start), max(span.end, touched[-1].end)) if touched else span
    assert sentences_around(text, span) == whole


def test_a_sentence_without_end_is_cut_on_either_side():
    text = "word " * 10_000
    assert sentences_around(text, Span(20_000, 20_004)) == Span(20_000 - MOST_AROUND, 20_004 + MOST_AROUND)
    assert sentences_around(text, Span(5, 9)) == Span(0, 9 + MOST_AROUND)


@pytest.mark.parametrize("text", [
    "word " * 600_000, "mr. " * 750_000, "\n".join("Line five of it is here." for _ in range(100_000)), "Go.\n\n" * 300_000,
    "x" + " " * 3_000_000 + "x", "." * 3_000_000, "(" * 3_000_000,
])  # fmt: skip
@pytest.mark.parametrize("share", [0, 0.5, 0.999])
def test_where_words_stand_in_a_long_text_their_sentence_costs_no_more(text, share):
    at = int(len(text) * share)
    started = time.perf_counter()
    for _ in range(5):
        sentences_around(text, Span(at, at + 20))
    assert time.perf_counter() - started < 3  # 0.1 on two free cores
