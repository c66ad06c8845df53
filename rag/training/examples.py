"""Training examples: questions with the passage that answers them, and passages and questions that do not match."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.article import Span


@dataclass(frozen=True, slots=True)
class TitledPassage:
    """A passage with the title of its article."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A question, the passage that answers it, and the answer's place in that passage.

    `wrong` are hard negatives: passages near the question that do not answer it. `altered` are questions like this one
    that the passage does not answer.
    """

    set: str
    question: str
    passage: TitledPassage
    answer: Span
    wrong: tuple[TitledPassage, ...] = ()
    altered: tuple[str, ...] = ()

    @property
    def answer_text(self) -> str:
        """The answer's words."""
        return self.answer.cut(self.passage.text)


def read_squad(path: Path) -> Iterator[TrainingExample]:
    """The answerable questions of a SQuAD file, each with its first answer that the passage has at its offset.

    The questions that people found the passage not to answer are beside each of its others, as `altered`.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    name = path.name.split(".")[0]
    for article in articles:
        title = article.get("title", "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            passage = TitledPassage(title, paragraph["context"])
            unanswerable = tuple(_words(one) for one in paragraph["qas"] if not one["answers"])
            for question in paragraph["qas"]:
                spans = (_span(answer, passage.text) for answer in question["answers"])
                if span := next(filter(None, spans), None):
                    yield TrainingExample(name, _words(question), passage, span, altered=unanswerable)


def _words(question: dict[str, Any]) -> str:
    return " ".join(question["question"].split())


def _span(answer: dict[str, Any], text: str) -> Span | None:
    start, words = answer["answer_start"], answer["text"]
    is_there = words and start >= 0 and text.startswith(words, start)
    return Span(start, start + len(words)) if is_there else None


def save(examples: Iterable[TrainingExample], path: Path) -> None:
    """Writes an example a line, as gzipped JSON."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=3) as file:
        file.writelines(json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples)


def load(path: Path) -> list[TrainingExample]:
    """The examples that `save` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_example(json.loads(line)) for line in file]


def _example(fields: dict[str, Any]) -> TrainingExample:
    """The example that `dataclasses.asdict` took apart."""
    passage, answer = TitledPassage(**fields.pop("passage")), Span(**fields.pop("answer"))
    wrong = tuple(TitledPassage(**one) for one in fields.pop("wrong"))
    return TrainingExample(passage=passage, answer=answer, wrong=wrong, altered=tuple(fields.pop("altered")), **fields)
