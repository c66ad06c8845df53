"""BEIR folders: corpus.jsonl, queries.jsonl and qrels, with human judgements of which article is relevant.

BEIR leaves "metadata" to the set. Here an article's holds its facts (`published`, `outlet`, `authors`, `language`), and
that of a query may hold the `filter` to ask it with, as POST /v1/answer takes one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from corpus.article import Article
from corpus.formats.facts import stated
from eval.datasets.example import Example
from eval.datasets.record import filter_fields, filter_in, keepable, lines, text

Qrels = dict[str, dict[str, int]]  # question id -> article id -> relevance
_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+")
WHOLE = re.compile(r"([+-]?[0-9]+)(?:\.0*)?")  # 1.0, as tables of numbers are saved
_FACTS = ("url", "authors", "outlet", "published", "language")


def read_beir(name: str, files: Mapping[str, str]) -> tuple[tuple[Example, ...], tuple[Article, ...]]:
    """The judged questions and all articles; `files` maps `corpus`, `queries` and each `*.tsv` to its text.

    Judged is a question with at least one relevant article. ValueError says what is wrong with a file.
    """
    qrels: Qrels = {}
    for file, data in files.items():
        if file.endswith(".tsv"):
            read_beir_qrels(file, data, qrels)
    questions = read_queries(files["queries"])
    if missing := qrels.keys() - questions.keys():
        raise ValueError(f"the qrels judge the query {min(missing)!r}, which is not in queries.jsonl")
    return judged_queries(questions.values(), qrels), read_corpus(name, files["corpus"])


def read_queries(data: str) -> dict[str, Example]:
    """The queries of a queries.jsonl by their id, nothing judged yet."""
    return {example.id: example for example in map(_query, lines(data))}


def query_line(example: Example) -> dict[str, object]:
    """The line of a queries.jsonl that reads as this question."""
    metadata = {"filter": filter_fields(example.filter)} if example.filter else None
    return _line({"_id": example.id, "text": example.question}, metadata)


def _query(record: dict[str, object]) -> Example:
    return Example(text(record, "_id"), text(record, "text"), filter=filter_in(_metadata(record)))


def _line(fields: dict[str, object], metadata: Mapping[str, object] | None) -> dict[str, object]:
    return fields | {"metadata": metadata} if metadata else fields


def _metadata(record: dict[str, object]) -> dict[str, object]:
    found = record.get("metadata")
    return found if isinstance(found, dict) else {}


def judged_queries(questions: Iterable[Example], qrels: Qrels) -> tuple[Example, ...]:
    """The questions that have a relevant article, with the relevance of each article that was judged."""
    return tuple(
        replace(question, relevant=qrels[question.id])
        for question in questions
        if any(relevance > 0 for relevance in qrels.get(question.id, {}).values())
    )


def read_corpus(name: str, data: str) -> tuple[Article, ...]:
    """The articles of a corpus.jsonl that have words; the last of those with the same id."""
    found = {article.id: article for record in lines(data) if (article := _article(name, record))}
    return tuple(found.values())


def corpus_line(article: Article) -> dict[str, object]:
    """The line of a corpus.jsonl that reads as this article."""
    facts = {fact: held for fact in _FACTS if (held := getattr(article, fact))}
    return _line({"_id": article.id, "title": article.title, "text": article.text}, facts)


def _article(name: str, record: dict[str, object]) -> Article | None:
    """The article, None where it has no words at all: nothing can find it, and so it counts as missed."""
    identity = text(record, "_id")
    title = keepable(str(record.get("title") or ""))
    words = text(record, "text")
    if not words.strip():
        words = title
    if not words.strip():
        return None
    # The id in the digest keeps apart two articles with the same words, which may be judged differently.
    sha256 = hashlib.sha256(f"{identity}\n{words}".encode()).hexdigest()
    stated_facts = stated(_metadata(record))
    facts = {fact: getattr(stated_facts, fact) for fact in _FACTS}
    return Article(identity, title, words, f"{name}/{identity}", **facts, sha256=sha256)


def read_beir_qrels(file: str, data: str, into: Qrels) -> None:
    """Adds the judgements of a qrels file; ValueError names a line at fault."""
    for number, line in enumerate(data.splitlines(), start=1):
        fields = [field.strip() for field in line.split("\t")]
        if not line.strip() or (number == 1 and not _NUMBER.fullmatch(fields[-1])):  # the header
            continue
        relevance = WHOLE.fullmatch(fields[-1])
        if len(fields) != 3 or not relevance:
            raise ValueError(f"line {number} of qrels/{file} is not query-id, corpus-id, score (a whole number)")
        into.setdefault(fields[0], {})[fields[1]] = int(relevance[1])
