"""An article's text as HTML with quotes marked in it, by code points: nothing before a quote can shift the mark.

The text of the rendered body is the article's text, character for character: the white space between paragraphs stays
in the HTML, unseen. So the marks of a quote that runs across paragraphs add up to the quote.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from corpus.article import Span
from corpus.sentences import blocks, paragraphs
from rag.markup import escaped

Kind = Literal["current", "near"]


def body_html(text: str, current: Span | None, others: Iterable[Span], kind: Kind = "current") -> str:
    """The whole text in paragraphs with its marks, if any; ValueError where the current span runs past the end."""
    faint = [span for span in others if span.end <= len(text)]
    spans = faint
    if current:
        current.cut(text)
        spans = [current, *faint]
    found = paragraphs(text)
    starts = [0, *(block.start for block in found[1:]), len(text)]
    rendered = []
    for block, (start, end) in zip(found, pairwise(starts), strict=True):
        wrapped = ' class="wrapped"' if _is_wrapped(block.cut(text)) else ""
        edges = _edges((start, block.start, block.end, end), spans)
        pieces = "".join(
            _piece(text, Span(*pair), _mark(Span(*pair), current, faint, kind), block) for pair in pairwise(edges)
        )
        rendered.append(f'<p dir="auto"{wrapped}>{pieces}</p>')
    return _with_target("".join(rendered), kind)


def _edges(block: tuple[int, ...], spans: Iterable[Span]) -> list[int]:
    """Where a block (its start, that of its words, their end, its end) is cut so that no piece is half in a span."""
    inner = {edge for span in spans for edge in (span.start, span.end) if block[0] < edge < block[-1]}
    return sorted({*block, *inner})


def _mark(piece: Span, current: Span | None, faint: list[Span], kind: Kind) -> str:
    if current and current.covers(piece):
        return kind
    return "other" if any(span.covers(piece) for span in faint) else ""


def _piece(text: str, piece: Span, mark: str, block: Span) -> str:
    words = escaped(piece.cut(text))
    if not block.covers(piece):
        words = f'<span class="gap">{words}</span>'
    return f'<mark class="{mark}">{words}</mark>' if mark else words


def _with_target(body: str, kind: Kind) -> str:
    """The body with an id on its first current mark, to scroll to."""
    return body.replace(f'<mark class="{kind}">', f'<mark id="quoted" class="{kind}">', 1)


def _is_wrapped(words: str) -> bool:
    """Whether line breaks are mere wrapping."""
    return "\n" in words and len(blocks(words)) == 1
