"""What the reader learns from: questions with the passage that answers them, and passages and questions that do not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with the title of its article."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A question, the passage that answers it and where; `wrong` passages are near the question and do not answer it.

    `altered` are questions like this one that the passage does not answer.
    """

    set: str
    question: str
    passage: Source
    answer: Span
    wrong: tuple[Source, ...] = ()
    altered: tuple[str, ...] = ()


def squad(path: Path) -> Iterator[TrainingExample]:
    """The answerable questions of a SQuAD file, each with its first answer whose words stand where it says."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    name = path.name.split(".")[0]
    for article in articles:
        title = article.get("title", "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            source = Source(title, paragraph["context"])
            for question in paragraph["qas"]:
                spans = (_span(answer, source.text) for answer in question["answers"])
                if span := next(filter(None, spans), None):
                    yield TrainingExample(name, " ".join(question["question"].split()), source, span)


def _span(answer: dict[str, Any], text: str) -> Span | None:
    start, words = answer["answer_start"], answer["text"]
    stands = words and start >= 0 and text.startswith(words, start)
    return Span(start, start + len(words)) if stands else None


def save(examples: Iterable[TrainingExample], path: Path) -> int:
    """How many examples were written, one a line."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=3) as file:
        for example in examples:
            file.write(json.dumps(_packed(example), ensure_ascii=False) + "\n")
            count += 1
    return count


def load(path: Path) -> list[TrainingExample]:
    """The examples that `save` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_unpacked(json.loads(line)) for line in file]


def _packed(one: TrainingExample) -> dict[str, Any]:
    return {
        "set": one.set,
        "question": one.question,
        "passage": [one.passage.title, one.passage.text],
        "answer": [one.answer.start, one.answer.end],
        "wrong": [[source.title, source.text] for source in one.wrong],
        "altered": one.altered,
    }


def _unpacked(fields: dict[str, Any]) -> TrainingExample:
    return TrainingExample(
        fields["set"],
        fields["question"],
        Source(*fields["passage"]),
        Span(*fields["answer"]),
        tuple(Source(*source) for source in fields["wrong"]),
        tuple(fields["altered"]),
    )
