"""Addresses of this server's own pages, as who asks it reaches them."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request

from rag.answer import Excerpt


def view_url(request: Request, excerpt: Excerpt) -> str:
    """The page of an excerpt's article, at its words."""
    place = f"{request.base_url}v1/articles/{quote(excerpt.article_id, safe='')}/view"
    return f"{place}?start={excerpt.start}&end={excerpt.end}#quoted"


def article_url(request: Request, article_id: str) -> str:
    """The page of an article."""
    return f"{request.base_url}v1/articles/{quote(article_id, safe='')}/view"
