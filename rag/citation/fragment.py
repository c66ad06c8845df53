"""The address that opens a web page scrolled to a quote: a text directive of the URL Fragment Text Directives draft.

Measured with Chromium 156: the text of a directive must consist of whole words of one paragraph, so a longer quote is
named by its start and end. Of two places the first is opened, unless the directive has the exact words around it too.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import quote as percent_encoded

from corpus.article import Span

_WHOLE = 80  # characters of a quote that are named in full; a longer one by its ends
_WORDS = 5  # at either end
_WORDS_AROUND = 3
_CHARACTERS_AROUND = 100
# What a browser takes as one word with the letter or digit beside it: "Osprey's", "3.5", "240m".
_WORD_BEFORE = re.compile(r"(?:\w['’.,:]?)*\Z")
_WORD_AFTER = re.compile(r"(?:['’.,:]?\w)*")
_LONGEST_DIRECTIVE = 1_000  # characters of the words that name a quote; what has longer words is not named
_MOST_SEARCHED = 500_000  # characters of a text; a longer one is taken to have the words twice
_LONGEST_PART = 40  # characters of a word; a longer run is of a script that does without spaces


def fragment_url(url: str | None, text: str, span: Span) -> str | None:
    """The web address that opens the page at the span of its text, or None where the article has none.

    Where the words stand in the text more than once, a directive with the words around them comes first. One without
    them follows, for a page that has other words around them.
    """
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    page, whole = url.partition("#")[0], _whole_words(text, span)
    lines = [line for line in whole.cut(text).splitlines() if line.strip()] or [""]
    opening = lines[0].split(maxsplit=2 * _WORDS)
    if len(lines) == 1 and (whole.end - whole.start <= _WHOLE or len(opening) <= 2 * _WORDS):
        first, last = lines[0].split(), []
    else:
        first, last = opening[:_WORDS], lines[-1].rsplit(maxsplit=_WORDS)[-_WORDS:]
    if sum(map(len, first + last)) > _LONGEST_DIRECTIVE:
        return page
    directive = ",".join(_encoded(words) for words in (first, last) if words)
    if _stands_twice(text, first):
        before, after = _around(text, whole)
        directive = f"{before}{directive}{after}&text={directive}"
    return f"{page}#:~:text={directive}"


def _whole_words(text: str, span: Span) -> Span:
    """The span with the rest of the words in which it begins and ends."""
    start, end = span.start, span.end
    before = _WORD_BEFORE.search(text, max(0, start - _LONGEST_PART), start)
    after = _WORD_AFTER.match(text, end, end + _LONGEST_PART)
    if before and text[start].isalnum() and len(before[0]) < _LONGEST_PART:
        start = before.start()
    if after and text[end - 1].isalnum() and len(after[0]) < _LONGEST_PART:
        end = after.end()
    return Span(start, end)


def _stands_twice(text: str, words: list[str]) -> bool:
    """Whether the words may stand in the text more than once for a browser.

    It ignores case and kinds of white space. The words around them, which a directive then has too, do no harm.
    """
    if len(text) > _MOST_SEARCHED:
        return True
    pattern = r"\s+".join(map(re.escape, words))
    return len(list(islice(re.finditer(pattern, text, re.IGNORECASE), 2))) == 2


def _around(text: str, span: Span) -> tuple[str, str]:
    """The words before and after the span as a directive's prefix and suffix, each out of one line; "" for none."""
    before = text[max(0, span.start - _CHARACTERS_AROUND) : span.start].rstrip().rpartition("\n")[2]
    after = text[span.end : span.end + _CHARACTERS_AROUND].lstrip().partition("\n")[0]
    prefix, suffix = before.split()[-_WORDS_AROUND:], after.split()[:_WORDS_AROUND]
    return f"{_encoded(prefix)}-," if prefix else "", f",-{_encoded(suffix)}" if suffix else ""


def _encoded(words: list[str]) -> str:
    # A hyphen is part of the directive's syntax, and `quote` leaves it alone.
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
