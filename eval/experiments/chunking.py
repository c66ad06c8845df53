"""How passages should be cut: retrieval figures for one chunking after another.

    python -m eval.experiments.chunking DATA_FOLDER --sizes 120 160 --overlaps 0 32 --limit 1000 --markdown

The folder holds `reading/squad1-dev.json.gz` (asked open-book) and `chunking/`: corpora/*.md and questions.jsonl.gz,
with the reference spans of Chroma's "Evaluating Chunking Strategies for Retrieval" (Smith and Troynikov 2024).
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from corpus.article import Article, Span
from corpus.chunk import Chunking
from corpus.library.store import Library
from eval.ask import sampled
from eval.datasets.example import Example, Gold
from eval.datasets.files import decoded
from eval.datasets.read_set import read_set
from eval.datasets.record import lines, text, value
from eval.experiments.command import mean, notice, parser, table, write
from eval.metrics.answer_metrics import success
from eval.metrics.judge import gains
from eval.temporary_library import temporary_library
from index.encoder.encoder import Encoder
from index.manifest import fitted
from index.search import MODES, HybridIndex
from rag.assemble import open_encoder
from rag.settings import Settings

_RETRIEVED = 5


@dataclass(frozen=True, slots=True)
class Overlap:
    """Retrieved characters against reference characters, each 0..1: recall, precision, intersection over union."""

    recall: float
    precision: float
    iou: float


@dataclass(frozen=True, slots=True)
class ChunkingFigures:
    """The figures of one chunking; `success` by search mode, at 1 and at 5; `seconds` of indexing a `passages`."""

    size: int
    overlap: int
    titled: bool
    passages: int
    seconds: float
    success: dict[str, tuple[float, float]]
    references: Overlap


# Articles, and questions whose answers, or reference spans, have places in them.
Material = tuple[Sequence[Article], Sequence[Example]]


def overlap(retrieved: Sequence[tuple[str, Span]], references: Sequence[tuple[str, Span]]) -> Overlap:
    """Chroma's character metrics of one question; both sides are spans in named articles.

    The intersection counts each character once. The retrieved characters in precision and IoU count as often as they
    were retrieved, so that overlapping passages cost something; the references are taken not to overlap.
    """
    wanted = _characters(references)
    shared = len(_characters(retrieved) & wanted)
    total = sum(span.end - span.start for _, span in retrieved)
    union = total + len(wanted) - shared
    return Overlap(_ratio(shared, len(wanted)), _ratio(shared, total), _ratio(shared, union))


def measure(
    chunking: Chunking, titled: bool, materials: tuple[Material, Material], encoder: Encoder, settings: Settings
) -> ChunkingFigures:
    """The row of one chunking: SQuAD's gold passages found, and the reference spans of the other material."""
    (articles, questions), (span_articles, span_questions) = materials
    manifest = fitted(encoder.card, chunking, titled)
    start = perf_counter()
    with temporary_library(articles, encoder, settings, manifest) as library:
        seconds = perf_counter() - start
        passages = library.counts()[1]
        found = _found(library, encoder, questions)
    with temporary_library(span_articles, encoder, settings, manifest) as library:
        references = _overlaps(library, encoder, span_questions)
    return ChunkingFigures(chunking.size, chunking.overlap, titled, passages, seconds, found, references)


def read_materials(folder: Path, limit: int | None) -> tuple[Material, Material]:
    """SQuAD's dev set (a sample of `limit` questions) and the reference spans of a data folder."""
    squad = read_set(folder / "reading" / "squad1-dev.json.gz")
    return (squad.articles, sampled(squad.examples, limit)), _read_spans(folder / "chunking")


def markdown(rows: Iterable[ChunkingFigures]) -> Iterator[str]:
    """A table with a row for each chunking."""
    cuts = (f"{mode} @{k}" for mode in MODES for k in (1, _RETRIEVED))
    head = ("size", "overlap", "title", "passages", "seconds", *cuts, "recall", "precision", "IoU")
    return table(head, map(_cells, rows))


