"""Where code in Markdown begins and ends: fences, blocks of site generators, formulas on lines of their own."""

from __future__ import annotations

import re

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}+(?!.*`)|~{3,})")  # possessive: a long run is tried once
_OTHER = re.compile(r"\s*(?:(?P<liquid>\{%-?)\s*highlight\b|(?P<hugo>\{\{[<%])\s*highlight\b|(?P<math>\$\$)(?!.*\$\$))")
_ENDS = {
    "{%": re.compile(r"\s*\{%-?\s*endhighlight\b"),
    "{{<": re.compile(r"\s*\{\{[<%]\s*/\s*highlight\b"),
    "$$": re.compile(r".*\$\$\s*"),
    "export": re.compile(r"\s*\Z"),
}


def opened_code(source: str, line: str, end: int, *, is_indented: bool) -> str:
    """How the code begins that a line opens; "" where it opens none. The line ends at `end`.

    With `is_indented` a fence may stand further in, as in an item of a list. A formula needs an end.
    """
    fence = _FENCE.match(line)
    if fence and (is_indented or len(fence["indent"].expandtabs(4)) < 4):
        return fence["fence"]
    other = _OTHER.match(line)
    if other is None or (other["math"] and "$$" not in source[end : end + 20_000]):
        return ""
    return {"liquid": "{%", "hugo": "{{<", "math": "$$"}[str(other.lastgroup)]


def closes_code(code: str, line: str) -> bool:
    """Whether a line ends the code that began so."""
    if code in _ENDS:
        return _ENDS[code].match(line) is not None
    words = line.strip()
    return words.startswith(code) and not words.strip(code[0])
