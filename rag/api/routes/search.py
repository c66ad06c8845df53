"""Passages near a query, and the place of words that somebody has."""

from __future__ import annotations

import re
from functools import partial

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from rag.answer import Related
from rag.api.examples import TITLE, example
from rag.api.fields import Body, SearchQuery
from rag.api.state import StateOf
from rag.locate.locate import LONGEST_QUOTE, Located, locate
from rag.options import Ranking

router = APIRouter(tags=["search"])

_ALARM = "Silenced alarm, not steering failure, put the Saint Brannoc on the rocks, inspectors find"
_SEARCHED = example(
    {"mode": "fused", "hits": [{"title": _ALARM, "authors": ["Desmond Achterberg"]}]},
    body={"query": "why the alarm was silent", "k": 1},
)
_NEAR = {
    "title": TITLE, "text": "a crabber skippered by Davy Kerslake",
    "differences": [{"text": "Davy", "pasted": "David"}],
}  # fmt: skip
_LOCATED = example({"match": "near", "locations": [_NEAR]}, body={"quote": "a crabber skippered by David Kerslake"})


class SearchReply(BaseModel):
    """Passages, best first; they are not answers."""

    query: str
    mode: Ranking
    hits: list[Related]


class PastedQuote(Body):
    """Words that may stand in the library."""

    quote: str = Field(description=f"1 to {LONGEST_QUOTE} characters, with or without quotation marks around them")
    most: int = Field(10, ge=1, le=100, description="how many of the exact places come back")


@router.post("/v1/search", openapi_extra=_SEARCHED)
async def search(body: SearchQuery, request: Request, state: StateOf) -> SearchReply:
    """The passages nearest to the query."""
    request.state.asked = [body.query]
    passing = body.filter.to_filter() if body.filter else None
    search = partial(state.pipeline.search, body.query, body.k, body.mode, passing, body.newest_first)
    hits = await state.inference.run(search)
    query = re.sub("[\ud800-\udfff]", "\ufffd", body.query)  # JSON cannot hold half a surrogate pair
    return SearchReply(query=query, mode=body.mode, hits=list(hits))


@router.post("/v1/quotes/locate", openapi_extra=_LOCATED)
async def quotes_locate(body: PastedQuote, request: Request, state: StateOf) -> Located:
    """Where these very words stand (`exact`), or places of words like them with what differs (`near`), or `none`.

    Signs that look the same (ligatures, kinds of spaces, dashes and quotation marks) are the same for `exact`: a place
    has the article's own signs, and `differences` says how they differ from the paste.
    """
    request.state.asked = [body.quote]
    pipeline = state.pipeline
    return await state.inference.run(lambda: locate(pipeline.library, pipeline.retriever, body.quote, body.most))
