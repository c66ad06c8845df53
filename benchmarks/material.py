"""What every system is given: articles, the same articles cut to passages, questions with what answers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from corpus.article import Article
from corpus.chunk import chunk
from corpus.sample import sample_articles
from eval.datasets.example import Example
from eval.datasets.place import source_names
from eval.datasets.read_set import read_set, shipped_sets
from eval.metrics.answer_metrics import contains, em, f1
from eval.temporary_library import articles_only
from index.encoder.encoder import Encoder
from index.manifest import CHUNKING

SAMPLE = shipped_sets()["sample"]
_SEED = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the texts that answer it, and the articles that they stand in."""

    question: str
    golds: tuple[str, ...]
    articles: frozenset[str]

    def is_found_in(self, article: str, text: str) -> bool:
        """Whether the passage is of an article that answers, and holds an answer's words."""
        return article in self.articles and any(contains(text, gold) for gold in self.golds)

    def scores(self, answer: str) -> tuple[float, float]:
        """Exact match and F1, as SQuAD's own script has them."""
        return em(answer, self.golds), f1(answer, self.golds)


@dataclass(frozen=True, slots=True)
class Material:
    """The articles by the names that the systems know them by, and the questions."""

    name: str
    articles: dict[str, Article]
    asked: tuple[Asked, ...]

    @property
    def words(self) -> int:
        """How many words the articles have."""
        return sum(len(article.text.split()) for article in self.articles.values())

    def part(self, words: int) -> Material:
        """The first articles that have at least so many words together, without questions."""
        first: dict[str, Article] = {}
        counted = 0
        for name, article in self.articles.items():
            if counted >= words:
                break
            first[name] = article
            counted += len(article.text.split())
        return Material(self.name, first, ())

    def write_articles(self, path: Path) -> None:
        """Writes a line of JSON for each article."""
        _write(path, ((name, article.title, article.text) for name, article in self.articles.items()))

    def write_passages(self, path: Path, encoder: Encoder) -> int:
        """Writes a line of JSON for each passage that Pullquote cuts the articles to; how many there are."""
        passages = [
            (name, article.title, passage.text)
            for name, article in self.articles.items()
            for passage in chunk(article, CHUNKING, encoder.count_tokens)
        ]
        _write(path, passages)
        return len(passages)

    def write_questions(self, path: Path) -> None:
        """Writes a line of JSON for each question, without what answers it."""
        lines = [json.dumps({"question": one.question}) for one in self.asked]
        path.write_text("\n".join(lines), encoding="utf-8")


def read_material(path: Path, articles: int, questions: int) -> Material:
    """The first so many articles of a set, and a seeded sample of the questions that they answer.

    A set without articles of its own is asked of the sample articles.
    """
    eval_set = read_set(path)
    examples: Sequence[Example] = eval_set.examples
    articles_read: list[Article] = list(eval_set.articles)[:articles]
    names = {article.id: article.id for article in articles_read}
    if not eval_set.articles:
        articles_read = list(islice(sample_articles(), articles))
        with articles_only(articles_read) as library:
            names = source_names(library)
    names_here = {names[article.id]: f"a{number}" for number, article in enumerate(articles_read)}
    answerable = [_asked(one, names_here) for one in examples if not one.earlier and one.filter is None]
    answerable_here = [one for one in answerable if one.articles]
    chosen = Random(_SEED).sample(answerable_here, min(questions, len(answerable_here)))  # noqa: S311 - nothing secret
    return Material(eval_set.name, {names_here[names[article.id]]: article for article in articles_read}, tuple(chosen))


def _asked(example: Example, names_here: dict[str, str]) -> Asked:
    texts = tuple(dict.fromkeys(gold.text for gold in example.golds))
    places = frozenset(names_here[gold.article] for gold in example.golds if gold.article in names_here)
    return Asked(example.question, texts, places)


def _write(path: Path, records: Iterable[tuple[str, str, str]]) -> None:
    lines = (json.dumps({"_id": name, "title": title, "text": text}) for name, title, text in records)
    path.write_text("\n".join(lines), encoding="utf-8")
