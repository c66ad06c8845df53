"""A folder of documents read and scored: each document, each format, and all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from corpus.article import Article
from corpus.file_format import SUFFIXES, format_by_name
from corpus.load import load
from corpus.refusal import Refusal
from corpus.regular_file import read_regular
from eval.documents.gold import SUFFIX, BadGold, GoldArticle, gold_files, read_gold
from eval.documents.measure import Share, measure_article


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The shares and faults of one document.

    `name` is its path in the folder, `digest` the SHA-256 of its bytes and its gold file's.
    """

    name: str
    format: str
    digest: str
    shares: Mapping[str, Share]
    faults: tuple[str, ...]


def score_folder(folder: Path) -> Iterator[DocumentScore]:
    """Each document with a gold file, as soon as it is read; BadGold where one of the gold files cannot be used."""
    files = [(path, read_gold(path)) for path in gold_files(folder)]
    for path, gold in files:
        document = path.with_name(path.name.removesuffix(SUFFIX))
        if not document.is_file():
            raise BadGold(path, f"there is no {document.name} beside it")
        kind = format_by_name(document.name)
        if kind is None:
            raise BadGold(path, f"{document.name} ends in none of {', '.join(SUFFIXES)}")
        shares, faults = _score(document, gold)
        try:
            digest = hashlib.sha256(read_regular(document) + read_regular(path)).hexdigest()
        except OSError as error:
            raise BadGold(path, f"{document.name} cannot be read") from error
        yield DocumentScore(document.relative_to(folder).as_posix(), kind.name, digest, shares, faults)


def total(scores: Iterable[DocumentScore]) -> dict[str, Share]:
    """The shares of several documents together: means of precision, recall, F1 and order, sums of what is counted."""
    return _added(score.shares for score in scores)


def by_format(scores: Iterable[DocumentScore]) -> dict[str, list[DocumentScore]]:
    """The documents of each format, in the order of their names."""
    formats: dict[str, list[DocumentScore]] = {}
    for score in scores:
        formats.setdefault(score.format, []).append(score)
    return formats


def _score(document: Path, gold: tuple[GoldArticle, ...]) -> tuple[dict[str, Share], tuple[str, ...]]:
    """The articles of a document beside those of its gold, in order; one too many is held against an empty gold."""
    read = list(load(document))
    refused = [f"refused: {one.reason}" for one in read if isinstance(one, Refusal)]
    articles = [one for one in read if isinstance(one, Article)]
    measured = [measure_article(one, wanted or GoldArticle()) for one, wanted in zip_longest(articles, gold)]
    faults = (fault for one in measured for fault in one.faults)
    return _added(one.shares for one in measured), (*refused, *faults)


def _added(several: Iterable[Mapping[str, Share]]) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for one in several:
        for name, share in one.items():
            shares[name] = shares[name] + share if name in shares else share
    return shares
