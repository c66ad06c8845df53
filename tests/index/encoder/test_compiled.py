"""Batches, and that a network gives every row what it gives it alone."""

import locale
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.compiled import BatchLimits, CompiledNetwork, batches
from index.encoder.encoder import BUNDLED, compiled_folder

LIMITS = BatchLimits(rows=16, tokens=2048)
LENGTHS = [3, 40, 7, 128, 3, 64, 5, 17, 90, 31, 12, 256]


@given(st.lists(st.integers(1, 3000), max_size=120), st.builds(BatchLimits, st.integers(1, 20), st.integers(1, 4000)))
@settings(deadline=None)
def test_batches_hold_each_number_once_longest_first_within_the_limits(lengths, limits):
    found = batches(np.array(lengths, dtype=np.int64), limits)
    assert sorted(member for batch in found for member in batch) == list(range(len(lengths)))
    in_order = [lengths[member] for batch in found for member in batch]
    assert in_order == sorted(lengths, reverse=True)
    for batch in found:
        assert 1 <= len(batch) <= limits.rows
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= limits.tokens


def test_batches_are_as_full_as_the_limits_allow():
    assert [len(batch) for batch in batches(np.full(40, 10), LIMITS)] == [16, 16, 8]
    assert [len(batch) for batch in batches(np.full(8, 512), LIMITS)] == [4, 4]
    assert [len(batch) for batch in batches(np.full(5, 10), BatchLimits(rows=2, tokens=2048))] == [2, 2, 1]
    assert [len(batch) for batch in batches(np.full(5, 10), BatchLimits(rows=16, tokens=39))] == [3, 2]
    assert batches(np.array([5, 9, 9, 7]), LIMITS) == [[1, 2, 3, 0]]


@pytest.fixture(scope="module")
def network(cache):
    """That of the encoder: a unit row of 384 for each row of tokens."""
    return CompiledNetwork(compiled_folder(BUNDLED, cache) / "model.xml", cache)


@pytest.fixture(scope="module")
def rows():
    """Rows of different tokens, between the marks of BERT."""
    chance = np.random.default_rng(5)
    inner = [chance.integers(2000, 28000, length - 2).tolist() for length in LENGTHS]
    return [{"input_ids": [101, *ids, 102]} for ids in inner]


@pytest.fixture(scope="module")
def alone(network, rows):
    """What each row gives when nothing else is run with it."""
    return np.array([network.run([row], LIMITS)[0] for row in rows])


@pytest.mark.model
@pytest.mark.parametrize(
    "limits",
    [LIMITS, BatchLimits(1, 10_000), BatchLimits(5, 10_000), BatchLimits(100, 100_000), BatchLimits(16, 200), BatchLimits(16, 1)],
    ids=str,
)  # fmt: skip
def test_rows_give_together_what_they_give_alone_in_their_order(network, rows, alone, limits):
    together = np.array(network.run(rows, limits))
    assert together.shape == (len(rows), 384)
    assert together.dtype == np.float32
    assert np.array_equal(together, alone)  # to the bit: a reply must not depend on what else is asked
    assert np.argmax(together @ alone.T, axis=1).tolist() == list(range(len(rows)))


@pytest.mark.model
def test_more_batches_than_can_run_at_once_keep_their_order(network, rows, alone):
    turns = 2 * network.streams // len(rows) + 2
    found = np.array(network.run(rows * turns, BatchLimits(1, 10_000)))
    assert len(found) > 2 * network.streams
    assert np.abs(found - np.tile(alone, (turns, 1))).max() < 1e-2


@pytest.mark.model
def test_what_a_run_gave_does_not_change_with_the_next(network, rows, alone):
    first = network.run(rows[:1], LIMITS)
    network.run(rows[1:], BatchLimits(1, 10_000))
    assert np.abs(first[0] - alone[0]).max() < 1e-2


@pytest.mark.model
def test_an_input_that_is_left_out_is_zero(network, rows, alone):
    segmented = [row | {"token_type_ids": [0] * len(row["input_ids"])} for row in rows]
    assert np.abs(np.array(network.run(segmented, LIMITS)) - alone).max() < 1e-2
    others = [row | {"token_type_ids": [1] * len(row["input_ids"])} for row in rows]
    assert np.abs(np.array(network.run(others, LIMITS)) - alone).max() > 2e-2


@pytest.mark.model
def test_no_rows_give_nothing(network):
    assert network.run([], LIMITS) == []


class Counted(CompiledNetwork):
    """Counts how often rows were run, and holds the first run up until it is told to go on."""

    def __init__(self, *taken):
        super().__init__(*taken)
        self.runs, self.began, self.go_on = [], threading.Event(), threading.Event()

    def _outputs(self, rows, limits):
        self.runs.append(len(rows))
        self.began.set()
        assert self.go_on.wait(60)
        return super()._outputs(rows, limits)


@pytest.fixture
def counted(cache):
    return Counted(compiled_folder(BUNDLED, cache) / "model.xml", cache)


def waited_for(counted, count):
    """Once so many runs wait for their turn."""
    deadline = time.monotonic() + 60
    while len(counted._waiting) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.model
def test_rows_of_threads_that_wait_are_run_together(counted, rows, alone):
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(counted.run, rows[:2], LIMITS)
        assert counted.began.wait(60)
        others = [threads.submit(counted.run, rows[number : number + 3], LIMITS) for number in (2, 5, 8)]
        other_limits = threads.submit(counted.run, rows[:1], BatchLimits(1, 1000))
        waited_for(counted, 4)
        counted.go_on.set()
        found = [one.result(60) for one in (first, *others)]
        assert np.array_equal(np.array(other_limits.result(60)), alone[:1])
    assert [len(one) for one in found] == [2, 3, 3, 3]
    assert np.array_equal(np.concatenate(found), alone[:11])
    assert sorted(counted.runs) == [1, 2, 9]
    assert not counted._waiting


@pytest.mark.model
def test_an_error_reaches_all_who_waited_and_nobody_after(counted, rows, alone):
    with ThreadPoolExecutor(3) as threads:
        threads.submit(counted.run, rows[:1], LIMITS)
        assert counted.began.wait(60)
        bad = [threads.submit(counted.run, [{"input_ids": [[]]}], LIMITS) for _ in range(2)]
        waited_for(counted, 2)
        counted.go_on.set()
        for one in bad:
            with pytest.raises((ValueError, TypeError)):
                one.result(60)
    assert np.array_equal(np.array(counted.run(rows, LIMITS)), alone)


@pytest.mark.model
def test_a_batch_that_fails_leaves_none_at_work_behind(network, rows, alone):
    with pytest.raises((ValueError, TypeError)):
        network._outputs([*rows, {"input_ids": [[]] * 3}, *rows], BatchLimits(1, 10_000))  # after others have begun
    assert np.array_equal(np.array(network.run(rows, LIMITS)), alone)


@pytest.mark.model
def test_models_opened_at_once_leave_the_locale_as_it_was(cache):
    former = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    path = compiled_folder(BUNDLED, cache) / "model.xml"
    try:
        for _ in range(4):
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(lambda _: CompiledNetwork(path, cache), range(4)))
            assert locale.setlocale(locale.LC_ALL) == "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, former)
