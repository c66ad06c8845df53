"""Wrong tokens: an address that sent many waits before its next one is looked at."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

from corpus.errors import PullquoteError
from rag.api.access.clients import client_at

FREE_GUESSES = 10  # wrong tokens of an address that are looked at at once
GUESS_SECONDS = 1  # between two tokens that are looked at, from then on
MOST_IN_LINE = 8  # tokens of an address that wait to be looked at
FORGIVEN_SECONDS = 600  # after the last wrong token of an address
MOST_REMEMBERED = 10_000  # addresses, and tokens that were right


class Guessing(PullquoteError):
    """Many wrong tokens came from this address; `retry_after` is in seconds."""

    status = 429
    retry_after: int = MOST_IN_LINE

    def __init__(self) -> None:
        super().__init__(f"Many wrong tokens came from this address; try again in {MOST_IN_LINE} seconds.")


@dataclass(slots=True)
class _Guesser:
    wrong: int = 0
    last: float = 0  # when its last wrong token came
    turn: float = 0  # when its next token is looked at


class Guesses:
    """The wrong tokens of each client (`rag.api.access.clients`).

    A token that was right before need not wait, so that its holder is not held up by a guesser with the same address,
    behind a proxy for example. Others wait before they are looked at, so that hanging up early tells a guesser nothing.
    """

    def __init__(self) -> None:
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._right: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def wait(self, address: str, digest: str) -> None:
        """Returns once the token with this digest may be looked at; Guessing where too many wait already."""
        client, now = client_at(address), monotonic()
        guesser = self._guessers.get(client, _Guesser())
        if guesser.wrong < FREE_GUESSES or now - guesser.last > FORGIVEN_SECONDS or (client, digest) in self._right:
            return
        turn = max(now, guesser.turn)
        if turn - now > MOST_IN_LINE * GUESS_SECONDS:
            raise Guessing
        guesser.turn = turn + GUESS_SECONDS
        await asyncio.sleep(turn - now)

    def note(self, address: str, digest: str, *, is_right: bool) -> None:
        """Remembers what came of the token."""
        client, now = client_at(address), monotonic()
        if is_right:
            self._right[client, digest] = None
        else:
            guesser = self._guessers.pop(client, _Guesser())
            if now - guesser.last > FORGIVEN_SECONDS:
                guesser.wrong = 0
            guesser.wrong, guesser.last = guesser.wrong + 1, now
            self._guessers[client] = guesser
        for remembered in (self._guessers, self._right):
            if len(remembered) > MOST_REMEMBERED:
                remembered.popitem(last=False)
