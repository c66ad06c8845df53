"""How a server holds up under one client and under many, with every reply checked.

    pullquote serve &
    python -m eval.experiments.load QUESTIONS --url http://127.0.0.1:8000 --clients 32 --seconds 60 --process PID

QUESTIONS is a set that `pullquote eval run` reads, or a text file with one question a line; the server's library is the
one that is asked. `--process` names the server's process, whose memory is watched. Each line is a figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import numpy as np

from eval.datasets.read_set import BadSet, read_set
from eval.experiments.command import parser, write

_WARM_UP = 10  # questions
_WATCHED = 1.0  # seconds between two readings of the memory
_TIMEOUT = 120.0  # seconds

Figures = dict[str, object]


@dataclass(slots=True)
class _Client:
    """What one client got: seconds of each reply, what went wrong, and the last reply to each question."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    replies: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadRun:
    """So many clients for so many seconds; `memory` in bytes, once a second."""

    clients: list[_Client]
    seconds: float
    memory: list[int]

    def figures(self) -> Figures:
        """Rate, latencies, the slowest client beside the mean, faults, memory."""
        latencies = [one for client in self.clients for one in client.seconds]
        slowest = max(_p95(client.seconds) for client in self.clients)
        return {
            "clients": len(self.clients),
            "replies": len(latencies),
            "per_second": round(len(latencies) / self.seconds, 2),
            "mean_ms": round(1000 * float(np.mean(latencies)), 1),
            "median_ms": round(1000 * float(np.median(latencies)), 1),
            "p95_ms": round(1000 * _p95(latencies), 1),
            "slowest_client_p95_ms": round(1000 * slowest, 1),
            "slowest_client_p95_by_mean": round(slowest / float(np.mean(latencies)), 3),
            "faults": sum(len(client.faults) for client in self.clients),
            "faults_first": [fault for client in self.clients for fault in client.faults][:3],
            **_memory(self.memory),
        }


def questions(path: Path) -> list[str]:
    """The questions of a set, or the lines of a text file."""
    try:
        return [example.question for example in read_set(path).examples]
    except BadSet:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


async def run_clients(
    url: str, asked: Sequence[str], count: int, seconds: float, process: int | None = None
) -> LoadRun:
    """What `count` clients see who ask, each by itself, one question after the other."""
    clients = [_Client() for _ in range(count)]
    async with httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, limits=httpx.Limits(max_connections=None)) as http:
        memory: list[int] = []
        watching = asyncio.create_task(_watch(process, memory)) if process else None
        started = perf_counter()
        await asyncio.gather(
            *(_ask(http, one, _shuffled(asked, number), started + seconds) for number, one in enumerate(clients))
        )
        spent = perf_counter() - started
        if watching:
            watching.cancel()
    return LoadRun(clients, spent, memory)


async def changed_replies(url: str, load_run: LoadRun) -> list[str]:
    """The questions whose replies differ from those given one at a time now, but for the time they took."""
    found = []
    replies = {question: reply for client in load_run.clients for question, reply in client.replies.items()}
    async with httpx.AsyncClient(base_url=url, timeout=_TIMEOUT) as http:
        for question, reply in replies.items():
            alone = (await http.post("v1/answer", json={"question": question})).json()
            if alone | {"timing_ms": None} != reply | {"timing_ms": None}:
                found.append(question)
    return found


async def count_quotes(url: str, load_run: LoadRun) -> tuple[int, int]:
    """How many quotes were given, and how many do not stand at their place in the article as the server shows it."""
    texts: dict[str, str] = {}
    total = wrong = 0
    async with httpx.AsyncClient(base_url=url, timeout=_TIMEOUT) as http:
        for client in load_run.clients:
            answers = (answer for reply in client.replies.values() for answer in reply["answers"])
            for quote in (quote for answer in answers for quote in answer["quotes"]):
                identity = quote["article_id"]
                if identity not in texts:
                    texts[identity] = (await http.get(f"v1/articles/{identity}")).json()["text"]
                total += 1
                wrong += texts[identity][quote["start"] : quote["end"]] != quote["text"]
    return total, wrong


async def _ask(http: httpx.AsyncClient, client: _Client, asked: Iterator[str], until: float) -> None:
    while perf_counter() < until:
        question = next(asked)
        started = perf_counter()
        try:
            response = await http.post("v1/answer", json={"question": question})
            if response.status_code == 200:
                client.seconds.append(perf_counter() - started)
                client.replies[question] = response.json()
            else:
                client.faults.append(f"{response.status_code} {response.text[:200]}")
        except httpx.HTTPError as fault:
            client.faults.append(repr(fault))


async def _watch(process: int, memory: list[int]) -> None:
    while True:
        memory.append(resident(process))
        await asyncio.sleep(_WATCHED)


def resident(process: int) -> int:
    """Bytes of memory that a process has; Linux."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in status if line.startswith("VmRSS:")).split()[1])


def _shuffled(asked: Sequence[str], seed: int) -> Iterator[str]:
    """All questions again and again, each client's in an order of its own."""
    order = list(asked)
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    while True:
        yield from order


def _p95(seconds: Sequence[float]) -> float:
    return float(np.percentile(seconds, 95)) if seconds else float("inf")


def _memory(memory: Sequence[int]) -> Figures:
    """Of the last ten seconds beside ten seconds at the end of the first minute (or half), in MB."""
    if len(memory) < 4:
        return {}
    first = min(60, len(memory) // 2)
    early, late = np.mean(memory[max(first - 10, 0) : first]), np.mean(memory[-10:])
    return {"memory_mb": round(float(late) / 1e6, 1), "memory_growth": round(float(late / early) - 1, 4)}


async def _figures(options: argparse.Namespace) -> AsyncIterator[Figures]:
    asked = questions(options.questions)
    await run_clients(options.url, asked[:_WARM_UP], 1, 5)
    alone = await run_clients(options.url, asked, 1, options.seconds, options.process)
    yield {"what": "one client"} | alone.figures()
    many = await run_clients(options.url, asked, options.clients, options.seconds, options.process)
    yield {"what": "many clients"} | many.figures()
    rates = [sum(len(client.seconds) for client in one.clients) / one.seconds for one in (alone, many)]
    yield {"what": "many clients by one", "throughput": round(rates[1] / rates[0], 3)}
    total, wrong = await count_quotes(options.url, many)
    yield {"what": "quotes checked against their articles", "quotes": total, "untrue": wrong}
    if options.compare:
        yield {
            "what": "replies unlike those given alone",
            "questions": len(await changed_replies(options.url, many)),
        }


async def _measure(options: argparse.Namespace) -> None:
    async for figures in _figures(options):
        write([json.dumps(figures)])


if __name__ == "__main__":
    arguments = parser("load", "How a server holds up under load.")
    arguments.add_argument("questions", type=Path)
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    arguments.add_argument("--clients", type=int, default=32)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--process", type=int, help="the server's process, to watch its memory")
    arguments.add_argument("--compare", action="store_true", help="ask every question again, one at a time")
    asyncio.run(_measure(arguments.parse_args()))
