"""An article's text as HTML with quotes marked in it by their offsets.

The text of the HTML is the article's text, character for character: the white space between paragraphs is kept, but not
shown. So the marks of a quote that runs across paragraphs add up to the quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, groupby, pairwise, starmap
from operator import itemgetter
from typing import Literal

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import is_one_block, paragraphs
from rag.citation.markup import escaped

MOST_SHOWN = 200_000  # characters of an article on one page: a book of 70 pages
LINE_REACH = 1_000  # characters within which a part of an article ends with a line

Kind = Literal["current", "near"]


def shown_part(text: str, span: Span | None, first: int | None = None) -> Span:
    """The part of a text that one page shows: all of it, or `MOST_SHOWN` characters from `first` on, or at the span."""
    if len(text) <= MOST_SHOWN:
        return Span(0, len(text))
    if first is None:
        near = max(0, span.start - MOST_SHOWN // 4) if span else 0
        first = _line_start(text, near)
    first = min(first, len(text) - MOST_SHOWN)
    end = first + MOST_SHOWN
    return Span(first, end if end == len(text) else _line_start(text, end))


def _line_start(text: str, place: int) -> int:
    """Where the line of a place begins; the place itself where that is more than `LINE_REACH` characters before it."""
    return text.rfind("\n", max(0, place - LINE_REACH), place) + 1 or place


def body_html(
    text: str, current: Span | None, others: Iterable[Span], kind: Kind = "current", shown: Span | None = None
) -> str:
    """The text, or what is shown of it, in paragraphs with its marks, if any.

    ValueError where the current span runs past the end of the text.
    """
    faint = [span for span in others if span.end <= len(text)]
    spans = faint
    if current:
        current.cut(text)
        spans = [current, *faint]
    mark = partial(_mark, current=current, faint=faint, kind=kind)
    start, last = (shown.start, shown.end) if shown else (0, len(text))
    rendered = []
    for block, following in pairwise(chain(paragraphs(text, start, last), [None])):
        check_deadline()
        if block is None:
            break
        end = following.start if following else last
        words = block.cut(text)
        wrapped = ' class="wrapped"' if "\n" in words and is_one_block(words) else ""  # hard-wrapped lines
        edges = _edges((start, block.start, block.end, end), spans)
        pieces = "".join(starmap(partial(_piece, text), _runs(edges, block, mark)))
        rendered.append(f'<p dir="auto"{wrapped}>{pieces}</p>')
        start = end
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
