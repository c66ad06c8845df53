"""Our own sets, read and written: a question on each line, with its answers and their places."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.article import Span
from corpus.errors import PullquoteError
from eval.datasets.example import Example, Gold
from eval.datasets.record import earlier_fields, earlier_in, lines, text, value


class BadTarget(PullquoteError):
    """The set cannot be written there; name a file that ends in .jsonl."""


def check_target(out: Path) -> None:
    """Raises BadTarget where the name does not end in .jsonl."""
    if out.suffix != ".jsonl":
        raise BadTarget(f"Questions with answers are kept in a .jsonl, not in {out.name}; name a file that ends so.")


def read_lines(data: str) -> tuple[Example, ...]:
    """The questions of a set. Answers are `text`, the `source` (a file's name) and the words around it, `context`.

    `start` and `end` say which of several like it is meant, in code points of the article. `wrong` are answers that
    were judged wrong; where nothing else is known of a question, `answers` may be missing. `earlier` are the turns of a
    conversation that the question follows, the latest last: question, answer, sentence.
    """
    examples = []
    for number, record in enumerate(lines(data), start=1):
        wrong = _golds(record, "wrong") if "wrong" in record else ()
        is_settled = "answers" in record or not wrong
        golds = _golds(record, "answers") if is_settled else ()
        identity = str(record.get("id") or number)
        earlier = earlier_in(record)
        asked = Example(identity, text(record, "question"), golds, wrong=wrong, is_settled=is_settled, earlier=earlier)
        examples.append(asked)
    return tuple(examples)


def as_lines(examples: Iterable[Example]) -> str:
    """The lines from which `read_lines` reads these examples, golds named by source; ids left out where empty."""
    return json_lines(map(_question, examples))


def json_lines(records: Iterable[dict[str, Any]]) -> str:
    """A JSON object on each line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _golds(record: dict[str, Any], name: str) -> tuple[Gold, ...]:
    return tuple(_gold(answer) for answer in value(record, name, list) if text(answer, "text").strip())


def _gold(answer: dict[str, Any]) -> Gold:
    stated = {name: text(answer, name) for name in ("source", "context") if answer.get(name)}
    span = Span(value(answer, "start", int), value(answer, "end", int)) if "start" in answer else None
    return Gold(text(answer, "text"), stated.get("source"), span, context=stated.get("context", ""))


def _question(example: Example) -> dict[str, Any]:
    named = {"id": example.id} if example.id else {}
    answers = {"answers": [_answer(gold) for gold in example.golds]} if example.is_settled else {}
    wrong = {"wrong": [_answer(gold) for gold in example.wrong]} if example.wrong else {}
    earlier = {"earlier": earlier_fields(example.earlier)} if example.earlier else {}
    return named | {"question": example.question} | earlier | answers | wrong


def _answer(gold: Gold) -> dict[str, Any]:
    place = {"start": gold.span.start, "end": gold.span.end} if gold.span else {}
    stated = {"source": gold.article, "context": gold.context}
    return {"text": gold.text} | {name: words for name, words in stated.items() if words} | place
