import asyncio
import threading
import time
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from corpus.library.faults import LibraryBusy
from rag.api.access.admission import Admission, Busy


class Waits:
    """Keeps how long work has waited for its turn."""

    def __init__(self):
        self.seconds = []

    def waited(self, seconds):
        self.seconds.append(seconds)


class Held:
    """Work that notes that it has begun, and ends once it is let go."""

    def __init__(self, begun, go, name):
        self.begun, self.go, self.name = begun, go, name

    def __call__(self):
        self.begun.append(self.name)
        assert self.go.wait(10)
        return self.name


@pytest.fixture
def make():
    """Turns, closed afterwards."""
    made = []

    def turns(workers=1, waiting=10, seconds=10.0):
        made.append(Admission(workers, waiting, seconds, Waits()))
        return made[-1]

    yield turns
    for one in made:
        one.close()


async def until(is_so):
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def outcome(awaitable):
    try:
        return await awaitable
    except Busy as busy:
        return str(busy)


BUSY = "More is asked of this server than it can answer in time; try again in a second."


def test_work_is_done_in_the_order_in_which_it_was_asked_for(make):
    turns, begun, go = make(), [], threading.Event()

    async def ask():
        asked = [asyncio.ensure_future(turns.run(Held(begun, go, name))) for name in range(8)]
        await until(lambda: begun == [0])
        go.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(ask()) == list(range(8)) == begun
    assert len(turns._metrics.seconds) == 8
    assert turns._under_way == 0


def test_who_comes_when_all_places_are_taken_is_told_so_at_once(make):
    turns, begun, go = make(workers=1, waiting=2), [], threading.Event()

    async def ask():
        asked = []
        for name in range(3):
            assert not turns.is_full
            asked.append(asyncio.ensure_future(turns.run(Held(begun, go, name))))
            await asyncio.sleep(0)
        assert turns.is_full
        assert await outcome(turns.run(lambda: begun.append("late"))) == BUSY
        go.set()
        assert await asyncio.gather(*asked) == [0, 1, 2]
        assert await turns.run(lambda: "now") == "now"

    asyncio.run(ask())
    assert begun == [0, 1, 2]
    assert not turns.is_full


@pytest.mark.parametrize(("workers", "waiting", "seconds"), [
    (1, 1, 1), (1, 99, 20), (2, 98, 10), (4, 96, 5), (1, 298, 60), (1, 5_000, 60),  # 0.2 s each, until some are done
])  # fmt: skip
def test_when_to_try_again_is_how_long_those_before_take_but_never_more_than_a_minute(make, workers, waiting, seconds):
    turns, go = make(workers, waiting), threading.Event()

    async def ask():
        asked = [asyncio.ensure_future(turns.run(go.wait)) for _ in range(workers + waiting)]
        await asyncio.sleep(0)
        try:
            with pytest.raises(Busy) as told:
                await turns.run(int)
        finally:
            go.set()
            await asyncio.gather(*asked)
        return told.value.retry_after

    assert asyncio.run(ask()) == seconds


def test_how_long_work_takes_is_learned(make):
    turns = make(workers=1, waiting=20, seconds=10)

    async def ask():
        for _ in range(30):
            await turns.run(lambda: time.sleep(0.002))
        return turns._mean

    assert 0.002 < asyncio.run(ask()) < 0.05


def test_work_whose_time_is_over_before_its_turn_is_never_begun(make):
    turns, begun, go = make(seconds=0.1), [], threading.Event()

    async def ask():
        asked = [asyncio.ensure_future(outcome(turns.run(Held(begun, go, name)))) for name in range(3)]
        assert await asyncio.gather(*asked) == [BUSY] * 3
        assert begun == [0]
        assert turns._under_way == 1  # what has begun goes on, and has its place until it is done
        go.set()
        await until(lambda: turns._under_way == 0)
        assert await turns.run(lambda: "now") == "now"

    asyncio.run(ask())
    assert begun == [0]


def test_work_of_somebody_who_has_gone_is_never_begun(make):
    turns, begun, go = make(), [], threading.Event()

    async def ask():
        first = asyncio.ensure_future(turns.run(Held(begun, go, "first")))
        second = asyncio.ensure_future(turns.run(Held(begun, go, "second")))
        await until(lambda: begun == ["first"])
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        assert await first == "first"

    asyncio.run(ask())
    assert begun == ["first"]
    assert turns._under_way == 0


