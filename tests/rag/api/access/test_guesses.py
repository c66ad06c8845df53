"""Wrong tokens are slowed down, right ones are not."""

import asyncio
import time

import pytest

from rag.api.access import guesses as bounds
from rag.api.access.guesses import FREE_GUESSES, MOST_IN_LINE, Guesses, Guessing


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(bounds, "GUESS_SECONDS", 0.05)


def wrong(guesses, address="1.2.3.4", count=FREE_GUESSES):
    for number in range(count):
        guesses.note(address, f"wrong {number}", is_right=False)


def waited(guesses, address="1.2.3.4", digest="right"):
    """The seconds until a token is looked at."""

    async def wait():
        started = time.monotonic()  # once the loop runs, which may take a while to begin and to end
        await guesses.wait(address, digest)
        return time.monotonic() - started

    return asyncio.run(wait())


def test_the_first_wrong_tokens_are_looked_at_at_once_and_the_others_one_after_the_other():
    guesses = Guesses()
    wrong(guesses, count=FREE_GUESSES - 1)
    assert waited(guesses) < 0.02
    wrong(guesses, count=1)
    started = time.monotonic()

    async def many():
        return await asyncio.gather(*[guesses.wait("1.2.3.4", str(n)) for n in range(20)], return_exceptions=True)

    outcomes = asyncio.run(many())
    assert [type(one) for one in outcomes] == [type(None)] * (MOST_IN_LINE + 1) + [Guessing] * (19 - MOST_IN_LINE)
    assert time.monotonic() - started > 0.05 * MOST_IN_LINE - 0.01


def test_a_token_that_was_right_before_does_not_wait_for_the_guesses_of_its_address():
    guesses = Guesses()
    guesses.note("1.2.3.4", "right", is_right=True)
    wrong(guesses, count=100)
    for _ in range(MOST_IN_LINE):
        waited(guesses, digest="other")
    assert waited(guesses) < 0.02
    assert waited(guesses, address="1.2.3.5") < 0.02


def test_a_network_of_ipv6_is_one_guesser():
    guesses = Guesses()
    for number in range(FREE_GUESSES):
        guesses.note(f"2001:db8::{number:x}", "wrong", is_right=False)
    waited(guesses, "2001:db8::ffff")  # the first turn is now
    assert waited(guesses, "2001:db8::ffff") > 0.03
    assert waited(guesses, "2001:db8:0:1::ffff") < 0.02


def test_guesses_are_forgiven_after_a_time(monkeypatch):
    guesses = Guesses()
    wrong(guesses)
    monkeypatch.setattr(bounds, "FORGIVEN_SECONDS", -1)
    waited(guesses)
    assert waited(guesses) < 0.02


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_REMEMBERED", 3)
    guesses = Guesses()
    for number in range(10):
        guesses.note(f"1.2.3.{number}", "wrong", is_right=False)
        guesses.note(f"1.2.3.{number}", "right", is_right=True)
    assert list(guesses._guessers) == ["1.2.3.7", "1.2.3.8", "1.2.3.9"]
    assert len(guesses._right) == 3
