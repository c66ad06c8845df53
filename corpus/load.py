"""Files and web pages to articles, one at a time.

What is wrong with a source comes out as a Refusal, so one bad file among thousands stops nothing. Every source is read
in a worker process with limits, so one that was made to crash, to hang or to eat all memory stops nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.article import Article
from corpus.refusal import Refusal, Refused, sentence
from corpus.sandbox.messages import PageMessage
from corpus.sandbox.worker_pool import WorkerLimits, WorkerPool
from corpus.sourcefile import SourceFile
from corpus.sync.folder import files_under
from corpus.web.feed import is_feed
from corpus.web.fetch import FetchFailed, fetch
from corpus.web.named import fetch_named

__all__ = [
    "Refusal", "limit_articles", "load", "load_file", "load_folder", "load_page", "load_url", "longest_article",
]  # fmt: skip

_POOL = WorkerPool()
_BYTES = 80  # of a worker's memory for each character of the longest article


def longest_article() -> int:
    """How many characters an article has at most."""
    return _POOL.limits.characters


def limit_articles(characters: int) -> None:
    """Has articles of more characters refused from now on, in this process; workers get the memory that these need."""
    usual = WorkerLimits()
    _POOL.limits = replace(usual, characters=characters, memory=max(usual.memory, _BYTES * characters))


def load(path: Path) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal."""
    return load_file(SourceFile.at(path))


def load_file(file: SourceFile) -> Iterator[Article | Refusal]:
    """As `load`, of a file whose name and source need not be those of its path."""
    try:
        file.open().close()
    except (Refused, OSError) as fault:  # needs no worker
        yield Refusal(file.source, sentence(file.name, fault))
        return
    yield from _POOL.read(file)


def load_folder(folder: Path) -> Iterator[Article | Refusal]:
    listing = files_under(folder)
    yield from listing.refusals
    for file in listing.files:
        yield from load(file.path)


def load_page(html: bytes, url: str, charset: str | None = None) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    return _POOL.read(PageMessage(html, url, charset))


def load_url(url: str, *, public: bool) -> Iterator[Article | Refusal]:
    """The article at a web address, or a Refusal.

    With `public` only public addresses are asked, as where the address comes from somebody else than the user of this
    machine; without, a public site may not redirect to one that is not.
    """
    from corpus.web.ssrf_transport import PublicTransport

    try:
        page = fetch(url, make_transport=PublicTransport) if public else fetch_named(url)
    except FetchFailed as failure:
        yield Refusal(url, str(failure))
        return
    if is_feed(page):
        yield Refusal(url, f"{url} is a list of pages and no article; `pullquote sync {url}` follows it.")
    else:
        yield from load_page(page.body, page.url, page.charset)
