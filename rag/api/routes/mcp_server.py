"""The library as tools of the Model Context Protocol: ask, search, fetch, check.

`search` and `fetch` have the fields that research clients expect: results with id, title and url, documents with text.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from corpus.library.store import ArticleHeader
from rag.answer import Reply
from rag.api.links import article_url, excerpt_url
from rag.api.log import logger
from rag.api.problems import is_logged, sentence
from rag.api.refusal import refusal
from rag.api.state import State
from rag.api.tool_arguments import AskArguments, CheckArguments, FetchArguments, SearchArguments
from rag.citation.article_view import article_view
from rag.citation.markup import shortened
from rag.draft.check import CheckOptions, check_draft
from rag.draft.checked_draft import CheckedDraft
from rag.draft.draft_text import draft_of
from rag.question import CheckedQuestion

PATH = "/mcp"
_RESULTS = 10
_PLACES = 3  # of a quotation
_INSTRUCTIONS = (
    "A library of articles that answers by exact quotes. `ask` gives the words that answer a question, with the "
    "article and the place where they stand, or says that the library does not say; then do not answer from `related`. "
    "Cite quotes as they are, with title, outlet, date and url. `judged` is what a person said of an answer before: "
    "right, wrong, or given, that the words are theirs. `check` says of each quotation in a text of yours whether it "
    "stands in the library: mend what is altered or not found before you send the text."
)
_READS_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found; `text` is the passage that was found in it."""

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


async def ask(state: State, arguments: AskArguments, request: Request | None) -> Reply:
    """The exact words of the library that answer a question, with their places, or an abstention."""
    question = CheckedQuestion(arguments.question, arguments.fields.options(state.settings))
    _note(request, question.text)
    return (await state.ask(question))[0]


async def search(state: State, arguments: SearchArguments, request: Request | None) -> Results:
    """The articles nearest to a query, each with the passage that was found; `fetch` gives one whole."""
    _note(request, arguments.query)
    hits = await state.inference.run(lambda: state.pipeline.search(arguments.query, _RESULTS, "fused"))
    best: dict[str, Result] = {}
    for hit in hits:
        best.setdefault(hit.article_id, Result(hit.article_id, hit.title, excerpt_url(hit, request), hit.text))
    return Results(tuple(best.values()))


async def fetch(state: State, arguments: FetchArguments, request: Request | None) -> Document:
    """A whole article, in whose text the quotes' `start` and `end` count."""
    article = await state.lookups.run(lambda: article_view(state.pipeline.library, arguments.id))
    return Document(article.id, article.title, article.text, article_url(article, request), _metadata(article))


async def check(state: State, arguments: CheckArguments, request: Request | None) -> CheckedDraft:
    """Whether each quotation in a text stands word for word in the library, and where; or what differs."""
    draft, options = draft_of(arguments.draft), CheckOptions(arguments.short, _PLACES)
    _note(request, shortened(arguments.draft, 200))
    return await state.inference.run(lambda: check_draft(state.pipeline, draft, options))


@dataclass(frozen=True, slots=True)
class _Tool:
    title: str
    arguments: type[BaseModel]
    result: TypeAdapter[Any]
    call: Callable[[State, Any, Request | None], Awaitable[object]]

    def described(self) -> Tool:
        return Tool(
            name=self.call.__name__, title=self.title, description=self.call.__doc__, annotations=_READS_ONLY,
            input_schema=self.arguments.model_json_schema(),
            output_schema=self.result.json_schema(mode="serialization"),
        )  # fmt: skip


_TOOLS = {
    "ask": _Tool("Ask the library", AskArguments, TypeAdapter(Reply), ask),
    "search": _Tool("Search the library", SearchArguments, TypeAdapter(Results), search),
    "fetch": _Tool("Fetch an article", FetchArguments, TypeAdapter(Document), fetch),
    "check": _Tool("Check the quotations of a draft", CheckArguments, TypeAdapter(CheckedDraft), check),
}


class McpEndpoint:
    """The MCP endpoint of a server; stateless, so that a restart ends no session."""

    def __init__(self, state: State) -> None:
        self._server = create_server(state)
        self._manager: StreamableHTTPSessionManager | None = None
        self.route = Route(PATH, self, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self.route  # for the log, as FastAPI's own routes do
        if scope["method"] != "POST":  # there is nothing to listen for between calls, and no session to end
            detail = f"This address takes no {scope['method']}; agents of the Model Context Protocol send POST."
            await refusal(scope, detail, 405, {"Allow": "POST"})(scope, receive, send)
        elif self._manager is None:
            detail = "The server is starting or stopping; try again in a second."
            await refusal(scope, detail, 503, {"Retry-After": "1"})(scope, receive, send)
        else:
            await self._manager.handle_request(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        # Host and Origin are checked for all endpoints alike (`rag.api.access.same_origin`).
        self._manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with self._manager.run():
            yield
        self._manager = None


def create_server(state: State) -> Server[Any]:
    """The tools, for any transport."""

    async def tools(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[tool.described() for tool in _TOOLS.values()])

    async def call(context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        return await _called(state, params, context.request)

    server: Server[Any] = Server(
        "pullquote", version=metadata.version("pullquote"), title="Pullquote", instructions=_INSTRUCTIONS,
        on_list_tools=tools, on_call_tool=call,
    )  # fmt: skip
    server.middleware.clear()  # OpenTelemetry's, which would tell a collector, if one is set up, what is called
    return server


async def _called(state: State, params: CallToolRequestParams, request: Request | None) -> CallToolResult:
    """The result of a tool as data and as text, or the sentence of its error."""
    tool = _TOOLS.get(params.name)
    if tool is None:
        raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:80]!r}; there are {', '.join(_TOOLS)}.")
    try:
        result = await tool.call(state, tool.arguments.model_validate(params.arguments or {}), request)
    except ValidationError as error:
        return _failed(_argument_sentence(error))
    except Exception as fault:  # noqa: BLE001  # its traceback goes to the log, a sentence to who asked
        if is_logged(fault):
            logger().error("tool", exc_info=fault)
        return _failed(sentence(fault))
    data = tool.result.dump_python(result, mode="json")
    text = TextContent(type="text", text=json.dumps(data, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=data)


def _failed(detail: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=detail)], is_error=True)


def _argument_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
    return f"The argument {name!r} cannot be taken: {first['msg']}; the tool's input schema says what can."


def _note(request: Request | None, asked: str) -> None:
    """Notes for the log what was asked."""
    if request:
        request.state.asked = [asked]


def _metadata(header: ArticleHeader) -> dict[str, str]:
    known = {
        "authors": ", ".join(header.authors), "outlet": header.outlet, "published": header.published,
        "language": header.language, "source": header.source, "sha256": header.sha256,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}
