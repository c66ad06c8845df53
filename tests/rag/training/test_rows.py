import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from corpus.article import Span
from rag.reader.read import SHIPPED
from rag.reader.window import Rows
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.rows import ExampleMix, RowBuilder, Target, without_answer

TOKENIZER = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
BUILDER = RowBuilder(Rows(TOKENIZER))
FERRY = "The ferry Saint Brannoc ran aground at 7:30 on Monday, and the unreadability of the chart was blamed."
WORDS = "The ferry Brannoc 1,000 unreadability 7:30 🦀 沈んだ café naïve\u00a0x so\u00adft $5 (a) שלום".split(" ")


def example(text, words, **facts):
    start = text.index(words)
    return TrainingExample(
        "made", "When did it run aground?", TitledPassage("On ferries", text), Span(start, start + len(words)), **facts
    )


def said(row, first, last):
    """The words of a row's tokens, by number, inclusive."""
    return TOKENIZER.decode(row.ids[first : last + 1])


def parts(row):
    """Question, title and passage of a row, as the network's words."""
    first = row.ids.index(102)
    return (
        TOKENIZER.decode(row.ids[1:first]),
        TOKENIZER.decode(row.ids[first + 1 : row.offset - 1]),
        row.ids[row.offset : -1],
    )


def seeded(number):
    return random.Random(number)


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=80), st.integers(1, 100), st.integers(0, 2**32 - 1), st.data()
)
@settings(deadline=None)
def test_the_answer_is_in_the_clip_at_the_tokens_that_are_named(words, clip, seed, data):
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 8, len(words) - 1)))
    answer = Span(len(" ".join([*words[:first], ""])), len(" ".join(words[: last + 1])))
    targets = BUILDER.group(
        TrainingExample("made", "When?", TitledPassage("", text), answer), ExampleMix(clip), seeded(seed)
    )
    wanted = TOKENIZER.encode(answer.cut(text), add_special_tokens=False).ids
    assert bool(targets) == (len(wanted) <= clip)
    for target in targets:
        row = target.row
        assert len(row.places) == len(parts(row)[2]) <= clip
        assert row.ids[target.start : target.end + 1] == wanted
        places = row.places[target.start - row.offset : target.end - row.offset + 1]
        assert text[places[0][0] : places[-1][1]] == answer.cut(text)
        whole = TOKENIZER.encode(text, add_special_tokens=False)
        assert len(row.places) == min(clip, len(whole.ids))
        begin = whole.offsets.index(row.places[0])
        assert (row.ids[row.offset : -1], row.places) == (
            whole.ids[begin : begin + clip],
            whole.offsets[begin : begin + clip],
        )


