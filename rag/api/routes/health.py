"""Liveness, readiness and metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from corpus.library.faults import LibraryReplaced, NotALibrary
from index.manifest import check_readable
from rag.api.access.admission import Busy
from rag.api.examples import example
from rag.api.metrics import MEDIA_TYPE
from rag.api.state import State, StateOf

_SEARCHED = "article"  # any word: the words of the index are read, and a passage where one has it

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
    """Whether a question would be answered now; else 503.

    The library file is there, can be read and searched, and fits the encoder, and there is a turn left.
    """
    if state.inference.is_full:
        raise Busy(1)
    await state.lookups.run(lambda: _check_ready(state))
    return Ready(status="ready")


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}},
    openapi_extra=example("# TYPE pullquote_questions_total counter\n"),
)  # fmt: skip
async def metrics(state: StateOf) -> Response:
    """Questions, abstentions by reason, seconds by stage, requests, and the size of the library, for Prometheus."""
    return Response(await state.lookups.run(state.metrics.exposed), media_type=MEDIA_TYPE)


def _check_ready(state: State) -> None:
    """Nothing where a question could be answered; LibraryReplaced, StaleIndex, or an error of SQLite."""
    library = state.pipeline.library
    try:
        library.check_in_use()
    except NotALibrary as fault:
        raise LibraryReplaced(library.path) from fault
    check_readable(library, state.pipeline.encoder.card.identity)
    state.pipeline.hits(_SEARCHED, 1, "lexical")


def _health(state: State) -> Health:
    library = state.pipeline.library
    with library.reading() as generation:
        count, cut = library.counts()
    return Health(status="ok", articles=count, passages=cut, generation=generation)
