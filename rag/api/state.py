"""What all endpoints share: the pipeline, whose turn it is, jobs, metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from pydantic import TypeAdapter

from corpus.article import Article
from corpus.library.database import PATIENCE
from corpus.load import Refusal
from corpus.page import load_url
from rag.answer import Reply
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
_ASKING = 4
_LOOKING = 2
_WRITING = 2


@dataclass(frozen=True, slots=True)
class State:
    """One server's parts. `turns` are for what runs the models, `looks` for what only looks something up, `writes` for
    what may have to wait until another has written.

    `page` has the article at a web address that somebody else gave; `removals` what can be put back.
    """

    pipeline: Pipeline
    settings: Settings
    metrics: Metrics
    turns: Admission
    looks: Admission
    writes: Admission
    jobs: Jobs
    allowance: Allowance
    page: Callable[[str], Iterator[Article | Refusal]]
    removals: Removals

    @classmethod
    def of(cls, pipeline: Pipeline, settings: Settings) -> State:
        """The parts of a server that asks this pipeline."""
        metrics = Metrics(pipeline.library)
        turns, looks = (Admission(count, settings.waiting, settings.seconds, metrics) for count in (_ASKING, _LOOKING))
        writes = Admission(_WRITING, settings.waiting, settings.seconds + PATIENCE, metrics)
        allowance = Allowance(settings.rate, settings.token_digests)
        jobs = Jobs(_explained)
        return cls(
            pipeline, settings, metrics, turns, looks, writes, jobs, allowance, _public_page, Removals()
        )  # fmt: skip

    def replied(self, questions: list[CheckedQuestion]) -> list[Reply]:
        """The replies to questions of which one waits for another; counted."""
        replies = self.pipeline.ask_all(questions)
        for reply in replies:
            self.metrics.replied(reply)
        return replies

    def close(self) -> None:
        """Ends all that is not under way."""
        self.jobs.close()
        self.turns.close()
        self.looks.close()
        self.writes.close()


def _public_page(url: str) -> Iterator[Article | Refusal]:
    return load_url(url, public=True)


def _explained(fault: Exception) -> str:
    """What is told of a job that failed; all of it goes to the log."""
    logger().error("job", exc_info=fault)
    return sentence(fault, "this job")


def _state(request: Request) -> State:
    return cast("State", request.app.state.shared)


StateOf = Annotated[State, Depends(_state)]


def as_json(value: object) -> Response:
    """A dataclass, or a mapping of them, as JSON."""
    return Response(_ANY.dump_json(value), media_type="application/json")


_ANY: TypeAdapter[Any] = TypeAdapter(Any)
