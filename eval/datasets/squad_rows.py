"""SQuAD as rows, a question in each, as the Hugging Face hub gives it: brought into SQuAD's own form."""

from __future__ import annotations

import json
from collections.abc import Iterable

from eval.datasets.record import keepable, lines, text, value

_Articles = dict[str, dict[str, list[object]]]  # title -> paragraph -> its questions


def squad_articles(data: str) -> list[object]:
    """The articles of a SQuAD text, as its list `data` has them; ValueError where it is none.

    The text is SQuAD's object, a list of rows, an object with the list under `data` or `rows`, or a row on each line.
    The rows of a title are an article, its paragraphs in their order.
    """
    found = _loaded(data)
    if isinstance(found, dict) and "data" not in found:
        found = found["rows"] if isinstance(found.get("rows"), list) else [found] if "context" in found else found
    records = found if isinstance(found, list) and found else value(found, "data", list)
    rows = [_row(record) for record in records]
    return _from_rows(rows) if any(isinstance(row, dict) and "context" in row for row in rows) else records


def _loaded(data: str) -> object:
    """The JSON value of a text, or the objects of its lines."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
        return list(lines(data))


def _row(record: object) -> object:
    """The row, taken out of what the hub's own service wraps it in."""
    return record["row"] if isinstance(record, dict) and isinstance(record.get("row"), dict) else record


def _from_rows(rows: Iterable[object]) -> list[object]:
    articles: _Articles = {}
    for row in rows:
        context = text(row, "context")
        if not isinstance(row, dict):
            continue  # told by the line before
        title = row.get("title")
        key = keepable(str(title)) if title else f"\0{context}"  # without a title each paragraph is an article
        articles.setdefault(key, {}).setdefault(context, []).append(_question(row))
    return [
        {
            "title": "" if key.startswith("\0") else key,
            "paragraphs": [{"context": context, "qas": asked} for context, asked in paragraphs.items()],
        }
        for key, paragraphs in articles.items()
    ]


def _question(row: dict[str, object]) -> dict[str, object]:
    """The row with its answers one by one; what is no answer's form stays, for the reader to tell."""
    answers = row.get("answers")
    if isinstance(answers, dict):
        words, starts = answers.get("text"), answers.get("answer_start")
        if isinstance(words, list) and isinstance(starts, list) and len(words) == len(starts):
            answers = [{"text": one, "answer_start": start} for one, start in zip(words, starts, strict=True)]
    return {**row, "answers": answers}
