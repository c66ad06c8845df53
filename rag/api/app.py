"""The HTTP service as one application: its routes, checks, limits, log and error replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from rag.api.access.auth import TokenCheck
from rag.api.access.bodies import BodyLimit
from rag.api.access.checks import Check, RequestChecks
from rag.api.access.disconnect import CancelOnDisconnect
from rag.api.access.forwarded import NoForwardedHost
from rag.api.access.same_origin import check_origin
from rag.api.access.streams import StreamLimit
from rag.api.fields import EVERYWHERE
from rag.api.large_replies import LargeReplies
from rag.api.log import RequestLog
from rag.api.problems import add_problems
from rag.api.routes import (
    add_articles,
    answers,
    articles,
    chat_completions,
    drafts,
    embeddings,
    feedback,
    health,
    mcp_server,
    responses,
    search,
)
from rag.api.state import State
from rag.pipeline import Pipeline
from rag.settings import Settings

_ROUTERS = (
    answers.router, chat_completions.router, responses.router, embeddings.router, search.router, drafts.router,
    articles.router, add_articles.router, feedback.router, health.router,
)  # fmt: skip


def create_app(pipeline: Pipeline, settings: Settings) -> FastAPI:
    """The API over a pipeline; it asks for a token where the settings have one.

    The app's `state.shared` is the State of all endpoints; it is closed when the app's lifespan ends.
    """
    state = State.of(pipeline, settings)
    mcp = mcp_server.McpEndpoint(state)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.lifespan():
            try:
                yield
            finally:
                state.close()

    app = FastAPI(
        title="Pullquote", description="Questions answered by exact quotes from a library of articles.",
        docs_url=None, redoc_url=None, lifespan=lifespan, responses=EVERYWHERE,
    )  # fmt: skip
    app.state.shared = state
    add_problems(app)
    for router in _ROUTERS:
        app.include_router(router)
    app.router.routes += [mcp.route, Route("/v1/{path:path}", _Nothing(app.router), include_in_schema=False)]
    _guard(app, state)
    return app


def _guard(app: FastAPI, state: State) -> None:
    """Adds the middleware; what is added last sees a request first."""
    app.add_middleware(LargeReplies, folder=state.pipeline.library.path.parent)
    app.add_middleware(StreamLimit, most=state.settings.streams)
    app.add_middleware(BodyLimit, uploads={"/v1/articles": state.settings.upload_mb})
    digests = state.settings.token_digests
    with_token = [TokenCheck(digests)] if digests else []
    checks: list[Check] = [partial(check_origin, any_host=bool(digests)), *with_token, state.allowance.check]
    app.add_middleware(RequestChecks, checks=checks)
    app.add_middleware(CancelOnDisconnect)
    app.add_middleware(NoForwardedHost)
    app.add_middleware(RequestLog, settings=state.settings, metrics=state.metrics)


class _Nothing:
    """What answers below /v1/ where no route does: 405 where one takes other methods, else 404.

    Without it such requests would go to the page, which is mounted behind all routes and takes any address.
    """

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self._router.routes:
            match, found = route.matches(scope)
            if match is Match.PARTIAL:
                scope.update({"route": route, **found})
                return await route.handle(scope, receive, send)
        raise HTTPException(404)
