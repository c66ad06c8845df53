import random
import re
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.training.typo_noise import with_typo_noise

QUESTION = "When was the bridge of Hollin Quay built in 1921?"
WAYS = {  # slips of the keys apart
    "When was the bridge of Hollin Quay built in 1921?", "When was the bridge of Hollin Quay built in 1921",
    "when was the bridge of hollin quay built in 1921?", "when was the bridge of hollin quay built in 1921",
    "When bridge Hollin Quay built 1921", "when bridge hollin quay built 1921",
    "bridge Hollin Quay built 1921", "bridge hollin quay built 1921",
}  # fmt: skip


def variants(question, count=2000):
    return [with_typo_noise(question, random.Random(seed)) for seed in range(count)]


def is_slip(word, right):
    """Whether one letter was left out, doubled, swapped with the next or replaced by another."""
    places = range(len(right) - 1)
    left_out = {right[:at] + right[at + 1 :] for at in places}
    doubled = {right[: at + 1] + right[at:] for at in places}
    swapped = {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in places}
    replaced = len(word) == len(right) and sum(one != other for one, other in zip(word, right, strict=True)) <= 1
    return word in left_out | doubled | swapped or replaced


def test_a_question_is_typed_in_each_of_the_ways():
    assert set(variants(QUESTION)) >= WAYS


def test_the_words_stay_but_for_two_slips_and_numbers_always():
    plain = {way.lower().rstrip("?") for way in WAYS}
    slipped = []
    for found in variants(QUESTION):
        words = found.lower().rstrip("?").split()
        fits = [
            [(word, right) for word, right in zip_longest(words, way.split(), fillvalue="") if word != right]
            for way in plain
        ]
        [slips] = [wrong for wrong in fits if len(wrong) <= 2]
        slipped.append(len(slips))
        assert len(slips) != 2 or all(is_slip(word, right) for word, right in slips), found
        assert re.findall(r"\d+", found) == ["1921"]
    assert 0.8 < slipped.count(0) / len(slipped) < 0.95
    assert 0.02 < slipped.count(2) / len(slipped) < 0.08


@pytest.mark.parametrize(("kind", "share"), [
    (lambda found: found == QUESTION, 0.88 * 0.88 * 0.7 * 0.7), (str.islower, 0.3),
    (lambda found: not found.endswith("?"), 1 - 0.88 * 0.7), (lambda found: " the " not in found.lower() and " of " not in found.lower(), 0.12),
    (lambda found: not found.lower().startswith("w"), 0.06),
])  # fmt: skip
def test_each_way_has_its_share(kind, share):
    found = variants(QUESTION, 4000)
    assert sum(map(kind, found)) / len(found) == pytest.approx(share, abs=0.03)


def test_the_same_seed_types_the_same():
    assert variants(QUESTION, 50) == variants(QUESTION, 50)
    assert len(set(variants(QUESTION, 50))) > 4


@pytest.mark.parametrize(("question", "ways"), [
    ("Did it do that?", {"Did it do that?", "did it do that?", "Did it do that", "did it do that"}),
    ("?", {"?"}), ("??", {"??"}), ("7 + 5?", {"7 + 5?", "7 + 5"}), ("a", {"a"}), ("X?", {"X?", "X", "x?", "x"}),
])  # fmt: skip
def test_nothing_is_left_out_that_would_leave_nothing(question, ways):
    found = set(variants(question, 600))
    assert {way for way in found if len(way.split()) == len(question.split())} >= ways
    assert all(found)


@given(st.text(max_size=60).map(lambda text: " ".join(text.split())).filter(bool), st.integers(0, 2**32 - 1))
def test_whatever_is_asked_something_stays_asked(question, seed):
    found = with_typo_noise(question, random.Random(seed))
    assert found.strip()
    assert re.findall(r"\d", found) == re.findall(r"\d", question)
