"""A draft as text, with its block quotes: of a file of any format that articles are read of, or as it was sent."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Span
from corpus.draft import FaultySource
from corpus.errors import PullquoteError
from corpus.formats.encoding import decode, meta_charset
from corpus.formats.frontmatter import front_matter
from corpus.load import load_file
from corpus.refusal import Refused, sentence
from corpus.sentences import trimmed
from corpus.sourcefile import SourceFile

LONGEST_DRAFT = 1_000_000  # characters: a book of 300 pages
_AS_IT_IS = frozenset({"Text", "Markdown"})  # formats whose files are read with their markup
_WEB_PAGE = "Web page"
_IMPOSSIBLE = re.compile("[\ud800-\udfff\0]")  # no article holds a lone surrogate or a NUL
_QUOTED = re.compile(
    r"<(?:(?P<end>/)?(?:blockquote|q)|(?P<credit>cite|footer))\b[^<>]{0,1000}>", re.IGNORECASE
)  # the end of a cite is not looked at


class BadDraft(PullquoteError):
    """The draft cannot be checked; give one of at most 1,000,000 characters, as text, Markdown, HTML or DOCX."""

    status = 422


@dataclass(frozen=True, slots=True)
class DraftText:
    """The text in which all offsets of a draft count, where its words begin, and its block quotes without a sign."""

    text: str
    first: int = 0
    blocks: tuple[Span, ...] = ()
    is_markdown: bool = True


def draft_of(text: str) -> DraftText:
    """A draft as it was sent, with its markup if it has any, character for character; BadDraft.

    A carriage return is read as a space or a line end, what no article can hold as U+FFFD.
    """
    if len(text) > LONGEST_DRAFT:
        raise BadDraft(
            f"The draft has {len(text):,} characters; check one of at most {LONGEST_DRAFT:,} characters at once."
        )
    if not text.strip():
        raise BadDraft("The draft is empty; give the text whose quotations are to be checked.")
    plain = _IMPOSSIBLE.sub("\ufffd", text).replace("\r\n", " \n").replace("\r", "\n")
    return DraftText(plain)


def draft_of_bytes(data: bytes) -> DraftText:
    """A draft of the bytes of a text, in whatever encoding; BadDraft."""
    try:
        return draft_of(decode(data).text)
    except FaultySource as fault:
        raise BadDraft(sentence("The draft", fault)) from fault


def read_draft(path: Path) -> DraftText:
    """The draft in a file; BadDraft where it is none that can be read."""
    file = SourceFile.at(path)
    if file.is_lines:
        raise BadDraft(f"{file.name} holds an article a line; give a draft as text, Markdown, HTML or DOCX.")
    try:
        if file.format and file.format.name in _AS_IT_IS:
            draft = draft_of(decode(file.read_bytes()).text)
            return DraftText(draft.text, front_matter(draft.text).end)
        article, *_ = load_file(file)
        if not isinstance(article, Article):
            raise BadDraft(article.reason)
        is_page = file.format is not None and file.format.name == _WEB_PAGE
        blocks = _quoted_blocks(article, file.read_bytes()) if is_page else ()
        # The first line of an article may be its title; that of a draft may quote somebody.
        title = "" if article.title in article.text else f"{article.title}\n\n"
        spans = tuple(block.shift(len(title)) for block in blocks)
        return DraftText(draft_of(title + article.text).text, 0, spans, is_markdown=False)
    except (Refused, FaultySource, OSError) as fault:
        raise BadDraft(sentence(file.name, fault)) from fault


def _quoted_blocks(article: Article, page: bytes) -> list[Span]:
    """The words of a page's article that stand in a `blockquote` without its `cite` or `footer`, or in a `q`."""
    elements = _elements(decode(page, meta_charset(page)).text)
    starts = [one.start for one in elements]
    places: dict[int, Span] = {}
    for run in article.origin.runs:
        number = bisect_right(starts, run.source_start) - 1
        if number >= 0 and run.source_start < elements[number].end:
            before = places.get(number)
            places[number] = Span(before.start if before else run.start, run.end)
    return [span for one in places.values() if (span := trimmed(article.text, one.start, one.end))]


def _elements(source: str) -> list[Span]:
    """The places of the outermost quoting elements of a page, in order."""
    found: list[Span] = []
    opened: list[int] = []
    credit = 0  # where the words end in the element that is open
    for match in _QUOTED.finditer(source):
        if match["credit"]:
            credit = credit or match.start()
        elif not match["end"]:
            opened.append(match.start())
            credit = credit if len(opened) > 1 else 0
        elif opened:
            start = opened.pop()
            if not opened:
                found.append(Span(start, credit or match.start()))
    return found
