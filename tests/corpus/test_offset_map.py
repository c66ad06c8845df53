import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.offset_map import Edit, MappedText, OffsetRun, Origin

texts = st.text(st.sampled_from("ab \n\r\u00a0\u00ade\u0301🦀ש"), max_size=40)


@st.composite
def edits_of(draw, text):
    """Edits of `text` in order that do not overlap; some only insert, some only drop."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(start, end, draw(st.sampled_from(["", "X", "YZ", "longer"]))) for start, end in pairs]


@st.composite
def edited_texts(draw):
    """A source, and what several rounds of edits made of it."""
    source = draw(texts)
    mapped = MappedText.of(source)
    for _ in range(draw(st.integers(0, 4))):
        mapped = mapped.edited(draw(edits_of(mapped.text)))
    return source, mapped


@given(st.data(), texts)
@settings(deadline=None)
def test_edits_change_the_text_as_replacing_slices_does(data, text):
    edits = data.draw(edits_of(text))
    plain = text
    for edit in reversed(edits):
        plain = plain[: edit.start] + edit.text + plain[edit.end :]
    assert MappedText.of(text).edited(edits).text == plain


@given(edited_texts())
@settings(max_examples=300, deadline=None)
def test_every_copied_character_stands_in_the_source_where_its_run_says(made):
    source, mapped = made
    for run in mapped.runs:
        assert 0 <= run.start < run.end <= len(mapped.text)
        assert 0 <= run.source_start <= run.source_end <= len(source)
        if run.copied:
            assert mapped.text[run.start : run.end] == source[run.source_start : run.source_end]


@given(edited_texts())
@settings(max_examples=300, deadline=None)
def test_runs_are_in_order_in_both_texts(made):
    _, mapped = made
    for one, after in pairwise(mapped.runs):
        assert one.end <= after.start
        assert one.source_start <= after.source_start
        assert one.source_end <= after.source_end
        if one.copied and after.copied:
            assert one.source_end <= after.source_start


@given(edited_texts())
@settings(max_examples=200, deadline=None)
def test_the_source_of_a_span_is_the_hull_of_the_sources_of_its_characters(made):
    _, mapped = made
    origin = Origin(mapped.runs)
    length = len(mapped.text)
    single = [origin.source_range(at, at + 1) for at in range(length)]
    for start in range(length):
        for end in range(start + 1, min(length, start + 6) + 1):
            known = [source for source in single[start:end] if source]
            expected = (known[0][0], known[-1][1]) if known else None
            assert origin.source_range(start, end) == expected


@given(edited_texts())
@settings(max_examples=200, deadline=None)
def test_source_ranges_never_go_back(made):
    _, mapped = made
    origin = Origin(mapped.runs)
    known = [source for at in range(len(mapped.text)) if (source := origin.source_range(at, at + 1))]
    for one, after in pairwise(known):
        assert one[0] <= after[0]
        assert one[1] <= after[1]


def test_new_characters_stand_for_what_they_replace_and_the_rest_for_itself():
    mapped = MappedText.of("Tom &amp; Ann").edited([Edit(4, 9, "&")])
    origin = Origin(mapped.runs)
    assert mapped.text == "Tom & Ann"
    assert origin.source_range(4, 5) == (4, 9)
    assert origin.source_range(0, 3) == (0, 3)
    assert origin.source_range(6, 9) == (10, 13)
    assert origin.source_range(2, 7) == (2, 11)


def test_an_edit_of_an_edit_keeps_the_way_to_the_first_source():
    mapped = MappedText.of("a&nbsp;&nbsp;b").edited([Edit(1, 7, "\u00a0"), Edit(7, 13, "\u00a0")])
    folded = mapped.edited([Edit(1, 3, " ")])
    assert folded.text == "a b"
    assert Origin(folded.runs).source_range(1, 2) == (1, 13)
    assert Origin(folded.runs).source_range(2, 3) == (13, 14)


def test_a_part_of_a_replacement_stands_for_all_that_was_replaced():
    halved = MappedText.of("x½y").edited([Edit(1, 2, "1/2")]).edited([Edit(1, 2)])
    assert halved.text == "x/2y"
    assert Origin(halved.runs).source_range(1, 2) == (1, 2)
    assert Origin(halved.runs).source_range(2, 4) == (1, 3)


def test_inserted_characters_have_no_source():
    mapped = MappedText.of("ab").edited([Edit(1, 1, "--")])
    origin = Origin(mapped.runs)
    assert mapped.text == "a--b"
    assert origin.source_range(1, 3) is None
    assert origin.source_range(0, 3) == (0, 1)
    assert origin.source_range(2, 4) == (1, 2)
    assert Origin().source_range(0, 5) is None


def test_dropped_characters_belong_to_the_span_around_them_only():
    mapped = MappedText.of("so\u00adft").edited([Edit(2, 3)])
    assert mapped.text == "soft"
    assert Origin(mapped.runs).source_range(0, 4) == (0, 5)
    assert Origin(mapped.runs).source_range(0, 2) == (0, 2)
    assert Origin(mapped.runs).source_range(2, 4) == (3, 5)


@pytest.mark.parametrize("edits", [
    [Edit(2, 4, "x"), Edit(3, 5, "y")], [Edit(3, 4), Edit(0, 1)], [Edit(4, 7)], [Edit(2, 1)], [Edit(-1, 1)],
])  # fmt: skip
def test_edits_that_overlap_or_run_past_the_text_are_refused(edits):
    with pytest.raises(ValueError, match="overlaps another or runs past the end"):
        MappedText.of("abcdef").edited(edits)


def test_parts_of_a_source_are_gathered_in_another_order():
    parts = [Edit(4, 7), Edit(7, 7, "\n\n"), Edit(0, 2), Edit(2, 3, "-"), Edit(3, 4)]
    mapped = MappedText.gathered("ab\x02cdef", parts)
    assert mapped.text == "def\n\nab-c"
    origin = Origin(mapped.runs, page_starts=(0, 4))
    assert [origin.page(at, at + 1) for at in (0, 2, 5, 7, 8)] == [2, 2, 1, 1, 1]
    assert origin.source_ranges(1, 8) == [(5, 7), (0, 2), (2, 3)]
    assert origin.source_ranges(3, 5) == []
    assert MappedText.gathered("abcd", [Edit(0, 2), Edit(2, 4)]) == MappedText.of("abcd")


def test_an_edit_over_parts_in_another_order_comes_from_all_of_them():
    mapped = MappedText.gathered("abcd", [Edit(2, 4), Edit(0, 2)]).edited([Edit(1, 3, "x")])
    assert mapped.text == "cxb"
    assert mapped.runs[1] == OffsetRun(1, 2, 0, 4, copied=False)


def test_two_insertions_at_one_place_stand_in_their_order():
    assert MappedText.of("ab").edited([Edit(1, 1, "1"), Edit(1, 1, "2")]).text == "a12b"


def test_the_page_is_the_one_on_which_the_words_begin():
    origin = Origin((OffsetRun(0, 30, 0, 30),), page_starts=(0, 10, 20))
    assert [origin.page(start, end) for start, end in [(0, 1), (9, 12), (10, 11), (19, 20), (20, 30)]] == [
        1,
        1,
        2,
        2,
        3,
    ]
    assert Origin((OffsetRun(0, 30, 0, 30),)).page(0, 5) is None
    assert Origin(page_starts=(0, 10)).page(0, 5) is None  # inserted words stand on no page
    assert Origin((OffsetRun(0, 30, 0, 30),), page_starts=(4,)).page(0, 2) == 1  # before the first page begins


def test_20_000_edits_of_a_megabyte_take_less_than_two_seconds():
    text = "x" * 1_000_000
    start = time.perf_counter()
    once = MappedText.of(text).edited(Edit(at, at + 2, "y") for at in range(0, 1_000_000, 50))
    twice = once.edited(Edit(at, at + 1) for at in range(0, len(once.text), 49))
    assert time.perf_counter() - start < 2
    assert len(once.text) == 980_000
    assert len(twice.text) == 960_000
    origin = Origin(twice.runs)
    start = time.perf_counter()
    for at in range(0, 960_000, 48):
        assert origin.source_range(at, at + 1)[0] == at // 48 * 50 + 2
    assert time.perf_counter() - start < 1


def test_an_origin_is_packed_as_json_that_older_versions_read():
    origin = Origin((OffsetRun(0, 3, 1, 4), OffsetRun(3, 4, 4, 9, copied=False)), (0, 70), is_text=True)
    packed = {"runs": [[0, 3, 1, 4, 1], [3, 4, 4, 9, 0]], "page_starts": [0, 70], "is_text": True}
    assert origin.packed() == json.dumps(packed, separators=(",", ":"))
    assert Origin().packed() == '{"runs":[],"page_starts":[],"is_text":false}'
