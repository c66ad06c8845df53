"""Where what is no Markdown ends: comments, scripts, style sheets, tables in HTML, shortcodes over many lines."""

from __future__ import annotations

import re

_TABLE = re.compile(r"<(?P<close>/?)table\b[^<>]{0,500}>", re.IGNORECASE)
_CLOSED_BY = {
    "script": re.compile(r"</script[^>]{0,100}>", re.IGNORECASE),
    "style": re.compile(r"</style[^>]{0,100}>", re.IGNORECASE),
    "!--": re.compile("-->"),
    "%%": re.compile("%%"),
    "{{": re.compile(r"\}\}"),
    "{::comment}": re.compile(r"\{:/(?:comment)?\}"),
    "{%": re.compile(r"\{%-?\s*endcomment\s*-?%\}"),
}


def raw_end(source: str, start: int, opener: re.Match[str], unclosed: set[str]) -> int | None:
    """The end of what an opener begins at `start`; None where nothing ends it and its words are read as Markdown.

    A script, a style sheet and a comment of HTML run to the end of the file then, as in browsers. `unclosed` has what
    nothing ends any more, so that it is looked for once.
    """
    named = opener["tag"] or opener["comment"] or opener["kramdown"]
    kind = (named or (opener["shortcode"] or "{%")[:2]).lower()
    if kind in unclosed:
        return None
    inside = start + opener.end()
    closer = _CLOSED_BY[kind].search(source, inside) if kind != "table" else None
    end = _table_end(source, start) if kind == "table" else closer.end() if closer else None
    if end is not None or kind in ("script", "style", "!--"):
        return len(source) if end is None else end
    unclosed.add(kind)
    return None


def _table_end(source: str, start: int) -> int | None:
    depth = 0
    for match in _TABLE.finditer(source, start):
        depth += -1 if match["close"] else 1
        if depth <= 0:
            return match.end()
    return None
