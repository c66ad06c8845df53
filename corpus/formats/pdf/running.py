"""Running heads and feet: lines at the edge of pages, told by their place, by repetition and by page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.formats.pdf.columns import Band, bands_of
from corpus.formats.pdf.lines import Line, usual_pitch, usual_size

_EDGE_BANDS = 3  # bands at the top and bottom of a page that can be running heads and feet
_LONGEST = 300  # characters of one
_HEADING = 60  # characters: a longer line at the top of the first page is no name of a paper
_MOST_VALUES = 12  # numbers of an edge that may be that of its page
_NUMBER = re.compile(r"\d{1,6}")
_ROMAN = re.compile(r"(?<![^\W_])[ivxlc]{1,9}(?![^\W_])", re.IGNORECASE)
_HAN = re.compile(r"[〇一二三四五六七八九十百]{1,7}")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_PAGE_OF = re.compile(
    r"\W*(?:page|seite|p[aá]gina|pag\.?|p\.|s\.|side|sida|strona|стр\.?|страница|第)?\s*\d{1,5}\s*"
    r"(?:of|von|de|di|sur|van|av|af|/|из|z)\s*\d{1,5}\W*|\W*(?:page|seite|p[aá]gina|pagina|side|sida)\s+\d{1,5}\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A band at the edge of a page: its `rank` from the top (0, 1, …) or from the bottom (-1, -2, …), and its text.

    `is_apart` says whether it is set off from the text of the page, by its distance or its size.
    """

    page: int
    rank: int
    band: Band
    text: str
    is_apart: bool

    @property
    def place(self) -> float:
        return self.band.lines[0].base


def running_lines(pages: Sequence[Sequence[Line]]) -> set[int]:
    """The `id` of each line that is a running head or foot, of the lines of each page."""
    edges = [edge for number, lines in enumerate(pages) for edge in _edges(number, lines)]
    body = usual_size(line for lines in pages for line in lines)
    found = {id(edge) for edge in edges if len(pages) == 1 and edge.is_apart and _PAGE_OF.fullmatch(edge.text)}
    written = sum(bool(lines) for lines in pages)
    found |= _repeated(edges, body) | _numbered(edges, body) | _sections(edges, body, written)
    return {id(line) for edge in _outermost(edges, found) for line in edge.band.lines}