def _cells(row: ChunkingFigures) -> list[object]:
    shares = [share for mode in MODES for share in row.success[mode]]
    spans = [f"{figure:.4f}" for figure in asdict(row.references).values()]
    return [row.size, row.overlap, "yes" if row.titled else "no", row.passages, f"{row.seconds:.0f}", *shares, *spans]


def _read_spans(folder: Path) -> Material:
    articles = tuple(
        Article(file.stem, file.stem.replace("_", " "), file.read_text(encoding="utf-8"), file.name, sha256=file.stem)
        for file in sorted((folder / "corpora").glob("*.md"))
    )
    questions = []
    for number, record in enumerate(lines(decoded(folder / "questions.jsonl.gz")), start=1):
        article = text(record, "corpus")
        spans = [Span(value(one, "start", int), value(one, "end", int)) for one in value(record, "references", list)]
        golds = tuple(Gold("", article, span) for span in spans)
        questions.append(Example(str(number), text(record, "question"), golds))
    return articles, questions


def _found(library: Library, encoder: Encoder, questions: Sequence[Example]) -> dict[str, tuple[float, float]]:
    """Success at 1 and at 5 of a passage that covers a gold, by search mode."""
    index = HybridIndex(library, encoder)
    found: dict[str, tuple[float, float]] = {}
    for mode in MODES:
        each = [gains(one, index.search(one.question, _RETRIEVED, mode)) for one in questions]
        found[mode] = (mean(success(one, 1) for one in each), mean(success(one, _RETRIEVED) for one in each))
    return found


def _overlaps(library: Library, encoder: Encoder, questions: Sequence[Example]) -> Overlap:
    """The mean overlap of the references with what dense search retrieves, the search Chroma measures chunkings by."""
    index = HybridIndex(library, encoder)
    each = []
    for one in questions:
        hits = index.search(one.question, _RETRIEVED, "dense")
        references = [(gold.article or "", gold.span) for gold in one.golds if gold.span]
        each.append(overlap([(hit.passage.article_id, hit.passage.span) for hit in hits], references))
    return Overlap(*(mean(getattr(one, name) for one in each) for name in ("recall", "precision", "iou")))


def _characters(spans: Sequence[tuple[str, Span]]) -> set[tuple[str, int]]:
    return {(article, place) for article, span in spans for place in range(span.start, span.end)}


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _rows(arguments: argparse.Namespace) -> Iterator[ChunkingFigures]:
    materials = read_materials(arguments.folder, arguments.limit)
    settings = Settings()
    encoder = open_encoder(settings, notice)
    titles = {"yes": [True], "no": [False], "both": [True, False]}[arguments.titles]
    for size, repeated, titled in itertools.product(arguments.sizes, arguments.overlaps, titles):
        if repeated < size:
            yield measure(Chunking(size, repeated), titled, materials, encoder, settings)


def _arguments() -> argparse.Namespace:
    options = parser("chunking", "Retrieval figures by chunking.")
    options.add_argument("folder", type=Path, help="the data folder, with reading/ and chunking/")
    options.add_argument("--sizes", type=int, nargs="+", default=[160], help="tokens a passage may have")
    options.add_argument("--overlaps", type=int, nargs="+", default=[0], help="tokens repeated from the one before")
    options.add_argument("--titles", choices=["yes", "no", "both"], default="yes", help="whether the title is embedded")
    options.add_argument("--limit", type=int, help="how many SQuAD questions are asked (default: all)")
    options.add_argument("--markdown", action="store_true", help="a table instead of a JSON line for each chunking")
    return options.parse_args()


if __name__ == "__main__":
    chosen = _arguments()
    rows = _rows(chosen)
    write(markdown(rows) if chosen.markdown else (json.dumps(asdict(row)) for row in rows))
