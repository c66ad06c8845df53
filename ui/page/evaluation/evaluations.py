"""Evaluation runs on a server: one at a time in the background, in one queue with everybody's questions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import Any, TypeVar

from corpus.errors import PullquoteError
from eval.ask import RunPlan, run_set, sampled
from eval.datasets.build import build_set
from eval.datasets.example import EvalSet
from eval.datasets.read_set import read_set, shipped_sets
from eval.evaluate import asked_library, check_mode, default_folder
from eval.run import Mode, Record, Run
from rag.api.access.admission import Busy
from rag.api.log import logger
from rag.api.problems import error_reply, sentence
from rag.api.state import State
from rag.assemble import assemble
from rag.pipeline import Pipeline

T = TypeVar("T")

FEEDBACK = "feedback"
_TOGETHER = 4  # questions asked at once: others wait no longer than for a few of their own
_TRIES = 30  # where more is asked than the server can answer
_LIMITS = frozenset({"50", "100", "all"})


class AlreadyMeasuring(PullquoteError):
    """A set is being run already; wait for it, or cancel it."""

    status = 409


class BadChoice(PullquoteError):
    """There is no such set, mode or number of questions to choose; choose one that the page offers."""

    status = 422


class _Cancelled(Exception):
    """The run was cancelled, or the server stops."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A set that can be run: its label, how many questions it has, the modes that fit it; or why it cannot be run."""

    name: str
    label: str
    questions: int
    modes: tuple[Mode, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The name of the set to run, what it is asked of, and how many of its questions are asked (all, if None)."""

    name: str
    mode: Mode
    limit: int | None

    @classmethod
    def sent(cls, fields: Mapping[str, Any]) -> RunRequest:
        """The request that a browser sent; BadChoice for one that the page does not offer."""
        name, mode, limit = (str(fields.get(field)) for field in ("set", "mode", "limit"))
        if name not in {FEEDBACK, *shipped_sets()} or mode not in {"open", "library"} or limit not in _LIMITS:
            raise BadChoice("There is no such set, mode or number of questions; choose one that the page offers.")
        return cls(name, "open" if mode == "open" else "library", None if limit == "all" else int(limit))


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: so many of its `total` questions are `done`; before the first, the `stage` of preparing it."""

    request: RunRequest
    done: int = 0
    total: int = 0
    stage: str = "Reading the set"

    @property
    def in_words(self) -> str:
        return f"{self.done:,} of {self.total:,} questions" if self.total else self.stage


@dataclass(frozen=True, slots=True)
class EndedRun:
    """How the run before ended: the name of its file, or "" where there is none; `note` says why, or a caveat."""

    number: int
    run: str = ""
    note: str = ""


class Evaluations:
    """The runs of one server: the one under way, and how the one before it ended. They are stored in `folder`."""

    def __init__(self, state: State) -> None:
        self.folder = default_folder(state.settings)
        self.underway: RunProgress | None = None
        self.ended = EndedRun(0)
        self._state = state
        self._cancelling = Event()
        self._task: asyncio.Task[None] | None = None  # a loop forgets a task that nobody holds

    def begin(self, request: RunRequest) -> None:
        """Begins the run; AlreadyMeasuring where one is under way."""
        if self.underway:
            raise AlreadyMeasuring(
                f"A run of {self.underway.request.name} is under way already ({self.underway.in_words}); wait for it, "
                "or cancel it."
            )
        self._cancelling = Event()
        self._task = asyncio.get_running_loop().create_task(self._run(request))
        self.underway = RunProgress(request)

    def cancel(self) -> None:
        """Ends the run under way after the questions that are being asked; nothing of it is stored."""
        self._cancelling.set()

    async def offers(self) -> list[Offer]:
        return await self._state.lookups.run(self._offers)

    async def _run(self, request: RunRequest) -> None:
        number = self.ended.number + 1
        try:
            run, note = await self._asked(request)
            file = await self._queued(partial(run.save, self.folder))
            ended = EndedRun(number, file.name, note)
        except _Cancelled:
            ended = EndedRun(number, note="Cancelled; nothing of this run is kept.")
        except Exception as fault:  # noqa: BLE001 - it is told to who asked for the run
            ended = EndedRun(number, note=explained(fault))
        finally:
            self._cancelling.set()  # the server may be stopping while a library is built
        self.underway, self.ended = None, ended

    async def _asked(self, request: RunRequest) -> tuple[Run, str]:
        """The run, and a caveat about it or ""."""
        start = perf_counter()
        eval_set = await self._queued(partial(self._set, request.name))
        plan = RunPlan(request.mode, request.limit)
        check_mode(eval_set, plan.mode)
        examples = sampled(eval_set.examples, plan.limit)
        with ExitStack() as stack:
            pipeline = await self._pipeline(request, eval_set, plan, stack)
            parts: list[Run] = []
            for first in range(0, len(examples), _TOGETHER):
                self._report(RunProgress(request, first, len(examples)))
                some = replace(eval_set, examples=tuple(examples[first : first + _TOGETHER]))
                work = partial(run_set, some, replace(plan, limit=None), pipeline, self._state.settings)
                parts.append(await self._queued(work))
        generations = {part.header.generation for part in parts}
        note = "The library changed while it was asked; later questions saw it changed." if len(generations) > 1 else ""
        records: list[Record] = [record for part in parts for record in part.records]
        header = replace(
            parts[0].header, questions=len(eval_set.examples), limit=plan.limit, seconds=perf_counter() - start
        )
        return Run(header, tuple(records)), note

    async def _pipeline(self, request: RunRequest, eval_set: EvalSet, plan: RunPlan, stack: ExitStack) -> Pipeline:
        """The server's pipeline, or the same models over a library of the set's articles."""
        pipeline = self._state.pipeline
        if plan.mode == "library":
            return pipeline

        def indexed(_: str, done: int, __: int) -> None:
            self._report(RunProgress(request, stage=f"Indexing the set’s articles, {done:,} so far"))

        self._report(RunProgress(request, stage="Indexing the set’s articles"))
        temporary = asked_library(eval_set, plan, pipeline.encoder, self._state.settings, indexed)
        library = await asyncio.to_thread(stack.enter_context, temporary)
        return assemble(library, pipeline.encoder, pipeline.reader, self._state.settings)

    def _report(self, underway: RunProgress) -> None:
        if self._cancelling.is_set():
            raise _Cancelled
        self.underway = underway

    async def _queued(self, work: Callable[[], T]) -> T:
        """The result of the work, which waits in one queue with everybody's questions."""
        for _ in range(_TRIES):
            try:
                return await self._state.inference.run(work)
            except Busy as busy:
                if self._cancelling.is_set():
                    raise _Cancelled from None
                await asyncio.sleep(busy.retry_after)
        return await self._state.inference.run(work)

    def _set(self, name: str) -> EvalSet:
        if name != FEEDBACK:
            return read_set(shipped_sets()[name])
        with TemporaryDirectory(prefix="pullquote-eval-") as folder:
            return read_set(build_set(self._state.pipeline.library, Path(folder) / f"{FEEDBACK}.jsonl").written)

    def _offers(self) -> list[Offer]:
        ready = [self._offer(name, f"{name}, ships with Pullquote", ("open", "library")) for name in shipped_sets()]
        return [*ready, self._offer(FEEDBACK, "What people judged", ("library",))]

    def _offer(self, name: str, label: str, modes: tuple[Mode, ...]) -> Offer:
        try:
            return Offer(name, label, len(self._set(name).examples), modes)
        except (PullquoteError, sqlite3.Error) as mistake:
            return Offer(name, label, 0, modes, explained(mistake))


def explained(fault: Exception) -> str:
    """Why there is no run, or no set: one sentence, which names no folder of the server."""
    if reply := error_reply(fault):
        return reply.detail
    logger().error("evaluation", exc_info=fault)
    if isinstance(fault, OSError):
        return f"The server cannot read or write its runs ({fault.strerror or 'the disk failed'}); look at its disk."
    return sentence(fault, "this run")