def _edges(number: int, lines: Sequence[Line]) -> Iterator[_Edge]:
    bands = bands_of(lines)
    size = usual_size(lines)
    pitch = usual_pitch(lines) or 1.2 * size
    count = min(_EDGE_BANDS, len(bands) // 2)
    ranks = [*range(count), *range(len(bands) - count, len(bands))] if count else [0] * bool(bands)
    for place in ranks:
        band = bands[place]
        is_top = place < count
        after = bands[place + 1] if is_top else bands[place - 1]
        own = max(line.size for line in band.lines)
        gap = abs(band.lines[0].base - after.lines[0].base) if len(bands) > 1 else 2 * pitch
        is_apart = gap > 1.35 * max(pitch, 0.9 * size) or own < 0.93 * size
        text = " ".join(" ".join(line.text for line in band.lines)[: _LONGEST + 1].split())
        if text and len(text) <= _LONGEST:
            yield _Edge(number, place if is_top else place - len(bands), band, text, is_apart)


def _outermost(edges: Sequence[_Edge], found: set[int]) -> list[_Edge]:
    """Those of the edges found that no other line stands outside of."""
    by_page: dict[tuple[int, bool], list[_Edge]] = defaultdict(list)
    for edge in edges:
        by_page[edge.page, edge.rank >= 0].append(edge)
    kept: list[_Edge] = []
    for (_, is_top), some in by_page.items():
        some.sort(key=lambda edge: edge.rank, reverse=not is_top)
        count = next((number for number, edge in enumerate(some) if id(edge) not in found), len(some))
        while count and not some[count - 1].is_apart and not _is_number(some[count - 1].text):
            count -= 1  # it goes on into the text
        kept += some[:count]
    return kept


def _repeated(edges: Sequence[_Edge], body: float) -> set[int]:
    """Edges with the same words, but for a page's number, at the same height and in the same size on several pages."""
    groups: dict[tuple[str, bool, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        for key in _keys(edge):
            groups[key, edge.rank >= 0, round(edge.band.lines[0].size * 4)].append(edge)
    found: set[int] = set()
    for some in groups.values():
        heights = Counter(round(edge.place / 4) for edge in some)
        level = [edge for edge in some if sum(heights[round(edge.place / 4) + near] for near in (-1, 0, 1)) > 1]
        if level and len({edge.page for edge in level}) > (2 if _is_sentence(level[0], body) else 1):
            first = min(level, key=lambda edge: edge.page)
            found |= {id(edge) for edge in level if not (edge is first and _is_kept(first, body))}
    return found


def _is_kept(edge: _Edge, body: float) -> bool:
    """Whether the first of equal edges is a title, or a heading that is told again on each page."""
    size = edge.band.lines[0].size
    is_heading = edge.page == 0 and edge.rank >= 0 and len(edge.text) >= _HEADING and size > 0.85 * body
    return size > 1.2 * body or is_heading


def _is_sentence(edge: _Edge, body: float) -> bool:
    """Whether an edge may be a sentence of the text, which may stand at one height on two pages."""
    return edge.text[-1] in ".!?" and edge.band.lines[0].size > 0.93 * body and not any(map(str.isdigit, edge.text))


def _keys(edge: _Edge) -> Iterator[str]:
    """The words of an edge as they are, and with each number in turn less the number of the page."""
    yield edge.text
    for match, value in _values(edge.text):
        yield f"{edge.text[: match[0]]}\0{value - edge.page}\0{edge.text[match[1] :]}"


def _values(text: str) -> list[tuple[tuple[int, int], int]]:
    """The first numbers of a text with their places, in whatever script."""
    forms = ((_NUMBER, int), (_ROMAN, _roman), (_HAN, _han))
    found = [(match.span(), value(match.group())) for form, value in forms for match in form.finditer(text)]
    return [(span, value) for span, value in found if value][:_MOST_VALUES]


def _roman(word: str) -> int:
    """The value of a Roman numeral; 0 for what is none."""
    values = [_ROMAN_VALUES[char] for char in word.lower()]
    total = sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
    return total if word in (word.lower(), word.upper()) and 0 < total < 400 else 0


def _han(word: str) -> int:
    """The value of a Chinese or Japanese number below 1,000; 0 for what is none."""
    total, digit = 0, 0
    for char in word:
        if char in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[char]
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return total + digit


def _is_number(text: str) -> bool:
    """Whether a text is a number and nothing else but marks around it."""
    words = _ROMAN.sub("", _HAN.sub("", text[:20]))
    return len(text) < 20 and not any(map(str.isalpha, words))


def _numbered(edges: Sequence[_Edge], body: float) -> set[int]:
    """Edges with the page's number at their outer end, whatever words beside it: one that rises from page to page."""
    groups: dict[tuple[int, bool], dict[int, _Edge]] = defaultdict(dict)
    for edge in edges:
        for (start, end), value in _values(edge.text):
            is_note = start == 0 and edge.rank < 0 and (edge.text[-1] in ".!?" or edge.band.lines[0].is_marked)
            if (start == 0 or end == len(edge.text)) and edge.rank in {0, -1, 1, -2} and not is_note:
                groups[value - edge.page, edge.rank >= 0].setdefault(edge.page, edge)
    found: set[int] = set()
    series: set[int] = set()
    for (first, _), some in groups.items():
        level = [edge for edge in some.values() if _has_level(edge, some)]
        is_small = all(edge.band.lines[0].size < 0.93 * body or len(edge.text) < _HEADING for edge in level)
        if len(level) > (1 if is_small and all(edge.is_apart for edge in level) else 2):
            found |= {id(edge) for edge in level}
            series.add(first)
    alone = [edge for edge in edges if edge.is_apart and _is_number(edge.text)]
    return found | {id(edge) for edge in alone if any(value - edge.page in series for _, value in _values(edge.text))}


def _has_level(edge: _Edge, others: Mapping[int, _Edge]) -> bool:
    """Whether one of the next pages, or of those before, has an edge at the same height; `others` are by page."""
    near = (edge.page + step for step in (-3, -2, -1, 1, 2, 3))
    return any(page in others and abs(edge.place - others[page].place) < 4 for page in near)


def _sections(edges: Sequence[_Edge], body: float, written: int) -> set[int]:
    """Edges whose words change from section to section, at one height on most pages, and mostly on several."""
    groups: dict[tuple[int, bool, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        line = edge.band.lines[0]
        is_small = max(one.size for one in edge.band.lines) <= 1.05 * body
        if is_small and edge.rank in (0, -1) and edge.is_apart and len(edge.text) <= 100 and edge.text[-1] not in ".!?":
            groups[round(line.base / 2), edge.rank >= 0, round(line.size * 4)].append(edge)
    found: set[int] = set()
    for some in groups.values():
        texts = Counter(edge.text for edge in some)
        again = sum(texts[edge.text] > 1 for edge in some)
        is_small = some[0].rank == 0 and some[0].band.lines[0].size < 0.93 * body  # as no heading is
        if len(some) >= max(3, 0.6 * written) and (is_small or 2 * again >= len(some)):
            found |= {id(edge) for edge in some}
    return found
