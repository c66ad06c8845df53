"""The parts of a server that all endpoints share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from pydantic import TypeAdapter

from corpus.article import Article
from corpus.library.faults import PATIENCE
from corpus.load import Refusal, load_url
from rag.answer import Related, Reply
from rag.api.access.admission import Admission
from rag.api.access.rate_limit import Allowance
from rag.api.jobs import Jobs
from rag.api.log import logger
from rag.api.metrics import Metrics
from rag.api.problems import sentence
from rag.api.removals import Removals
from rag.pipeline import Pipeline
from rag.question import CheckedQuestion
from rag.settings import Settings

# Measured (`python -m eval.experiments.load`): more threads only wait for each other.
_INFERENCE_THREADS = 4
_LOOKUP_THREADS = 2
_WRITE_THREADS = 2
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class State:
    """The parts of one server.

    `inference` admits what runs the models, `lookups` what only reads, `writes` what may wait for another writer.
    `page` gives the article at a web address that a client names; `removals` holds what can be put back.
    """

    pipeline: Pipeline
    settings: Settings
    metrics: Metrics
    inference: Admission
    lookups: Admission
    writes: Admission
    jobs: Jobs
    allowance: Allowance
    page: Callable[[str], Iterator[Article | Refusal]]
    removals: Removals

    @classmethod
    def of(cls, pipeline: Pipeline, settings: Settings) -> State:
        metrics = Metrics(pipeline.library)
        waiting, seconds = settings.waiting, settings.seconds
        return cls(
            pipeline=pipeline,
            settings=settings,
            metrics=metrics,
            inference=Admission(_INFERENCE_THREADS, waiting, seconds, metrics),
            lookups=Admission(_LOOKUP_THREADS, waiting, seconds, metrics),
            writes=Admission(_WRITE_THREADS, waiting, seconds + PATIENCE, metrics),
            jobs=Jobs(_explained),
            allowance=Allowance(settings.rate, settings.token_digests),
            page=partial(load_url, public=True),
            removals=Removals(),
        )

    async def ask(self, *questions: CheckedQuestion) -> list[Reply]:
        """The replies to the questions, which are read together; counted in the metrics."""

        def asked() -> list[Reply]:
            replies = self.pipeline.ask_all(list(questions))
            for reply in replies:
                self.metrics.replied(reply)
            return replies

        return await self.inference.run(asked)

    async def ask_in_steps(self, question: CheckedQuestion) -> AsyncIterator[tuple[Related, ...] | Reply]:
        """The passages as soon as they are retrieved, then the reply; counted in the metrics."""
        async for step in self.inference.steps(lambda: self.pipeline.ask_in_steps(question)):
            if isinstance(step, Reply):
                self.metrics.replied(step)
            yield step

    def close(self) -> None:
        self.jobs.close()
        for admission in (self.inference, self.lookups, self.writes):
            admission.close()


def _explained(fault: Exception) -> str:
    """The sentence about a job that failed; the traceback goes to the log."""
    logger().error("job", exc_info=fault)
    return sentence(fault, "this job")


def _state(request: Request) -> State:
    return cast("State", request.app.state.shared)


StateOf = Annotated[State, Depends(_state)]


def as_json(value: object) -> Response:
    """A dataclass, or what holds some, as a response."""
    return Response(_ANY.dump_json(value), media_type="application/json")
