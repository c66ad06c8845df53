"""Liveness, readiness and metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from index.manifest import check_readable
from rag.api.access.admission import Busy
from rag.api.examples import example
from rag.api.metrics import MEDIA_TYPE
from rag.api.state import State, StateOf

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That the server lives, and how much it knows."""

    status: Literal["ok"]
    articles: int
    passages: int
    generation: int


class Ready(BaseModel):
    """That the server can answer."""

    status: Literal["ready"]


@router.get("/health", openapi_extra=example({"status": "ok"}))
async def health(state: StateOf) -> Health:
    """Whether the library can be read, and how much is in it."""
    return await state.lookups.run(lambda: _health(state))


@router.get("/health/ready", openapi_extra=example({"status": "ready"}))
async def ready(state: StateOf) -> Ready:
    """Whether a question would be answered now: the library fits the encoder, and there is a turn left; else 503."""
    if state.inference.is_full:
        raise Busy(1)
    await state.lookups.run(lambda: check_readable(state.pipeline.library, state.pipeline.encoder.card.identity))
    return Ready(status="ready")


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}},
    openapi_extra=example("# TYPE pullquote_questions_total counter\n"),
)  # fmt: skip
async def metrics(state: StateOf) -> Response:
    """Questions, abstentions by reason, seconds by stage, requests, and the size of the library, for Prometheus."""
    return Response(await state.lookups.run(state.metrics.exposed), media_type=MEDIA_TYPE)


def _health(state: State) -> Health:
    library = state.pipeline.library
    with library.reading() as generation:
        count, cut = library.counts()
    return Health(status="ok", articles=count, passages=cut, generation=generation)