@pytest.mark.parametrize(
    "fault", [KeyError("a"), TimeoutError("its own"), LibraryBusy(Path("x")), asyncio.InvalidStateError()]
)
def test_the_errors_of_work_come_through(make, fault):
    turns = make()

    def work():
        raise fault

    async def ask():
        with pytest.raises(type(fault)) as told:
            await turns.run(work)
        assert repr(told.value) == repr(fault)
        await until(lambda: turns._under_way == 0)
        return await turns.run(lambda: "next")

    assert asyncio.run(ask()) == "next"


def test_hundreds_at_once_are_all_done_by_so_many_threads(make):
    turns, lock, now, most = make(workers=4, waiting=500), threading.Lock(), 0, 0

    def work(number):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.001)
        with lock:
            now -= 1
        return number * number

    async def ask():
        return await asyncio.gather(*(turns.run(lambda number=number: work(number)) for number in range(400)))

    assert asyncio.run(ask()) == [number * number for number in range(400)]
    assert most == 4
    assert turns._under_way == 0


def test_each_step_comes_as_soon_as_it_is_there(make):
    turns, go = make(), threading.Event()

    def work():
        yield "first"
        assert go.wait(5)  # the consumer has the first step, else this would never end
        yield "second"

    async def ask():
        came = []
        async for step in turns.steps(work):
            came.append(step)
            go.set()
        return came

    assert asyncio.run(ask()) == ["first", "second"]
    assert turns._under_way == 0


def test_steps_that_end_in_an_error_come_before_it(make):
    turns, came = make(), []

    def work():
        yield 1
        yield 2
        raise KeyError("then")

    async def ask():
        async for step in turns.steps(work):
            came.append(step)  # noqa: PERF401  # the error comes in between

    with pytest.raises(KeyError, match="then"):
        asyncio.run(ask())
    assert came == [1, 2]
    assert turns._under_way == 0


def test_steps_of_none_are_none(make):
    async def ask(turns):
        return [step async for step in turns.steps(lambda: iter(()))]

    assert asyncio.run(ask(make())) == []


def test_steps_that_nobody_listens_to_any_more_end_with_the_next(make):
    turns, go, made, is_closed = make(), threading.Event(), [], threading.Event()

    def work():
        try:
            for number in range(1000):
                made.append(number)
                yield number
                assert go.wait(5)
        finally:
            is_closed.set()

    async def ask():
        async with aclosing(turns.steps(work)) as steps:
            assert await anext(steps) == 0
        go.set()
        await until(is_closed.is_set)
        await until(lambda: turns._under_way == 0)

    asyncio.run(ask())
    assert made == [0, 1]


def test_steps_that_take_too_long_are_told_off_and_end(make):
    turns, go, made = make(seconds=0.2), threading.Event(), []

    def work():
        for number in range(1000):
            made.append(number)
            yield number
            assert go.wait(5)

    async def ask():
        came = []
        with suppress(Busy):
            async for step in turns.steps(work):
                came.append(step)  # noqa: PERF401
        go.set()
        await until(lambda: turns._under_way == 0)
        return came

    assert asyncio.run(ask()) == [0]
    assert made == [0, 1]


def test_steps_that_were_made_in_time_reach_a_slow_listener(make):
    turns = make(seconds=0.2)

    async def ask():
        came = []
        async for step in turns.steps(lambda: iter(range(3))):
            came.append(step)
            await asyncio.sleep(0.15)
        return came

    assert asyncio.run(ask()) == [0, 1, 2]


def test_steps_whose_turn_does_not_come_are_never_begun(make):
    turns, begun, go = make(seconds=0.1), [], threading.Event()

    def work():
        begun.append("steps")
        yield 1

    async def ask():
        asyncio.ensure_future(outcome(turns.run(Held(begun, go, "run"))))  # noqa: RUF006  # it ends with the loop
        await until(lambda: begun == ["run"])
        with pytest.raises(Busy):
            await anext(turns.steps(work))
        await asyncio.sleep(0)
        go.set()
        await until(lambda: turns._under_way == 0)

    asyncio.run(ask())
    assert begun == ["run"]


def test_closing_tells_those_who_wait_and_lets_the_others_end(make):
    turns, begun, go = make(), [], threading.Event()

    async def first_step():
        return await anext(turns.steps(lambda: iter("x")))

    async def ask():
        first = asyncio.ensure_future(turns.run(Held(begun, go, "first")))
        await until(lambda: begun == ["first"])
        others = [asyncio.ensure_future(outcome(one)) for one in (turns.run(Held(begun, go, "second")), first_step())]
        await asyncio.sleep(0)
        turns.close()
        assert [one for one in await asyncio.gather(*others) if one != BUSY] == []
        assert await outcome(turns.run(Held(begun, go, "third"))) == BUSY
        go.set()
        assert await first == "first"

    asyncio.run(ask())
    assert begun == ["first"]
    assert turns._under_way == 0
