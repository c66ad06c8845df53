"""Text that nobody has vouched for, made safe to stand in HTML."""

from __future__ import annotations

import re
from html import escape

_NOT_FOR_HTML = re.compile("[\x00\ud800-\udfff]")  # a parser drops NUL; a lone surrogate cannot be sent at all


def escaped(text: str) -> str:
    """The text as HTML that shows it, one character for one: in an element and in a quoted attribute alike."""
    return escape(_NOT_FOR_HTML.sub("\ufffd", text))


def web_address(url: str | None) -> str | None:
    """The escaped address where it is one of the web, else None: nothing else may become a link."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    return escaped(url)


def language_attribute(language: str | None) -> str:
    """` lang="…"`, or nothing where the language is not known."""
    return f' lang="{escaped(language)}"' if language else ""
