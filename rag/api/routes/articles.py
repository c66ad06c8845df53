"""The articles of the library: list, read, view with a stretch marked, cite, delete, restore."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field

from corpus.errors import PullquoteError
from corpus.library.store import ArticleHeader, Library
from index.filters import passing_articles
from index.ingest import remove
from index.maintenance.restore_article import restore_article
from rag.api.article_page import article_page
from rag.api.examples import TITLE, example
from rag.api.fields import FilterFields, Problem, Responses
from rag.api.state import StateOf, as_json
from rag.citation.article_view import ShownArticle, article_view
from rag.citation.cite import Citer
from rag.citation.formats import MEDIA_TYPES, Format, format_citation

LONGEST_CITED = 100_000  # characters of a stretch, as of a passage

router = APIRouter(tags=["articles"])

_Start = Annotated[int, Query(ge=0, le=2**31, description="where the stretch begins, in code points of the text")]
_End = Annotated[int, Query(ge=0, le=2**31, description="where it ends, exclusive")]
_At = Annotated[int, Query(ge=0, le=2**31, description="where the part of a very long article begins that is shown")]
_HTML: Responses = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
_CITATION: Responses = {200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}}}
_THERE_AGAIN: Responses = {409: {"model": Problem, "description": "It is in the library again, from elsewhere."}}
_HEADER = {"title": TITLE, "language": "en"}
_LISTED = example(
    {"articles": [{"language": "en"}]}, path="/v1/articles?outlet=The%20Merrin%20Courier&since=2025-03-10&limit=1"
)
_VIEWED = example(
    '<mark id="quoted" class="current">Davy Kerslake</mark>', path="/v1/articles/ID/view?start=782&end=795"
)
_CITED = example(f"TY  - NEWS\r\nTI  - {TITLE}\r\n", path="/v1/articles/ID/citation?start=782&end=795&format=ris")


class LongCitation(PullquoteError):
    """The stretch is longer than what can be cited; cite a shorter one."""

    status = 422

    def __init__(self, length: int) -> None:
        super().__init__(f"The stretch has {length:,} characters; cite one of at most {LONGEST_CITED:,} characters.")


class ArticleList(BaseModel):
    """A page of the articles that pass the filter, by title."""

    total: int
    articles: list[ArticleHeader]


class ArticleQuery(FilterFields):
    """Which articles are listed, and which page of them."""

    limit: int = Field(100, ge=1, le=1000, description="how many articles come back")
    offset: int = Field(0, ge=0, le=2**31, description="how many are left out before them")


@router.get("/v1/articles", openapi_extra=_LISTED)
async def articles(state: StateOf, listing: Annotated[ArticleQuery, Query()]) -> ArticleList:
    """What is in the library, without the texts."""

    def page() -> ArticleList:
        library = state.pipeline.library
        with library.reading():
            passing = passing_articles(library, listing.to_filter())
            first = listing.offset
            return ArticleList(total=len(passing), articles=library.headers(passing[first : first + listing.limit]))

    return await state.lookups.run(page)


@router.get(
    "/v1/articles/{article_id}", response_model=ShownArticle,
    openapi_extra=example(_HEADER, path="/v1/articles/ID"),
)  # fmt: skip
async def article(article_id: str, state: StateOf) -> Response:
    """One article with its text, in which every quote's `start` and `end` count."""
    return await state.lookups.run(lambda: as_json(article_view(state.pipeline.library, article_id)))


@router.delete("/v1/articles/{article_id}", openapi_extra=example(_HEADER, path="/v1/articles/ID"))
async def delete(article_id: str, state: StateOf) -> ArticleHeader:
    """Takes an article out; what it was. Its source does not bring it back before it changes."""

    def gone() -> ArticleHeader:
        article = state.pipeline.library.article(article_id)  # NoSuchArticle before anything is locked
        header = remove(state.pipeline.library, [article_id])[0]
        state.removals.keep(article)
        return header

    return await state.writes.run(gone)


@router.post(
    "/v1/articles/{article_id}/restore", responses=_THERE_AGAIN,
    openapi_extra=example(_HEADER, path="/v1/articles/ID/restore"),
)  # fmt: skip
async def restore(article_id: str, state: StateOf) -> ArticleHeader:
    """Puts back an article that was taken out here lately, under its id; what was judged of it stands again."""

    def back() -> ArticleHeader:
        article = state.removals.get(article_id)
        header = restore_article(state.pipeline.library, state.pipeline.encoder, article)
        state.removals.forget(article_id)
        return header

    return await state.writes.run(back)


@router.get("/v1/articles/{article_id}/view", response_class=Response, responses=_HTML, openapi_extra=_VIEWED)
async def view(
    article_id: str, state: StateOf, start: _Start | None = None, end: _End | None = None, at: _At | None = None
) -> HTMLResponse:
    """The article as a page, at the stretch from `start` to `end`, marked; whole without them.

    Of an article of more than 200,000 characters one part is shown, with links to what is before and after it.
    """

    def page() -> HTMLResponse:
        whole = state.pipeline.library.article(article_id)
        is_whole = start is None and end is None
        span = None if is_whole else whole.place(start or 0, len(whole.text) if end is None else end)
        return article_page(whole, span, at)

    return await state.lookups.run(page)


@router.get("/v1/articles/{article_id}/citation", response_class=Response, responses=_CITATION, openapi_extra=_CITED)
async def citation(
    article_id: str,
    start: _Start,
    end: _End,
    state: StateOf,
    style: Annotated[Format, Query(alias="format", description="markdown, w3c (Web Annotation), csl-json or ris")],
) -> Response:
    """A stretch of the article as a citation that other programs read."""
    made = await state.lookups.run(lambda: _cited(state.pipeline.library, article_id, start, end, style))
    if isinstance(made, str):
        return PlainTextResponse(made, media_type=MEDIA_TYPES[style])
    return JSONResponse(made, media_type=MEDIA_TYPES[style])


def _cited(library: Library, article_id: str, start: int, end: int, style: Format) -> object:
    with library.reading():
        whole = library.article(article_id)
        span = whole.place(start, end)
        if end - start > LONGEST_CITED:
            raise LongCitation(end - start)
        made = format_citation(Citer(library, ()).excerpt(article_id, span, span.cut(whole.text)), whole.text, style)
    return [made] if style == "csl-json" else made
