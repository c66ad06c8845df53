"""Checked access to JSON that others wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from index.filters import BadFilter, Filter
from rag.conversation.query_rewriting import Earlier

T = TypeVar("T")

# SQLite cannot keep a lone surrogate and ends a text at NUL; one character for another leaves every offset true.
_UNKEEPABLE = re.compile("[\ud800-\udfff\0]")


def value(record: object, name: str, kind: type[T]) -> T:
    """`record[name]`; ValueError where the record is no object, or the value missing or of another kind."""
    found = record.get(name) if isinstance(record, dict) else None
    if not isinstance(found, kind):
        words = {str: "text", list: "list", dict: "object", int: "whole number"}.get(kind, kind.__name__)
        raise ValueError(f"there is no {words} {name!r} in {shortened(record)}")  # noqa: TRY004 - the file's fault
    return found


def text(record: object, name: str) -> str:
    """`record[name]` as text that a library can keep, character for character; ValueError where there is none."""
    return keepable(value(record, name, str))


def keepable(words: str) -> str:
    """The words with lone surrogates and NULs replaced one for one by U+FFFD."""
    return _UNKEEPABLE.sub("\ufffd", words)


def filter_in(record: Mapping[str, object]) -> Filter | None:
    """`record["filter"]`, an object with fields of a Filter; None where there is none, ValueError for anything else."""
    stated = record.get("filter")
    if not stated:
        return None
    known = [field.name for field in fields(Filter)]
    if not isinstance(stated, dict) or stated.keys() - set(known):
        raise ValueError(f"there is no filter of the fields {', '.join(known)} in {shortened(record)}")
    since, until = (value(stated, day, str) if day in stated else None for day in ("since", "until"))
    named = stated.keys() - {"since", "until"}
    try:
        return Filter(since, until, **{name: tuple(map(str, value(stated, name, list))) for name in named})
    except BadFilter as error:
        raise ValueError(str(error)) from error


def earlier_in(record: Mapping[str, object]) -> tuple[Earlier, ...]:
    """`record["earlier"]`, the turns before as objects of question, answer and sentence; () where there are none."""
    turns = value(record, "earlier", list) if "earlier" in record else []
    return tuple(
        Earlier(
            text(turn, "question"), *(text(turn, name) if turn.get(name) else None for name in ("answer", "sentence"))
        )
        for turn in turns
    )


def earlier_fields(turns: Iterable[Earlier]) -> list[dict[str, str]]:
    """The turns as `earlier_in` reads them, without their empty fields."""
    return [{name: stated for name, stated in asdict(turn).items() if stated} for turn in turns]


def filter_fields(article_filter: Filter) -> dict[str, Any]:
    """The fields of a filter that are not empty, as `filter_in` reads them."""
    return {name: stated for name, stated in asdict(article_filter).items() if stated}


def lines(data: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines text, blank lines left out; ValueError names the line at fault."""
    for number, line in enumerate(data.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON: {error.msg}") from error
        if not isinstance(record, dict):
            raise ValueError(f"line {number} is not a JSON object")  # noqa: TRY004 - the file's fault
        yield record


def shortened(record: object) -> str:
    """The beginning of a record, for a message."""
    shown = json.dumps(record, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
