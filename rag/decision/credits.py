"""Where a text names its own reporters, photographers and agencies: bylines, credits of pictures, datelines. Pure."""

from __future__ import annotations

import re

from corpus.article import Span
from corpus.facts.names import byline

_LONGEST_LINE = 160  # characters of a byline or a dateline
_REACH = 120  # characters between the beginning of a credit and the words looked at
_BYLINE = re.compile(
    r"(?i)\W{0,3}(?:(?:\w+ (?:(?:and|&) \w+ )?)?by\b|(?:interview|text|words|story|report(?:er)?)\s?:)"
)
_CREDIT = re.compile(  # to the end of what stands before the words
    r"(?i)(?:\b(?:photo(?:graph)?s?|photography|pictures?|images?|illustrations?|video|graphics?|credits?|source)"
    r"\s?(?:credits?\s?)?(?::|/|©|\bby\b|courtesy of)\s*"
    r"|©\s?|\b(?:additional )?(?:reporting|editing|writing|words|filming) by\s"
    r")[^.;:()\[\]\n!?]{0,80}\Z"
)
_REPORTER = re.compile(  # behind the words
    r"(?i)(?:,? (?:reports?|reporting) (?:from|for|in)\b|,? (?:is|was) an? (?:\w+ ){0,3}(?:reporter|columnist"
    r"|correspondent|writer|journalist) (?:for|at|with)\b|,? contributed (?:to )?(?:this|reporting)"
    r"|(?:,?\s|\s?\n|\s[|–—-]\s)(?:[\w'’-]+ ){0,2}(?:reporter|correspondent|photographer|writer)\s*(?:\n|\Z))"
)
_DATELINE = re.compile(r"[A-Z][A-Z.'’ -]+(?:, [\w. ]{2,30})?(?: \([^()\n]{2,40}\))?,? ?[–—-]{1,2} ")


def in_credit(text: str, span: Span) -> bool:
    """Whether a span of a text lies in a byline, a picture's credit or a dateline, or names who reports."""
    first, last = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    line = text[first : last if last >= 0 else len(text)]
    if len(line) <= _LONGEST_LINE and _BYLINE.match(line):
        found = byline(line)
        if found.names and not found.is_prose:
            return True
    dateline = _DATELINE.match(line[:_LONGEST_LINE])
    if dateline and span.end <= first + dateline.end():
        return True
    before = text[max(first, span.start - _REACH) : span.start]
    return bool(_CREDIT.search(before) or _REPORTER.match(text, span.end))
