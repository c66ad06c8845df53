"""Escapes untrusted text for HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import chain, pairwise

from corpus.article import Span

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_NOT_FOR_HTML = re.compile("[\x00\ud800-\udfff]")  # a parser drops NUL; a lone surrogate cannot be sent at all


def sendable(text: str) -> str:
    """The text with U+FFFD in place of each character that HTML cannot hold."""
    return _NOT_FOR_HTML.sub("\ufffd", text)


def escaped(text: str) -> str:
    """The text as HTML that shows it, one character for one: in an element and in a quoted attribute alike."""
    return escape(sendable(text))


def shortened(text: str, most: int) -> str:
    """The text on one line and unescaped, cut after a word where it has more than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0] or line[:most]} …"


def marked(text: str, spans: Sequence[Span], widest: int) -> str:
    """The escaped text with the spans marked, all cut by code points, and at most so much of it on either side.

    The spans, one at least, are in order and share no words.
    """
    before, after = text[: spans[0].start], text[spans[-1].end :]
    if len(before) > widest:
        before = f"… {before[-widest:].partition(' ')[2] or before[-widest:]}"
    if len(after) > widest:
        after = f"{after[:widest].rpartition(' ')[0] or after[:widest]} …"
    marks = [f"<mark>{escaped(span.cut(text))}</mark>" for span in spans]
    between = [escaped(text[one.end : other.start]) for one, other in pairwise(spans)]
    return escaped(before) + "".join(chain(*zip(marks, [*between, escaped(after)], strict=True)))


def web_address(url: str | None) -> str | None:
    """The escaped address where it is one of the web, else None: nothing else may become a link."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    return escaped(url)


def language_attribute(language: str | None) -> str:
    """` lang="…"`, or nothing where the language is not known, or no language tag."""
    return f' lang="{language}"' if language and _LANGUAGE.fullmatch(language) else ""
