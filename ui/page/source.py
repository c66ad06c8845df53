"""The pane beside the conversation: an article with the quotes of the conversation marked in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from corpus.article import Article, Span
from corpus.library.feedback import LONGEST_WORDS
from rag.answer import Excerpt, Quote
from rag.citation.formats import Format, format_citation
from rag.citation.marked import body_html, shown_part
from rag.citation.markup import escaped, web_address
from ui.page.conversation import ExcerptAddress
from ui.templating import render, vouched

EMPTY = (
    '<section class="source-pane vacant" aria-label="Source">'
    "<p>Choose a quote to read it where it stands.</p></section>"
)
# `calendar` would name them in the machine's language.
_MONTHS = "January February March April May June July August September October November December".split()
_FORMATS: tuple[tuple[Format, str, str], ...] = (
    ("markdown", "Markdown", "md"),
    ("ris", "RIS", "ris"),
    ("csl-json", "CSL-JSON", "json"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """The place of an excerpt among all quotes of the conversation, and the question it answers.

    `note` is a sentence shown above the article.
    """

    address: ExcerptAddress
    number: int
    total: int
    previous: ExcerptAddress | None
    following: ExcerptAddress | None
    question: str = ""
    note: str = ""


def source_html(article: Article, excerpt: Excerpt, others: Iterable[Quote], position: Position, count: int) -> str:
    """The article with the excerpt marked, and other quotes of the conversation marked more faintly.

    `count` is the number of this opening of the pane. So the HTML of two is never the same, and the page scrolls to the
    mark again.
    """
    is_quote = isinstance(excerpt, Quote)
    faint = [Span(other.start, other.end) for other in others if other.sha256 == article.sha256]
    span = Span(excerpt.start, excerpt.end)
    shown = shown_part(article.text, span)
    body = body_html(article.text, span, faint, "current" if is_quote else "near", shown)
    file = article.source.replace("\\", "/").rstrip("/").rpartition("/")[2] or article.source
    return render(
        "page/source.html", problem="", article=article, excerpt=excerpt, position=position, count=count,
        is_quote=is_quote, body=vouched(body), shown=shown, day=_day(article.published), file=file,
        longest_words=LONGEST_WORDS,
        original=_original(article, excerpt), citations=[_citation(article, excerpt, *one) for one in _FORMATS],
    )  # fmt: skip


def problem_html(sentence: str, count: int) -> str:
    return render("page/source.html", problem=sentence, count=count)


def _original(article: Article, excerpt: Excerpt) -> str | None:
    """The address of the web page at the words, or of the page of a PDF; None where there is none on the web."""
    address = web_address(excerpt.fragment_url) or web_address(article.url)
    if excerpt.page and article.url:
        address = web_address(f"{article.url.partition('#')[0]}#page={excerpt.page}")
    return vouched(address) if address else None


def _with_sentence(excerpt: Excerpt) -> Excerpt:
    """The words in their sentence: of a name or a number alone nobody can tell what was said."""
    if not isinstance(excerpt, Quote):
        return excerpt
    context = excerpt.context
    return replace(excerpt, start=context.start, end=context.end, text=context.text)


def _citation(article: Article, excerpt: Excerpt, style: Format, name: str, suffix: str) -> Mapping[str, str]:
    """The citation in one format, with the format's name and the suffix of its files."""
    citation = format_citation(_with_sentence(excerpt), article.text, style)
    text = citation if isinstance(citation, str) else json.dumps([citation], ensure_ascii=False, indent=2)
    # A parser makes one line feed of CR LF.
    return {"text": vouched(escaped(text).replace("\r", "&#13;")), "name": name, "suffix": suffix}


def _day(published: str | None) -> str | None:
    """The day as a newspaper prints it; a month or a year as it is recorded."""
    try:
        day = date.fromisoformat(published or "")
    except ValueError:
        return published
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
