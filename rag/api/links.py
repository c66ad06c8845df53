"""Addresses at which an article can be read: on the web, on this server, or where it came from."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request

from corpus.library.store import ArticleHeader
from rag.answer import Excerpt
from rag.citation.formats import source_uri, web_uri


def excerpt_url(excerpt: Excerpt, request: Request | None) -> str:
    """The article's web page at the excerpt's words, else this server's; without a request, the source's URI."""
    return web_uri(excerpt.fragment_url) or (view_url(excerpt, request) if request else source_uri(excerpt.source))


def article_url(header: ArticleHeader, request: Request | None) -> str:
    """The article's web page, else this server's; without a request, the source's URI."""
    return web_uri(header.url) or (_page(header.id, request) if request else source_uri(header.source))


def view_url(excerpt: Excerpt, request: Request) -> str:
    """This server's page of an excerpt's article, at its words."""
    return f"{_page(excerpt.article_id, request)}?start={excerpt.start}&end={excerpt.end}#quoted"


def _page(article_id: str, request: Request) -> str:
    return f"{request.base_url}v1/articles/{quote(article_id, safe='')}/view"
