"""An article as HTML with quotes marked in it, by code points, so that nothing before a quote can shift the mark.

The text of the rendered body is the article's text, character for character: the white space between paragraphs stays
in the HTML, unseen. So the marks of a quote that runs across paragraphs add up to the quote.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from corpus.article import Article, Span
from corpus.sentences import blocks, paragraphs
from rag.answer import Excerpt, Quote
from ui.markup import escaped, language_attribute, web_address

Kind = Literal["current", "near"]

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


def body_html(text: str, current: Span, others: Iterable[Span], kind: Kind = "current") -> str:
    """The whole text in paragraphs with its marks; ValueError where a span runs past the end."""
    faint = [span for span in others if span.end <= len(text)]
    current.cut(text)
    found = paragraphs(text)
    starts = [0, *(block.start for block in found[1:]), len(text)]
    rendered = []
    for block, (start, end) in zip(found, pairwise(starts), strict=True):
        wrapped = ' class="wrapped"' if _is_wrapped(block.cut(text)) else ""
        edges = _edges((start, block.start, block.end, end), (current, *faint))
        pieces = "".join(
            _piece(text, Span(*pair), _mark(Span(*pair), current, faint, kind), block) for pair in pairwise(edges)
        )
        rendered.append(f'<p dir="auto"{wrapped}>{pieces}</p>')
    return _with_target("".join(rendered), kind)


def _edges(block: tuple[int, ...], spans: Iterable[Span]) -> list[int]:
    """Where a block (its start, that of its words, their end, its end) is cut so that no piece is half in a span."""
    inner = {edge for span in spans for edge in (span.start, span.end) if block[0] < edge < block[-1]}
    return sorted({*block, *inner})


def _mark(piece: Span, current: Span, faint: list[Span], kind: Kind) -> str:
    if current.covers(piece):
        return kind
    return "other" if any(span.covers(piece) for span in faint) else ""


def _piece(text: str, piece: Span, mark: str, block: Span) -> str:
    words = escaped(piece.cut(text))
    if not block.covers(piece):
        words = f'<span class="gap">{words}</span>'
    return f'<mark class="{mark}">{words}</mark>' if mark else words


def _with_target(body: str, kind: Kind) -> str:
    """The body with an id on its first current mark, to scroll to."""
    return body.replace(f'<mark class="{kind}">', f'<mark id="quoted" class="{kind}">', 1)


def _is_wrapped(words: str) -> bool:
    """Whether line breaks are mere wrapping."""
    return "\n" in words and len(blocks(words)) == 1


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
