"""An article's text as HTML with quotes marked in it by their offsets.

The text of the HTML is the article's text, character for character: the white space between paragraphs is kept, but not
shown. So the marks of a quote that runs across paragraphs add up to the quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby, pairwise, starmap
from operator import itemgetter
from typing import Literal

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import is_one_block, paragraphs
from rag.citation.markup import escaped

Kind = Literal["current", "near"]


def body_html(text: str, current: Span | None, others: Iterable[Span], kind: Kind = "current") -> str:
    """The whole text in paragraphs with its marks, if any; ValueError where the current span runs past the end."""
    faint = [span for span in others if span.end <= len(text)]
    spans = faint
    if current:
        current.cut(text)
        spans = [current, *faint]
    mark = partial(_mark, current=current, faint=faint, kind=kind)
    found = paragraphs(text)
    starts = [0, *(block.start for block in found[1:]), len(text)]
    rendered = []
    for block, (start, end) in zip(found, pairwise(starts), strict=True):
        check_deadline()
        words = block.cut(text)
        wrapped = ' class="wrapped"' if "\n" in words and is_one_block(words) else ""  # hard-wrapped lines
        edges = _edges((start, block.start, block.end, end), spans)
        pieces = "".join(starmap(partial(_piece, text), _runs(edges, block, mark)))
        rendered.append(f'<p dir="auto"{wrapped}>{pieces}</p>')
    # The first current mark gets an id, to scroll to.
    return "".join(rendered).replace(f'<mark class="{kind}">', f'<mark id="quoted" class="{kind}">', 1)


def _edges(block: tuple[int, ...], spans: Iterable[Span]) -> list[int]:
    """Where a block (its start, the start and end of its words, its end) is cut so that no piece is half in a span."""
    inner = {edge for span in spans for edge in (span.start, span.end) if block[0] < edge < block[-1]}
    return sorted({*block, *inner})


def _runs(edges: list[int], block: Span, mark: Callable[[Span], str]) -> Iterator[tuple[Span, str, bool]]:
    """The pieces between the edges with their mark, and whether they are white space; equal neighbours are joined."""
    pieces = [(span := Span(*pair), mark(span), not block.covers(span)) for pair in pairwise(edges)]
    for (name, is_gap), run in groupby(pieces, key=itemgetter(1, 2)):
        alike = [span for span, *_ in run]
        yield Span(alike[0].start, alike[-1].end), name, is_gap


def _mark(piece: Span, current: Span | None, faint: list[Span], kind: Kind) -> str:
    if current and current.covers(piece):
        return kind
    return "other" if any(span.covers(piece) for span in faint) else ""


def _piece(text: str, piece: Span, mark: str, is_gap: bool) -> str:
    words = escaped(piece.cut(text))
    if is_gap:
        words = f'<span class="gap">{words}</span>'
    return f'<mark class="{mark}">{words}</mark>' if mark else words
