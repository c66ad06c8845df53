"""The answer endpoint: questions and searches over HTTP, the same replies as the command line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from corpus.store import Header, NoSuchArticle
from index.filters import BadFilter, Filter
from index.manifest import StaleIndex
from rag.answer import Related, Reply
from rag.cite import BrokenQuote
from rag.feedback_api import add_feedback
from rag.pipeline import LONGEST_QUESTION, BadQuestion, Pipeline, Ranking
from rag.show import ShownArticle, shown

Responses = dict[int | str, dict[str, Any]]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


_FILTERED = "by since, until, outlet, author, language and article (default: all)"


class Problem(BaseModel):
    """What went wrong, in one sentence."""

    detail: str


class FilterFields(BaseModel):
    """Which articles are asked; of several values of a field any one will do."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"since": "2025", "language": ["en"]}]})

    since: str | None = Field(None, description="published on this day or later: 2025-01-31, 2025-01 or 2025")
    until: str | None = Field(None, description="published on this day or earlier, a month or year to its last day")
    outlet: Names = Field((), description="the whole name; case and accents do not count")
    author: Names = Field((), description="the whole name of one of the authors; case and accents do not count")
    language: Names = Field((), description="ISO 639-1 codes")
    article: Names = Field((), description="article ids")


class Question(BaseModel):
    """A question to the library."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": "Who runs the ferry?"}]})

    question: str = Field(description=f"1 to {LONGEST_QUESTION} characters")
    passages: int | None = Field(None, ge=1, le=100, description="how many passages are read (default: the server's)")
    threshold: float | None = Field(
        None, ge=0, le=1, description="the confidence an answer needs, 0 to 1 (default: the server's)"
    )
    filter: FilterFields | None = Field(None, description=f"which articles are asked, {_FILTERED}")
    newest_first: bool = Field(False, description="passages and answers that are about equally good, newest first")


class SearchQuery(BaseModel):
    """A query for passages."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "ferry grounding cause"}]})

    query: str = Field(description=f"1 to {LONGEST_QUESTION} characters")
    k: int = Field(10, ge=1, le=100, description="how many passages come back")
    mode: Ranking = Field(
        "fused",
        description="which ranking: by meaning, by words, both fused, or the fused best by how well they answer",
    )
    filter: FilterFields | None = Field(None, description=f"which articles are searched, {_FILTERED}")
    newest_first: bool = Field(False, description="passages that are about equally good, newest first")


class SearchReply(BaseModel):
    """Passages, best first; they are not answers."""

    query: str
    mode: Ranking
    hits: list[Related]


class ArticleList(BaseModel):
    """A page of the library's articles, by title."""

    total: int
    articles: list[Header]


class Health(BaseModel):
    """Whether the server can answer, and how much it knows."""

    status: str
    articles: int
    passages: int
    generation: int


def create_app(pipeline: Pipeline, passages: int = 10, threshold: float | None = None) -> FastAPI:
    """The API over a pipeline; `passages` and `threshold` are what a question is asked with if it does not say."""
    app = FastAPI(title="Pullquote", description="Questions answered by exact quotes from a library of articles.",
                  docs_url=None, redoc_url=None)  # fmt: skip
    _add_problems(app)
    unprocessable: Responses = {422: {"model": Problem, "description": "The request cannot be taken."}}
    unknown: Responses = {404: {"model": Problem, "description": "There is no such article."}}

    @app.post("/v1/answer", responses=unknown | unprocessable)
    def answer(body: Question) -> Reply:
        """The words of the library that answer the question, with their places, or an abstention."""
        asked_threshold = threshold if body.threshold is None else body.threshold
        k, only = body.passages or passages, _only(body.filter)
        return pipeline.ask(body.question, k, asked_threshold, only, body.newest_first)

    @app.post("/v1/search", responses=unknown | unprocessable)
    def search(body: SearchQuery) -> SearchReply:
        """The passages nearest to the query."""
        hits = pipeline.search(body.query, body.k, body.mode, _only(body.filter), body.newest_first)
        return SearchReply(query=body.query, mode=body.mode, hits=list(hits))

    @app.get("/v1/articles", responses=unprocessable)
    def articles(
        limit: Annotated[int, Query(ge=1, le=1000, description="how many articles come back")] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31, description="how many are left out before them")] = 0,
    ) -> ArticleList:
        """What is in the library, without the texts."""
        headers = pipeline.library.headers()
        return ArticleList(total=len(headers), articles=headers[offset : offset + limit])

    @app.get("/v1/articles/{article_id}", responses=unknown | unprocessable)
    def article(article_id: str) -> ShownArticle:
        """One article with its text, in which every quote's `start` and `end` count."""
        return shown(pipeline.library, article_id)

    @app.get("/health")
    def health() -> Health:
        """Whether the library can be read."""
        with pipeline.library.reading() as generation:
            count, cut = pipeline.library.counts()
        return Health(status="ok", articles=count, passages=cut, generation=generation)

    add_feedback(app, pipeline.library, unknown | unprocessable)
    return app


def _only(fields: FilterFields | None) -> Filter | None:
    """The filter that these fields name; BadFilter."""
    return Filter(**fields.model_dump()) if fields else None


def _add_problems(app: FastAPI) -> None:
    """Mistakes as one sentence under `detail`, whoever found them."""

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str))
        what = f"The field {where!r}" if where else "The body"
        return JSONResponse({"detail": f"{what} cannot be taken: {first['msg']}; see /docs for what can."}, 422)

    @app.exception_handler(BadQuestion)
    def bad_question(_: Request, error: BadQuestion) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    @app.exception_handler(BadFilter)
    def bad_filter(_: Request, error: BadFilter) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    @app.exception_handler(NoSuchArticle)
    def no_such_article(_: Request, error: NoSuchArticle) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 404)

    @app.exception_handler(StaleIndex)
    def stale_index(_: Request, error: StaleIndex) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 503)

    @app.exception_handler(BrokenQuote)
    def broken_quote(_: Request, error: BrokenQuote) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 500)
