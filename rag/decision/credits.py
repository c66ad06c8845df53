"""Where a text names its own reporters, photographers and agencies: bylines, credits of pictures, datelines. Pure."""

from __future__ import annotations

import re

from corpus.article import Span

_LONGEST_LINE = 160  # characters of a byline
_NAMES = r"[^.;:()\[\]\n!?]{0,80}"
_BYLINE = re.compile(
    r"\W{0,3}(?:(?:story|words|text|report|article|(?:exclusive )?interview)(?: (?:and|&) \w+)? |(?:written|reported) )?by "
    r"(?=[A-Z])[^.!?]*(?:\.[^\w]*)?",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?:\b(?:photo(?:graph)?s?|photography|pictures?|images?|illustrations?|video|graphics?|credits?|source)"
    r"\s?(?:credits?\s?)?(?::|/|©|\bby\b|courtesy of)\s*"
    r"|©\s?|\b(?:additional )?(?:reporting|editing|writing|words|filming) by\s"
    rf"){_NAMES}\Z",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    r"(?:,? (?:reports?|reporting) (?:from|for|in)\b|,? (?:is|was) an? (?:\w+ ){0,3}(?:reporter|correspondent|staff writer"
    r"|freelance writer|columnist|journalist) (?:for|at|with)\b|,? contributed (?:to )?(?:this|reporting)"
    r"|,? (?:chief |senior )?(?:staff )?(?:reporter|correspondent|photographer|staff writer)\s*(?:\n|\Z))",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"[A-Z][A-Z.'’ -]+(?:, [\w. ]{2,30})?(?: \([^()\n]{2,40}\))?,? ?[–—-]{1,2} ")


def in_credit(text: str, span: Span) -> bool:
    """Whether a span of a text lies in a byline, a picture's credit or a dateline."""
    first, last = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    line = text[first : last if last >= 0 else len(text)]
    if len(line) <= _LONGEST_LINE and _BYLINE.fullmatch(line):
        return True
    dateline = _DATELINE.match(line)
    if dateline and span.end <= first + dateline.end():
        return True
    return bool(_LED.search(text[max(first, span.start - 120) : span.start]) or _FOLLOWED.match(text, span.end))
