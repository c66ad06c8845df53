"""The pane beside the conversation: an article with the quotes of the conversation marked in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from corpus.article import Article, Span
from corpus.library.feedback import LONGEST_WORDS
from rag.answer import Excerpt, Quote
from rag.citation.formats import Format, cited
from rag.citation.marked import Kind, body_html
from rag.citation.markup import escaped, language_attribute, web_address
from ui.page.conversation import ExcerptAddress

_PANE = '<section class="source-pane" aria-label="Source" tabindex="-1"'
_INVITATION = "Choose a quote to read it where it stands."
EMPTY = f'<section class="source-pane vacant" aria-label="Source"><p>{_INVITATION}</p></section>'
_CLOSE = '<button type="button" class="close">Close</button>'
# `calendar` would name them in the machine's language.
_MONTHS = "January February March April May June July August September October November December".split()
_FORMATS: tuple[tuple[Format, str, str], ...] = (
    ("markdown", "Markdown", "md"),
    ("ris", "RIS", "ris"),
    ("csl-json", "CSL-JSON", "json"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where an excerpt stands among all quotes of the conversation, and which question it answers.

    `note` is a sentence that stays in sight above the article.
    """

    address: ExcerptAddress
    number: int
    total: int
    previous: ExcerptAddress | None
    following: ExcerptAddress | None
    question: str = ""
    note: str = ""


def source_html(article: Article, excerpt: Excerpt, others: Iterable[Quote], position: Position, shown: int) -> str:
    """The article with the excerpt marked, and other quotes of the conversation marked more faintly.

    `shown` counts the openings of the pane: the HTML of two is never the same, so the page scrolls to the mark again.
    """
    kind: Kind = "current" if isinstance(excerpt, Quote) else "near"
    faint = [Span(other.start, other.end) for other in others if other.sha256 == article.sha256]
    body = body_html(article.text, Span(excerpt.start, excerpt.end), faint, kind)
    return (
        f'{_PANE} data-shown="{shown}" data-address="{position.address}" data-longest="{LONGEST_WORDS}">'
        f'{_bar(article, excerpt, position, kind)}<article class="source">'
        f"<header>{_heading(article)}{_answering(position, kind)}</header>"
        f'<div class="body"{language_attribute(article.language)}>{body}</div>{_place(article, excerpt)}'
        "</article></section>"
    )


def problem_html(sentence: str, shown: int) -> str:
    """The pane when there is no article to show."""
    return (
        f'{_PANE} data-shown="{shown}"><div class="bar"><span class="where">Source</span>{_CLOSE}</div>'
        f'<p class="problem" role="alert">{escaped(sentence)}</p></section>'
    )


def _bar(article: Article, excerpt: Excerpt, position: Position, kind: Kind) -> str:
    """What stays in sight while the article scrolls: which quote it is, the next one, and what to do with it."""
    name = "Quote" if kind == "current" else "Passage"
    page = f" · page {excerpt.page}" if excerpt.page else ""
    where = f'<span class="where">{name} {position.number} of {position.total}{page}'
    where += f'<span class="unseen">, in <bdi>{escaped(article.title)}</bdi></span></span>'
    steps = _step(position.previous, "previous", name) + _step(position.following, "next", name)
    better = '<button type="button" class="better" hidden>These words answer better</button>'
    note = f'<p class="note" id="source-note" role="status">{escaped(position.note)}</p>' if position.note else ""
    return (
        f'<div class="bar">{where}<span class="steps">{steps}</span>{_CLOSE}{better}'
        f'<div class="ways">{_original(article, excerpt)}{_taking(article, excerpt)}</div>{note}'
        '<p class="told" role="status"></p>'
        '<textarea class="by-hand" readonly hidden aria-label="The citation, to be copied by hand"></textarea></div>'
    )


