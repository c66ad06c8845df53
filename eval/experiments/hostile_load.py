"""What honest clients notice of hostile ones: the same load twice, the second time under an attack.

    pullquote serve &
    python -m eval.experiments.hostile_load QUESTIONS --clients 64 --seconds 60 --process PID

The attack, all of it from this machine: connections that send nothing, readers who take a long article a few bytes at a
time, quotes of one repeated word to be located in it, and a client that adds and deletes articles. Each begins anew
where the server ends it. The server's library needs articles that answer QUESTIONS; a long article is added to it, and
deleted at the end. Each line is a figure; the last one compares.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import httpx

from eval.experiments.command import parser, write
from eval.experiments.load import Figures, LoadRun, count_quotes, questions, resident, run_clients
from rag.client import Pullquote
from rag.connection import ServiceError

_WARM_UP = 5.0  # seconds
_RECOVERY = 30.0  # seconds after the attack in which the server may close what it left
_TIMEOUT = 120.0  # seconds
_TAKEN = 16  # bytes that a slow reader takes a second
_BUFFER = 4096  # bytes that the kernel may keep for a slow reader


@dataclass(frozen=True, slots=True)
class Attack:
    """How many do what; `words` is the length of the long article."""

    idle: int
    slow: int
    locating: int
    words: int


@dataclass(slots=True)
class _Target:
    """The server, the long article in it, and what came of what was done to it: how often, by kind."""

    url: str
    article: str
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 80


@asynccontextmanager
async def under_attack(target: _Target, attack: Attack) -> AsyncIterator[None]:
    """The attack goes on until the block ends."""
    number = count()
    tasks = [asyncio.create_task(_again(_idle, target)) for _ in range(attack.idle)]
    tasks += [asyncio.create_task(_again(_read_slowly, target)) for _ in range(attack.slow)]
    tasks += [asyncio.create_task(_again(_locate, target)) for _ in range(attack.locating)]
    tasks.append(asyncio.create_task(_again(lambda target: _write(target, next(number)), target)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again(act: Callable[[_Target], Awaitable[str]], target: _Target) -> None:
    while True:
        try:
            target.outcomes[await act(target)] += 1
        except (OSError, httpx.HTTPError, ServiceError) as fault:
            target.outcomes[f"{act.__name__.strip('_')}: {type(fault).__name__}"] += 1
            await asyncio.sleep(0.1)


async def _idle(target: _Target) -> str:
    """Connects and waits until the server closes the connection."""
    reader, writer = await asyncio.open_connection(*target.place)
    try:
        await reader.read()
    finally:
        writer.close()
    return "idle connections closed"


async def _read_slowly(target: _Target) -> str:
    """Asks for the long article and takes a few bytes a second."""
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        connection.setblocking(False)
        await loop.sock_connect(connection, target.place)
        head = f"GET /v1/articles/{target.article} HTTP/1.1\r\nHost: {urlsplit(target.url).netloc}\r\n\r\n"
        await loop.sock_sendall(connection, head.encode("ascii"))
        taken = b"-"
        while taken:
            taken, _ = await asyncio.gather(loop.sock_recv(connection, _TAKEN), asyncio.sleep(1))
    return "slow readers closed"


async def _locate(target: _Target) -> str:
    async with httpx.AsyncClient(base_url=target.url, timeout=_TIMEOUT) as http:
        response = await http.post("v1/quotes/locate", json={"quote": "word " * 1000})
    return f"locate: {response.status_code}"


async def _write(target: _Target, number: int) -> str:
    """Adds an article and deletes it."""

    def change() -> None:
        text = f"Harbour notice {number}\n\nBerth {number} of the old quay is closed for {number + 2} days."
        with Pullquote(target.url) as service:
            service.remove(_added(service, "notice.txt", text))

    await asyncio.to_thread(change)
    return "articles added and deleted"


def _added(service: Pullquote, name: str, text: str) -> str:
    """The id of a new article; exits where it is refused."""
    (entry,) = service.add((name, text.encode()))
    return entry.article_id or sys.exit(f"The server did not add {name}: {entry.reason}")


def _held(process: int | None) -> Figures:
    """The descriptors and the memory in MB that a process holds; Linux."""
    if process is None:
        return {}
    descriptors = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return {"descriptors": descriptors, "resident_mb": round(resident(process) / 1e6, 1)}


def _peak(load_run: LoadRun) -> Figures:
    return {"peak_mb": round(max(load_run.memory) / 1e6, 1)} if load_run.memory else {}


def _compared(before: LoadRun, during: LoadRun) -> Figures:
    peaceful, attacked = before.figures(), during.figures()
    return {"what": "under attack by in peace", "faults": attacked["faults"]} | {
        name: round(float(str(attacked[name])) / float(str(peaceful[name])), 3) for name in ("p95_ms", "per_second")
    }


async def _figures(options: argparse.Namespace) -> AsyncIterator[Figures]:
    attack = Attack(options.idle, options.slow, options.locating, options.words)
    asked, url, process = questions(options.questions), options.url, options.process
    with Pullquote(url, timeout=_TIMEOUT, patience=_TIMEOUT) as service:
        target = _Target(url, _added(service, "long.txt", "A long article\n\n" + "word " * attack.words))
    try:
        await run_clients(url, asked, 2, _WARM_UP)
        before = await run_clients(url, asked, options.clients, options.seconds, process)
        yield {"what": "in peace"} | before.figures() | _peak(before) | _held(process)
        async with under_attack(target, attack):
            during = await run_clients(url, asked, options.clients, options.seconds, process)
            yield (
                {"what": "under attack", "peak_mb": max(during.memory, default=0) / 1e6}
                | during.figures()
                | _held(process)
            )
        yield {"what": "what came of the attack", **dict(sorted(target.outcomes.items()))}
        started = perf_counter()
        await asyncio.sleep(options.recovery)
        yield {"what": f"{perf_counter() - started:.0f} s later"} | _held(process)
        total, wrong = await count_quotes(url, during)
        yield {"what": "quotes checked against their articles", "quotes": total, "untrue": wrong}
        yield _compared(before, during)
    finally:
        with Pullquote(url, timeout=_TIMEOUT, patience=_TIMEOUT) as service, suppress(ServiceError):
            service.remove(target.article)


async def _measure(options: argparse.Namespace) -> None:
    async for figures in _figures(options):
        write([json.dumps(figures)])


if __name__ == "__main__":
    arguments = parser("hostile_load", "What honest clients notice of hostile ones.")
    arguments.add_argument("questions", type=Path)
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    arguments.add_argument("--clients", type=int, default=64, help="honest ones")
    arguments.add_argument("--seconds", type=float, default=60, help="in peace, and as long under attack")
    arguments.add_argument("--recovery", type=float, default=_RECOVERY, help="seconds after the attack")
    arguments.add_argument("--process", type=int, help="the server's process, to watch its memory and descriptors")
    arguments.add_argument("--idle", type=int, default=500, help="connections that send nothing")
    arguments.add_argument("--slow", type=int, default=30, help="readers who take a few bytes a second")
    arguments.add_argument("--locating", type=int, default=4, help="clients that locate a repeated word")
    arguments.add_argument("--words", type=int, default=1_900_000, help="of the long article")
    asyncio.run(_measure(arguments.parse_args()))
