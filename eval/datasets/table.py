"""Questions in a CSV file: columns question and answer, and source and context where the answer's place is known."""

from __future__ import annotations

import csv
import io
import re

from eval.datasets.example import Example, Gold
from eval.datasets.place import occurrences
from eval.datasets.record import keepable

COLUMNS = ("question", "answer", "source", "context")
_NEEDED = COLUMNS[:2]
_DELIMITERS = (",", ";", "\t")
_LONGEST = 2**27  # characters in one field; csv's own limit is 131,072


def read_table(data: str, left_out: list[str]) -> tuple[Example, ...]:
    """The questions of a CSV text, those of several rows with each row's answer; no answer means that nothing answers.

    Its columns are parted by commas, semicolons or tabs, as its first line tells.
    Rows at fault are noted in `left_out`. ValueError for columns that are missing, unknown or spelt otherwise.
    """
    csv.field_size_limit(_LONGEST)
    delimiter, data = _delimiter(data)
    rows = csv.DictReader(io.StringIO(data, newline=""), strict=True, delimiter=delimiter)
    asked: dict[str, list[Gold]] = {}
    try:
        _check(list(rows.fieldnames or ()))
        for row in rows:
            why = _row(row, asked)
            if why:
                left_out.append(f"line {rows.line_num}: {why}")
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num} is not CSV: {error}") from error
    return tuple(Example(f"{number}", words, tuple(golds)) for number, (words, golds) in enumerate(asked.items(), 1))


def _delimiter(data: str) -> tuple[str, str]:
    """The sign between columns, which a line `sep=;` or else the columns' names tell, and the text from those on."""
    first, _, rest = data.partition("\n")
    stated = re.fullmatch(r'"?sep=(.)"?\r?', first)
    if stated:
        return stated[1], rest
    return max(_DELIMITERS, key=first.count), data


def _check(names: list[str]) -> None:
    wanted = ", ".join(COLUMNS)
    for name in names:
        if name not in COLUMNS:
            raise ValueError(f"its column {name!r} is not one of {wanted}, which have to be spelt so")
    if missing := [name for name in _NEEDED if name not in names]:
        raise ValueError(f"it has no column {missing[0]!r}; its first line has to name its columns, out of {wanted}")
    if len(set(names)) < len(names):
        raise ValueError("two of its columns have the same name")


def _row(row: dict[str, str], asked: dict[str, list[Gold]]) -> str:
    """Adds a row's question and answer to `asked`; the reason where it is at fault, else an empty string."""
    if None in row or None in row.values():
        return "it has more or fewer fields than there are columns"
    question, answer, source, context = (keepable(row.get(name, "")).strip() for name in COLUMNS)
    if not question:
        return "it has no question"
    golds = asked.get(question)
    gold = Gold(answer, source or None, context=context)
    if answer and context and not occurrences(answer, context):
        return f"the answer {answer[:40]!r} does not stand in its context"
    if golds is not None and (not answer or not golds):
        return f"another line says that {question[:40]!r} has an answer, or that it has none"
    if golds is not None and gold in golds:
        return "an earlier line says the same"
    asked.setdefault(question, []).extend([gold] if answer else [])
    return ""
