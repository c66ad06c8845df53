"""The library as HTML: its facts, and its articles in a table, each with the others of its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote as percent_encoded

from corpus.library.store import ArticleHeader
from ui.page.checkup import CheckupMessage
from ui.page.library.article_list import PAGE, ArticlePage, ArticleTableQuery, source_name
from ui.templating import render


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is told of the whole library: `changed` is when it was written last (UTC), `health` is about its index."""

    articles: int
    passages: int
    bytes: int
    changed: datetime
    health: str


def facts_html(facts: LibraryFacts) -> str:
    size = f"{facts.bytes / 1e6:,.1f} MB" if facts.bytes < 1e9 else f"{facts.bytes / 1e9:,.2f} GB"
    return render("page/library/facts.html", facts=facts, size=size)


def checkup_html(message: CheckupMessage) -> str:
    """The button that has the library looked through, and what came of it."""
    return render("page/library/checkup.html", message=message)


def article_list_html(page: ArticlePage, query: ArticleTableQuery) -> str:
    """What there is to choose from, and a page of the articles."""
    first, last = page.page * PAGE + 1, min(page.total, (page.page + 1) * PAGE)
    return render(
        "page/library/article_list.html", page=page, query=query, is_paged=page.total > PAGE, first=first, last=last,
        source_name=source_name, view_address=_view_address,
    )  # fmt: skip


def problem_html(sentence: str) -> str:
    """The sentence that says why no articles are shown."""
    return render("page/library/problem.html", sentence=sentence)


def _view_address(header: ArticleHeader) -> str:
    """Where an article is shown, relative to the page."""
    return f"v1/articles/{percent_encoded(header.id, safe='', errors='replace').replace('.', '%2E')}/view"
