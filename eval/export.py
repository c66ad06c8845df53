"""A stored run in the forms that other people's scorers read: TREC run files, SQuAD predictions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import inf
from pathlib import Path
from urllib.parse import quote

import numpy as np

from eval.datasets.files import write_new
from eval.metrics.judge import judged
from eval.run import BadRun, Record, Run

_TAG = "pullquote"


class NothingToExport(BadRun):
    """The run holds nothing that can be written in this format; export it in the other one, or another run."""


def export_trec(run: Run, path: Path) -> list[Path]:
    """The one file written: a TREC run of the hits, a line for each: query, Q0, document, rank, score, tag.

    Documents are what is judged: in a BEIR set articles, at the rank of their first passage, else passages by their id.
    """
    _check_ids(run)
    if run.header.mode == "given":
        raise NothingToExport(
            f"The run of {run.header.set} was given its paragraphs and ranked nothing; export one with --open."
        )
    return write_new({path: "".join(f"{line}\n" for record in run.records for line in _ranking(record, run))})


def export_squad(run: Run, path: Path, threshold: float) -> list[Path]:
    """The two files written: SQuAD predictions, {id: words}, and NAME-na_prob.json, {id: 1 - confidence}.

    The words are empty where the confidence does not reach the threshold.
    """
    _check_ids(run)
    if run.header.kind == "beir":
        raise NothingToExport(
            f"The run of {run.header.set} ranked articles and answered nothing; export it with --format trec."
        )
    answers, no_answer = {}, {}
    for record in run.records:
        one = judged(record, run.header.reader.calibration)
        answers[record.example.id] = one.answer(threshold) or ""
        no_answer[record.example.id] = 1.0 - max(one.confidence, 0.0)
    return write_new({path: _json(answers), path.with_name(f"{path.stem}-na_prob.json"): _json(no_answer)})


def _ranking(record: Record, run: Run) -> Iterator[str]:
    """A question's lines. Scorers order by score alone, as float32: one that does not fall is written a step lower."""
    query = _word(record.example.id)
    last = np.float32(inf)
    for rank, (document, score) in enumerate(_documents(record, run.header.kind == "beir").items(), start=1):
        last = min(np.float32(score), np.nextafter(last, np.float32(-inf)))
        yield f"{query} Q0 {_word(document)} {rank} {last:.9g} {_TAG}"


def _documents(record: Record, are_articles: bool) -> dict[str, float]:
    """The documents found, best first, with their scores."""
    found: dict[str, float] = {}
    for hit in record.trace.hits:
        found.setdefault(hit.passage.article_id if are_articles else hit.passage.id, hit.score)
    return found


def _word(name: str) -> str:
    """A name as one word: white space as in a web address (%20), all else as it is."""
    return re.sub(r"\s", lambda match: quote(match.group()), name)


def _check_ids(run: Run) -> None:
    if len({record.example.id for record in run.records}) < len(run.records):
        raise NothingToExport(
            f"Several questions of {run.header.set} have the same id, by which both formats know them; give each its "
            "own in the set and run it again."
        )


def _json(values: dict[str, str] | dict[str, float]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=0) + "\n"