def _step(to: ExcerptAddress | None, which: str, name: str) -> str:
    target = f' data-excerpt="{to}"' if to else " disabled"
    sign, key, arrow = ("‹", "p", "ArrowUp") if which == "previous" else ("›", "n", "ArrowDown")
    title = f"{which.capitalize()} {name.lower()}"
    return (
        f'<button type="button" class="step {which}"{target} title="{title} ({key})" '
        f'aria-label="{title}" aria-keyshortcuts="{key} Alt+{arrow}">{sign}</button>'
    )


def _original(article: Article, excerpt: Excerpt) -> str:
    """A link to the web page at the words, or to the page of a PDF; nothing else becomes a link."""
    address = web_address(excerpt.fragment_url) or web_address(article.url)
    if excerpt.page and article.url:
        address = web_address(f"{article.url.partition('#')[0]}#page={excerpt.page}")
    if not address:
        return ""
    return f'<a class="original" href="{address}" target="_blank" rel="noopener noreferrer nofollow">Open original</a>'


def _taking(article: Article, excerpt: Excerpt) -> str:
    """The quote with its citation: copied at a press, or taken in one of the formats that other programs read."""
    rows = "".join(_format_row(article, excerpt, *one) for one in _FORMATS)
    return (
        '<div class="taking"><button type="button" class="copy">Copy with source</button><details>'
        f'<summary title="Formats" aria-label="Formats to copy or save">▾</summary><div class="formats">{rows}</div>'
        "</details></div>"
    )


def _with_sentence(excerpt: Excerpt) -> Excerpt:
    """The words in their sentence: of a name or a number alone nobody can tell what was said."""
    if not isinstance(excerpt, Quote):
        return excerpt
    context = excerpt.context
    return replace(excerpt, start=context.start, end=context.end, text=context.text)


def _format_row(article: Article, excerpt: Excerpt, style: Format, name: str, suffix: str) -> str:
    made = cited(_with_sentence(excerpt), article.text, style)
    text = made if isinstance(made, str) else json.dumps([made], ensure_ascii=False, indent=2)
    citation = escaped(text).replace("\r", "&#13;")  # a parser makes one line feed of CR LF
    return (
        f'<div class="format" data-citation="{citation}" data-format="{name}" data-suffix="{suffix}">'
        f"<span>{name}</span>"
        f'<button type="button" class="copy">Copy<span class="unseen"> as {name}</span></button>'
        f'<button type="button" class="save">Save<span class="unseen"> as {name}</span></button></div>'
    )


def _heading(article: Article) -> str:
    outlet = f"<bdi>{escaped(article.outlet)}</bdi>" if article.outlet else ""
    kicker = " · ".join(part for part in (outlet, _dateline(article.published)) if part)
    by = ", ".join(f"<bdi>{escaped(author)}</bdi>" for author in article.authors)
    return (
        (f'<p class="kicker">{kicker}</p>' if kicker else "")
        + f'<h2 dir="auto"{language_attribute(article.language)}>{escaped(article.title)}</h2>'
        + (f'<p class="byline">By {by}</p>' if by else "")
    )


def _dateline(published: str | None) -> str:
    """The day as a newspaper prints it; a month or a year, as it is kept."""
    if not published:
        return ""
    try:
        day = date.fromisoformat(published)
        printed = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    except ValueError:
        printed = published
    return f'<time datetime="{escaped(published)}"><bdi>{escaped(printed)}</bdi></time>'


def _answering(position: Position, kind: Kind) -> str:
    """Which question the words answer, or that they answer none."""
    if kind == "near":
        return '<p class="not-answer">Nearest passage, <strong>not an answer</strong></p>'
    asked = escaped(position.question)
    return f'<p class="answering">Quoted for <q dir="auto">{asked}</q></p>' if position.question.strip() else ""


def _place(article: Article, excerpt: Excerpt) -> str:
    name = article.source.replace("\\", "/").rstrip("/").rpartition("/")[2] or article.source
    return (
        f'<footer class="place"><bdi>{escaped(name)}</bdi>, characters '
        f"{excerpt.start:,}–{excerpt.end:,} of {len(article.text):,}</footer>"
    )
