"""The article at a web address."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import Article
from corpus.load import Refusal, load_page
from corpus.web.feed import is_feed
from corpus.web.fetch import FetchFailed, Through, fetch


def load_url(url: str, *, public: bool) -> Iterator[Article | Refusal]:
    """The article of a page, or a Refusal that says why there is none.

    `public`: only public addresses are asked, as where another than who sits at this machine gave the address.
    """
    try:
        page = fetch(url, through=_public_only() if public else None)
    except FetchFailed as failure:
        yield Refusal(url, str(failure))
        return
    if is_feed(page):
        yield Refusal(url, f"{url} is a list of pages and no article; `pullquote sync {url}` follows it.")
    else:
        yield from load_page(page.body, page.url, page.charset)


def _public_only() -> Through:
    from corpus.web.ssrf_transport import PublicTransport

    return PublicTransport
