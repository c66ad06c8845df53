"""Markup of other programs inside Markdown: shortcodes of Hugo, tags of Liquid, comments of MDX, tracked changes.

The markup is deleted; the words between two of its tags stay, but not those of a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.offset_map import Edit

# Possessive, and none runs over the beginning of another: a long row of openings is read once. `{{c1::…}}` holds words.
_TEMPLATE = re.compile(
    r"\{\{(?!c\d+::)[^{}]{0,2000}+\}\}|\{%(?P<tag>(?:[^%{}]|%(?!\})){0,2000}+)%\}|\{/\*(?:[^*{}]|\*(?!/)){0,2000}+\*/\}"
    r"|\{#\s[^#{}]{0,2000}+#\}"
)


_CHANGE = re.compile(  # of CriticMarkup: what was added, deleted, replaced, marked, remarked
    r"\{\+\+(?P<added>[^{}]{0,2000})\+\+\}|\{--[^{}]{0,2000}--\}|\{~~[^{}~]{0,2000}~>(?P<new>[^{}~]{0,2000})~~\}"
    r"|\{==(?P<marked>[^{}]{0,2000})==\}|\{>>[^{}]{0,2000}<<\}"
)


def changes(text: str) -> Iterator[tuple[Edit, int, int]]:
    """Edits that accept changes which are written as in CriticMarkup, and leave remarks out."""
    for match in _CHANGE.finditer(text):
        start, end = match.span()
        kept = next((match.span(name) for name in ("added", "new", "marked") if match[name] is not None), (end, end))
        yield Edit(start, kept[0]), start, kept[0]
        yield Edit(kept[1], end), kept[1], end


def templates(text: str) -> Iterator[tuple[Edit, int, int]]:
    """Edits that delete the markup; what stands between `raw` and `endraw` is no markup."""
    raw = False
    comment: int | None = None
    for match in _TEMPLATE.finditer(text):
        name = (match["tag"] or "").strip(" \t\r\n-").partition(" ")[0]
        if raw and name != "endraw":
            continue
        raw = name == "raw"
        if name == "comment" and comment is None:
            comment = match.start()
        if name == "endcomment" and comment is not None:
            yield Edit(comment, match.end()), comment, match.end()
            comment = None
        yield Edit(*match.span()), *match.span()
