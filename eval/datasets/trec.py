"""TREC topics and qrels: what is asked, and which document is relevant."""

from __future__ import annotations

import html
import re
from pathlib import Path

from eval.datasets.beir import WHOLE, Qrels
from eval.datasets.record import keepable

_TOPIC = re.compile(r"<top>(.*?)(?=</top>|<top>|\Z)", re.DOTALL)
_FIELD = re.compile(r"<(num|title|desc)>\s*(?:(?:number|topic|description):)?\s*([^<]*)", re.IGNORECASE)


def read_topics(data: str) -> dict[str, str]:
    """The questions by id: topics with <top>, <num> and <title> (<desc> where that is empty), or id, tab, question.

    ValueError where the text is neither.
    """
    if topics := _TOPIC.findall(data):
        return dict(map(_topic, topics))
    found = {}
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        identity, tab, question = line.partition("\t")
        if not tab or not identity.strip() or not question.strip():
            raise ValueError(f"line {number} of the topics is no id, tab and question, and there is no <top>")
        found[identity.strip()] = keepable(question.strip())
    return found


def read_trec_qrels(data: str) -> Qrels:
    """The judgements, four words a line: question, iteration, document, relevance; ValueError names a line at fault."""
    found: Qrels = {}
    for number, line in enumerate(data.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        relevance = WHOLE.fullmatch(words[3]) if len(words) == 4 else None
        if not relevance:
            raise ValueError(f"line {number} of the qrels is not question, iteration, document, relevance")
        found.setdefault(words[0], {})[words[2]] = int(relevance[1])
    return found


def _topic(words: str) -> tuple[str, str]:
    fields = {name.lower(): " ".join(html.unescape(value).split()) for name, value in reversed(_FIELD.findall(words))}
    question = fields.get("title") or fields.get("desc")
    if not fields.get("num") or not question:
        raise ValueError(f"a topic has no <num>, or neither <title> nor <desc>: {' '.join(words.split())[:60]}")
    return fields["num"], keepable(question)


def trec_files(folder: Path) -> tuple[Path, Path, Path]:
    """The corpus.jsonl, the topics and the qrels of a folder, plain or gzipped; ValueError where one is
    missing.
    """
    return _only(folder, "corpus.jsonl"), _only(folder, "topics"), _only(folder, "qrels")


def _only(folder: Path, name: str) -> Path:
    found = sorted(file for file in folder.glob(f"{name}*") if file.is_file())
    if len(found) != 1:
        raise ValueError(f"it has {'several files' if found else 'no file'} whose name begins with {name}")
    return found[0]
