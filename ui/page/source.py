"""The pane beside the conversation: an article with the quotes of the conversation marked in it."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.article import Article, Span
from rag.answer import Excerpt, Quote
from rag.marked import Kind, body_html
from rag.markup import escaped, language_attribute, web_address

_PANE = '<section class="source-pane" aria-label="Source"'
_INVITATION = "Choose a quote to read it where it stands."
EMPTY = f'<section class="source-pane vacant" aria-label="Source"><p>{_INVITATION}</p></section>'


def source_html(article: Article, excerpt: Excerpt, others: Iterable[Quote], shown: int) -> str:
    """The article with the excerpt marked, and other quotes of the conversation marked more faintly.

    `shown` counts the openings of the pane: the HTML of two is never the same, so the page scrolls to the mark again.
    """
    kind: Kind = "current" if isinstance(excerpt, Quote) else "near"
    faint = [Span(other.start, other.end) for other in others if other.sha256 == article.sha256]
    body = body_html(article.text, Span(excerpt.start, excerpt.end), faint, kind)
    note = '<p class="not-answer">Nearest passage, <strong>not an answer</strong></p>' if kind == "near" else ""
    language = language_attribute(article.language)
    citation = citation_line(excerpt) if kind == "current" else ""
    return (
        f'{_PANE} data-shown="{shown}">{_bar(article.title, citation)}'
        f'<p class="unseen" role="status">The quote is shown in {escaped(article.title)}.</p>'
        f'<article class="source"{language}><header>{_heading(article, excerpt)}{note}</header>'
        f'<div class="body">{body}</div>{_place(article, excerpt)}</article></section>'
    )


def problem_html(sentence: str, shown: int) -> str:
    """The pane when there is no article to show."""
    return f'{_PANE} data-shown="{shown}">{_bar()}<p class="problem" role="alert">{escaped(sentence)}</p></section>'


def citation_line(excerpt: Excerpt) -> str:
    """The quote with its source as plain text, to be pasted elsewhere."""
    page = f"page {excerpt.page}" if excerpt.page else None
    address = excerpt.url if web_address(excerpt.url) else None
    known = (", ".join(excerpt.authors), excerpt.title, excerpt.outlet, excerpt.published, page, address)
    return f"“{excerpt.text}” ({', '.join(part for part in known if part)})"


def _bar(title: str = "Source", citation: str = "") -> str:
    """What stays in sight while the article scrolls: its title, the quote to take away, and on a phone the way back."""
    copy = f'<button type="button" class="copy" data-citation="{escaped(citation)}">Copy with source</button>'
    return (
        f'<div class="bar"><bdi aria-hidden="true">{escaped(title)}</bdi>{copy if citation else ""}'
        '<button type="button" class="close">Close</button></div>'
    )


def _heading(article: Article, excerpt: Excerpt) -> str:
    kicker = " · ".join(f"<bdi>{escaped(part)}</bdi>" for part in (article.outlet, article.published) if part)
    by = ", ".join(f"<bdi>{escaped(author)}</bdi>" for author in article.authors)
    page = f"<span>Page {excerpt.page}</span>" if excerpt.page else ""
    address = web_address(excerpt.fragment_url) or web_address(article.url)
    link = (
        f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">Open original</a>' if address else ""
    )
    facts = "".join(part for part in (f"<span>By {by}</span>" if by else "", page, link) if part)
    return (
        (f'<p class="kicker">{kicker}</p>' if kicker else "")
        + f'<h2 dir="auto">{escaped(article.title)}</h2>'
        + (f'<p class="byline">{facts}</p>' if facts else "")
    )


def _place(article: Article, excerpt: Excerpt) -> str:
    name = article.source.replace("\\", "/").rstrip("/").rpartition("/")[2] or article.source
    return (
        f'<footer class="place"><bdi>{escaped(name)}</bdi>, characters '
        f"{excerpt.start:,}–{excerpt.end:,} of {len(article.text):,}</footer>"
    )
