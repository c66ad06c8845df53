"""The texts in which passages are read: their prose, and the rows of their tables one by one.

A reader that sees a table as lines of cells gives the value of another row. It sees a row as lines that name the row's
first cell and the words over the column: "Northfield, Turnout: 38 %". Of the rows of a table only those are read that
have most of the question's words, and of their cells those under the columns that the question names can be answers.
Short lines such as "Monday 08:00 to 16:00" are read so, too, where the question's words single some out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.article import Passage, Span
from corpus.offset_map import Edit, MappedText
from corpus.tables import Row, Table, cell_at, cells_of, head_of, is_record, records, tables
from index.lexical.lexical import content_words
from index.lexical.terms import stems

_CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w*")
_LONGEST_LEAD = 60  # characters of the first cell, or of the words over a column, that are repeated
_LONGEST_CELL = 60  # characters of a cell that is an answer as a whole
_MOST_LEADS = 12  # cells of a row that are read with its first cell


@dataclass(frozen=True, slots=True)
class _TableRow:
    """A row of a passage's table, the words over its columns (maybe none), and those of its first cell.

    Rows of one `table`, which may go on in another passage, have the same value of that.
    """

    passage: int
    row: Row
    head: Sequence[str]
    key: str
    table: tuple[object, ...]


def readable_texts(question: str, passages: Sequence[Passage]) -> list[tuple[int, MappedText]]:
    """The texts to read for a question, each mapped to the text of the passage of this number."""
    texts: list[tuple[int, MappedText]] = []
    rows: list[_TableRow] = []
    for number, passage in enumerate(passages):
        found = list(tables(passage.text, least=1 if passage.head else 2))
        rows += [row for place, table in enumerate(found) for row in _rows(number, passage, table, place)]
        lines, lists = _records(question, number, passage)
        rows += lines
        prose = MappedText.of(passage.text).edited(
            Edit(one.rows[0].span.start, one.rows[-1].span.end)
            for one in sorted([*found, *lists], key=lambda one: one.rows[0].span)
        )
        if prose.text.strip():
            texts.append((number, prose))
    chosen = _chosen(question, rows, passages) if rows else ()
    return [*texts, *((row.passage, _text(passages[row.passage].text, row, cells)) for row, cells in chosen)]


def _records(question: str, number: int, passage: Passage) -> tuple[list[_TableRow], list[Table]]:
    """The lines to read by themselves, as the question singles them out among others, and the lists they are of."""
    lines: list[_TableRow] = []
    lists: list[Table] = []
    for place, table in enumerate(records(passage.text)):
        words = [row.span.cut(passage.text) for row in table.rows]
        if len(words) > 2 * sum(map(is_record, words)):
            continue
        asked, *found = (set(one) for one in stems([" ".join(content_words(question)), *words]))
        weights = _weights(asked, [("", one) for one in found])
        best = [at for at, weight in enumerate(weights) if weight >= max(weights) > 0]
        if best and 2 * len(best) <= len(words):
            lists.append(table)
            lines += [_TableRow(number, table.rows[at], (), "", (number, "list", place)) for at in best]
    return lines, lists


def whole_cell(text: str, span: Span) -> Span:
    """The cell of a table that a span is in, where that has few words; else the span."""
    cell = cell_at(text, span)
    return cell if cell and cell.end - cell.start <= _LONGEST_CELL else span


def _rows(number: int, passage: Passage, table: Table, place: int) -> Iterator[_TableRow]:
    """The rows of a table under its head, which may stand before the passage."""
    text = passage.text
    words = [row.words(text) for row in table.rows]
    before = (
        [cells_of(line) for line in passage.head.split("\n")] if passage.head and not table.rows[0].span.start else []
    )
    head, length = head_of([*before, *words])
    identity = (passage.article_id, *head) if head else (number, place)
    key = ""
    for row, cells in list(zip(table.rows, words, strict=True))[max(length - len(before), 0) :]:
        key = cells[0] or key
        yield _TableRow(number, row, head if len(head) == len(cells) else (), key, identity)


def _chosen(
    question: str, rows: Sequence[_TableRow], passages: Sequence[Passage]
) -> Iterator[tuple[_TableRow, list[bool]]]:
    """The rows that have most of the question's words, and of each cell whether it can be an answer.

    A row is none of them that lacks a name which the question has and another row of its table.
    """
    cells = [row.row.words(passages[row.passage].text) for row in rows]
    keyed = [" ".join([row.key, *words]) for row, words in zip(rows, cells, strict=True)]
    asked, named, *found = (
        set(one)
        for one in stems(
            [" ".join(content_words(question)), _names(question), *keyed, *map(_names, keyed), *chain(*cells)]
        )
    )
    words, names, waiting = found[: len(rows)], found[len(rows) : 2 * len(rows)], iter(found[2 * len(rows) :])
    by_head = {head: [set(one) for one in stems(head)] for head in {tuple(row.head) for row in rows}}
    weights = _weights(asked, [(row.table, one) for row, one in zip(rows, words, strict=True)])
    best: dict[tuple[object, ...], float] = {}
    known: dict[tuple[object, ...], set[str]] = {}
    for row, weight, one in zip(rows, weights, names, strict=True):
        best[row.table] = max(weight, best.get(row.table, 0.0))
        known.setdefault(row.table, set()).update(one & named)
    for row, weight, one, columns in zip(rows, weights, words, cells, strict=True):
        stemmed = [next(waiting) for _ in columns]
        if weight >= best[row.table] and known[row.table] <= one:
            yield row, _can_answer(asked, stemmed, by_head[tuple(row.head)])


def _names(text: str) -> str:
    """The words of a text that begin with a capital; of a question in small letters all words."""
    return " ".join(_CAPITALISED.findall(text)) if text != text.lower() else text


def _weights(wanted: set[str], rows: Sequence[tuple[object, set[str]]]) -> list[float]:
    """How many of the wanted words each row has; a word counts the less, the more rows of its table have it."""
    shared = Counter((table, word) for table, words in rows for word in words & wanted)
    return [sum(1 / shared[table, word] for word in sorted(words & wanted)) for table, words in rows]


def _can_answer(wanted: set[str], cells: Sequence[set[str]], head: Sequence[set[str]]) -> list[bool]:
    """Of each cell whether it can be an answer: it is new, and stands under a column that the question names."""
    new = [not (words and words <= wanted) for words in cells]
    columns = _weights(wanted, [("", words) for words in head])
    named = [is_new and weight >= max(columns) > 0 for is_new, weight in zip(new, columns, strict=bool(head))]
    return next((one for one in (named, new) if any(one)), [True] * len(cells))


def _text(text: str, row: _TableRow, can_answer: Sequence[bool]) -> MappedText:
    """One row of a text, each cell on a line of its own with what it is read with."""
    return MappedText.of(text).edited(_edits(text, row, can_answer))


def _edits(text: str, row: _TableRow, can_answer: Sequence[bool]) -> Iterator[Edit]:
    """A cell that can be no answer is replaced by its own words, and so is mapped as one unit."""
    read = 0
    for number, cell in enumerate(row.row.cells):
        if cell is None:
            continue
        leads = [row.key if 0 < number < _MOST_LEADS else "", row.head[number] if number and row.head else ""]
        lead = ", ".join(words[:_LONGEST_LEAD] for words in leads if words)
        yield Edit(read, cell.start, ("\n" if read else "") + (f"{lead}: " if lead else ""))
        if not can_answer[number]:
            yield Edit(cell.start, cell.end, cell.cut(text))
        read = cell.end
    yield Edit(read, len(text))