def test_the_clip_is_drawn_from_every_place_that_holds_the_answer():
    text = " ".join(f"{number}" for number in range(100, 140))
    drawn = [BUILDER.group(example(text, "110 111"), ExampleMix(8), seeded(seed))[0] for seed in range(400)]
    begins = {target.row.places[0][0] // 4 for target in drawn}
    assert begins == {4, 5, 6, 7, 8, 9, 10}
    edge = {BUILDER.group(example(text, "100"), ExampleMix(8), seeded(seed))[0].row.places[0][0] for seed in range(50)}
    assert edge == {0}


def test_an_answer_that_begins_inside_a_token_is_that_token():
    [target] = BUILDER.group(example(FERRY, "erry"), ExampleMix(64), seeded(1))
    assert said(target.row, target.start, target.end) == "ferry"


def test_an_answer_longer_than_the_clip_has_no_targets():
    one = example(FERRY, "Saint Brannoc ran aground")
    tokens = len(TOKENIZER.encode("Saint Brannoc ran aground", add_special_tokens=False).ids)
    assert BUILDER.group(one, ExampleMix(tokens - 1), seeded(1)) == []
    [target] = BUILDER.group(one, ExampleMix(tokens), seeded(1))
    assert (target.start, target.end) == (target.row.offset, target.row.offset + tokens - 1)


def test_an_answer_of_no_token_has_no_targets():
    assert BUILDER.group(example("a \u200d b", "\u200d"), ExampleMix(64), seeded(1)) == []


def test_seven_of_ten_rows_have_the_title_and_the_others_none():
    drawn = [
        parts(BUILDER.group(example(FERRY, "7:30"), ExampleMix(64), seeded(seed))[0].row)[1] for seed in range(1500)
    ]
    assert set(drawn) == {"on ferries", ""}
    assert drawn.count("on ferries") / len(drawn) == pytest.approx(0.7, abs=0.04)


def test_questions_are_written_as_they_are_typed():
    asked = {
        parts(BUILDER.group(example(FERRY, "7:30"), ExampleMix(64), seeded(seed))[0].row)[0] for seed in range(200)
    }
    assert {"when did it run aground?", "when did it run aground", "when run aground"} <= asked


WRONG = TitledPassage("Tides", "High tide is at noon. " * 30), TitledPassage("", "Nobody knows.")
HARD = {"wrong": WRONG, "altered": ("Who ran aground?", "Where did it not run aground?")}


def test_a_group_is_the_answered_row_then_a_wrong_passage_then_an_altered_question():
    for seed in range(60):
        right, wrong, altered = BUILDER.group(
            example(FERRY, "Monday", **HARD), ExampleMix(16, wrong=1.0, altered=1.0), seeded(seed)
        )
        assert said(right.row, right.start, right.end) == "monday"
        assert (wrong.start, wrong.end, altered.start, altered.end) == (0, 0, 0, 0)
        assert parts(wrong.row)[0] == parts(right.row)[0]  # the same question, typed the same
        assert said(wrong.row, wrong.row.offset, len(wrong.row.ids) - 2) in {"nobody knows.", *noon()}
        assert parts(altered.row)[1:] == parts(right.row)[1:]  # the same title and clip
        assert len(parts(wrong.row)[2]) <= 16


def noon():
    whole = TOKENIZER.encode(WRONG[0].text, add_special_tokens=False).ids
    return {TOKENIZER.decode(whole[first : first + 16]) for first in range(len(whole) - 15)}


def test_a_wrong_passage_is_cut_anywhere():
    drawn = [
        BUILDER.group(example(FERRY, "Monday", wrong=WRONG[:1]), ExampleMix(16, wrong=1.0), seeded(seed))[1].row
        for seed in range(300)
    ]
    begins = {row.places[0][0] for row in drawn}
    assert len(begins) > 80  # of 30 * 6 - 15
    assert min(begins) == 0 or len(begins) > 100
    assert max(row.places[-1][1] for row in drawn) > 0.9 * len(WRONG[0].text)


@pytest.mark.parametrize(("mix", "rows"), [
    (ExampleMix(64), 1.0), (ExampleMix(64, wrong=0.85, altered=0.45), 2.3), (ExampleMix(64, wrong=1.0), 2.0), (ExampleMix(64, altered=0.5), 1.5),
    (ExampleMix(64, removed=0.5), 1.0),
])  # fmt: skip
def test_the_chances_of_a_mix_are_kept(mix, rows):
    counted = [len(BUILDER.group(example(FERRY, "Monday", **HARD), mix, seeded(seed))) for seed in range(800)]
    assert sum(counted) / len(counted) == pytest.approx(rows, abs=0.1)


LONG = (
    f"{FERRY} Nobody was hurt. The harbour master said that the tide was low and that the ship would float again soon."
)


def test_a_passage_without_its_answer_is_asked_the_same_and_holds_the_rest():
    kept, removed = BUILDER.group(example(LONG, "7:30"), ExampleMix(64, removed=1.0), seeded(1))
    assert said(kept.row, kept.start, kept.end) == "7 : 30"
    assert (removed.start, removed.end) == (0, 0)
    assert parts(removed.row)[0] == parts(kept.row)[0]
    rest = LONG.removeprefix(FERRY).strip()
    assert parts(removed.row)[2] == TOKENIZER.encode(rest, add_special_tokens=False).ids


@pytest.mark.parametrize(("text", "answer", "rest"), [
    (LONG, "tide", f"{FERRY} Nobody was hurt."), (LONG.replace("hurt. ", "hurt.\n\n"), "Nobody", None),
    (f"{LONG} It struck at 7:30.", "7:30", None),  # the rest says it again
    (FERRY, "7:30", None), (f"{FERRY} Nobody was hurt.", "7:30", None),  # too little is left
])  # fmt: skip
def test_the_sentences_that_answer_are_taken_out_unless_the_rest_answers_too(text, answer, rest):
    found = without_answer(example(text, answer))
    assert found == rest if rest else found is None or answer not in found


def test_an_example_without_wrong_passages_or_altered_questions_is_a_row_of_its_own():
    assert len(BUILDER.group(example(FERRY, "Monday"), ExampleMix(64, wrong=1.0, altered=1.0), seeded(1))) == 1


def test_the_same_seed_writes_the_same():
    mix, one = ExampleMix(16, wrong=0.5, altered=0.5), example(FERRY, "Monday", **HARD)
    assert [BUILDER.group(one, mix, seeded(seed)) for seed in range(20)] == [
        BUILDER.group(one, mix, seeded(seed)) for seed in range(20)
    ]
    assert isinstance(BUILDER.group(one, mix, seeded(1))[0], Target)
    assert BUILDER.group(one, mix, seeded(1)) != BUILDER.group(one, mix, seeded(2))
