"""The library as tools for agents, over the Model Context Protocol: ask, search, fetch.

`search` and `fetch` have the fields that research clients expect: results of id, title and url, documents with text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from corpus.store import Header
from rag.answer import Related, Reply
from rag.api.fields import FilterFields, Manner
from rag.api.links import article_url, view_url
from rag.api.problems import STATUSES, sentence
from rag.api.state import State
from rag.show import ShownArticle, shown

PATH = "/mcp"
_RESULTS = 10
_INSTRUCTIONS = (
    "A library of articles that answers by exact quotes. `ask` gives the words that answer a question, with the "
    "article and the place where they stand, or says that the library does not say; then do not answer from `related`. "
    "Cite quotes as they are, with title, outlet, date and url."
)


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found; `text` is the passage that was."""

    id: str
    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Results:
    """Articles, best first."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole article; `metadata` has what else is known of it."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Agents:
    """The MCP endpoint of a server; stateless, so that a restart ends no session."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._manager: StreamableHTTPSessionManager | None = None
        self.route = Route(PATH, self, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._manager is None:
            sentence = "The server is starting or stopping; try again in a second."
            await JSONResponse({"detail": sentence}, 503, {"Retry-After": "1"})(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Answers for as long as this lasts."""
        # Host and Origin are checked for all endpoints alike (`rag.api.origin`).
        server = create_server(self._state)
        self._manager = StreamableHTTPSessionManager(server._lowlevel_server, json_response=True, stateless=True)  # noqa: SLF001
        async with self._manager.run():
            yield
        self._manager = None


def create_server(state: State) -> MCPServer[Any]:
    """The tools over a pipeline, for any transport; what they do waits its turn like everything else."""
    server: MCPServer[Any] = MCPServer("pullquote", title="Pullquote", instructions=_INSTRUCTIONS, log_level="CRITICAL")
    looks_only = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    @server.tool(title="Ask the library", annotations=looks_only)
    async def ask(
        question: Annotated[str, Field(description="a question, in a sentence")],
        filter: Annotated[FilterFields | None, Field(description="which articles are asked")] = None,  # noqa: A002
    ) -> Reply:
        """The exact words of the library that answer a question, with their places, or an abstention."""
        try:
            asking = state.asking(question, Manner.model_validate({"filter": filter}))
            return (await state.turns.run(lambda: state.replied([asking])))[0]
        except tuple(STATUSES) as mistake:
            raise ToolError(sentence(mistake)) from mistake

    @server.tool(title="Search the library", annotations=looks_only)
    async def search(
        query: Annotated[str, Field(description="words, or a question")], context: Context[Any, Any]
    ) -> Results:
        """The articles nearest to a query, each with the passage that was found; `fetch` gives one whole."""
        try:
            hits = await state.turns.run(lambda: state.pipeline.search(query, _RESULTS, "fused"))
        except tuple(STATUSES) as mistake:
            raise ToolError(sentence(mistake)) from mistake
        request = context.request_context.request
        best = {hit.article_id: hit for hit in reversed(hits)}
        return Results(tuple(_result(best[one], request) for one in dict.fromkeys(hit.article_id for hit in hits)))

    @server.tool(title="Fetch an article", annotations=looks_only)
    async def fetch(
        id: Annotated[str, Field(description="the id of a search result")],  # noqa: A002
        context: Context[Any, Any],
    ) -> Document:
        """A whole article, in whose text the quotes' `start` and `end` count."""
        try:
            article = await state.looks.run(lambda: shown(state.pipeline.library, id))
        except tuple(STATUSES) as mistake:
            raise ToolError(sentence(mistake)) from mistake
        return _document(article, context.request_context.request)

    return server


def create_mcp(state: State) -> Agents:
    """The endpoint of a server."""
    return Agents(state)


def _result(hit: Related, request: Request | None) -> Result:
    url = hit.fragment_url or (view_url(request, hit) if request else hit.source)
    return Result(hit.article_id, hit.title, url, hit.text)


def _document(article: ShownArticle, request: Request | None) -> Document:
    url = article.url or (article_url(request, article.id) if request else article.source)
    return Document(article.id, article.title, article.text, url, _metadata(article))


def _metadata(header: Header) -> dict[str, str]:
    known = {
        "authors": ", ".join(header.authors), "outlet": header.outlet, "published": header.published,
        "language": header.language, "source": header.source, "sha256": header.sha256,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}
