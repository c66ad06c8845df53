"""BEIR folders: corpus.jsonl, queries.jsonl and qrels, with human judgements of which article is relevant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from corpus.article import Article
from eval.example import Example
from eval.record import keepable, lines, text

Qrels = dict[str, dict[str, int]]  # question id -> article id -> relevance


def read_beir(name: str, files: Mapping[str, str]) -> tuple[tuple[Example, ...], tuple[Article, ...]]:
    """The judged questions and all articles; `files` maps `corpus`, `queries` and each `*.tsv` to its text.

    Judged is a question with at least one relevant article. ValueError says what is wrong with a file.
    """
    qrels: Qrels = {}
    for file, data in files.items():
        if file.endswith(".tsv"):
            read_judgements(file, data, qrels)
    questions = read_queries(files["queries"])
    if missing := qrels.keys() - questions.keys():
        raise ValueError(f"the qrels judge the query {min(missing)!r}, which is not in queries.jsonl")
    return judged_questions(questions, qrels), read_corpus(name, files["corpus"])


def read_queries(data: str) -> dict[str, str]:
    """The queries of a queries.jsonl by their id."""
    return {text(record, "_id"): text(record, "text") for record in lines(data)}


def judged_questions(questions: Mapping[str, str], qrels: Qrels) -> tuple[Example, ...]:
    """The questions, given by id, that have a relevant article."""
    return tuple(
        Example(identity, question, relevant=qrels[identity])
        for identity, question in questions.items()
        if any(relevance > 0 for relevance in qrels.get(identity, {}).values())
    )


def read_corpus(name: str, data: str) -> tuple[Article, ...]:
    """The articles of a corpus.jsonl that have words; the last of those with the same id."""
    found = {article.id: article for record in lines(data) if (article := _article(name, record))}
    return tuple(found.values())


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
    return Article(identity, title, words, f"{name}/{identity}", sha256=sha256)


def read_judgements(file: str, data: str, into: Qrels) -> None:
    """Adds the judgements of a qrels file; ValueError names a line at fault."""
    for number, line in enumerate(data.splitlines(), start=1):
        fields = line.split("\t")
        if not line.strip() or (number == 1 and not _is_number(fields[-1])):  # the header
            continue
        if len(fields) != 3 or not _is_number(fields[2]):
            raise ValueError(f"line {number} of qrels/{file} is not query-id, corpus-id, score")
        question, article, relevance = fields
        into.setdefault(question, {})[article] = int(relevance)


def _is_number(word: str) -> bool:
    return word.strip().lstrip("-").isdecimal()
