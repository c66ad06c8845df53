"""A run: the trace of every question of a set, stored so that it can be scored without the models."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TextIO, cast

from corpus.article import Passage, Span
from corpus.errors import PullquoteError
from corpus.library.atomic_write import replacing
from corpus.library.private_files import make_folder
from corpus.regular_file import lines_at_most, open_regular
from eval.datasets.example import Example, Gold, Kind
from eval.datasets.record import earlier_fields, earlier_in, filter_fields, filter_in
from index.hit import Hit
from rag.answer import FirstReading, Reading, Trace
from rag.calibration import ReaderCard

Mode = Literal["given", "open", "without", "library"]
MOST_CHARACTERS = 2**30  # of a stored run, unpacked
LONGEST_LINE = 16 * 2**20  # characters of one question with all that was found for it
_FORMAT = 2


class BadRun(PullquoteError):
    """The file is no stored run, or not one that can be used so; `pullquote eval run` writes one and says where."""

    status = 422


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What was asked of what: `questions` counts the whole set, `depth` the passages retrieved for each question.

    `threshold` is the confidence from which the product answers; `seconds` covers building the library and asking.
    `as_typed`: questions that follow others were asked as if they followed none.
    """

    set: str
    kind: Kind
    digest: str
    mode: Mode
    questions: int
    limit: int | None
    depth: int
    generation: int
    encoder: str
    reader: ReaderCard
    threshold: float
    started: str
    seconds: float
    versions: dict[str, str] = field(default_factory=dict)
    as_typed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One question with its trace, and the places (`article:start-end`) of quotes whose words do not stand there."""

    example: Example
    trace: Trace
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A header and one record a question, in the order of the set."""

    header: RunHeader
    records: tuple[Record, ...]

    @property
    def settled(self) -> Run:
        """The run without the questions of which only wrong answers are known: no other answer can be judged."""
        return replace(self, records=tuple(record for record in self.records if record.example.is_settled))

    def save(self, folder: Path) -> Path:
        """The file written, named for the set, the mode and the time; it appears complete or not at all."""
        stamp = self.header.started.replace(":", "").replace("-", "")
        path = folder / f"{self.header.set}-{self.header.mode}-{stamp}.jsonl.gz"
        make_folder(folder)
        with replacing(path) as making, gzip.open(making, "wt", encoding="utf-8", compresslevel=6) as file:
            file.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in _lines(self))
        return path

    @classmethod
    def load(cls, path: Path) -> Run:
        """The run in a file that `save` wrote, equal to what was saved; BadRun for any other file."""
        try:
            with opened(path) as file:
                return _run(map(json.loads, lines_at_most(file, MOST_CHARACTERS, LONGEST_LINE)))
        except (EOFError, zlib.error) as error:
            raise _no_run(path, "it is cut short") from error
        except OSError as error:
            raise _no_run(path, error.strerror or "it is not gzipped") from error
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise _no_run(path, "its lines are not those of a run of this version") from error


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The lines of a stored run; OSError, EOFError, zlib.error."""
    with open_regular(path) as packed, gzip.open(packed, "rt", encoding="utf-8") as file:
        yield cast("TextIO", file)


def _no_run(path: Path, why: str) -> BadRun:
    return BadRun(f"{path} is no stored run ({why}); `pullquote eval run` writes one and says where.")


def _lines(run: Run) -> Iterator[dict[str, Any]]:
    """The header, then records, each passage on a line of its own before the first record that needs it."""
    yield {"format": _FORMAT, "run": asdict(run.header)}
    numbers: dict[Passage, int] = {}
    for record in run.records:
        hits, readings = record.trace.hits, record.trace.readings
        for passage in [*(hit.passage for hit in hits), *(reading.passage for reading in readings)]:
            if passage not in numbers:
                numbers[passage] = len(numbers)
                span = passage.span
                yield {"passage": [passage.article_id, passage.title, span.start, span.end, passage.text]}
        yield {
            "example": _packed_example(record.example),
            "question": record.trace.question,
            "read_as": record.trace.read_as,
            "hits": [[numbers[hit.passage], hit.score, hit.dense, hit.lexical] for hit in hits],
            "readings": [_packed_reading(one, numbers[one.passage]) for one in readings],
            "seconds": dict(record.trace.seconds),
            "stories": dict(record.trace.stories),
            "broken": record.broken,
        }


def _run(lines: Iterator[dict[str, Any]]) -> Run:
    first = next(lines, {})
    if first.get("format") != _FORMAT:
        raise ValueError("the first line is no header")
    passages: list[Passage] = []
    records: list[Record] = []
    for line in lines:
        if "passage" in line:
            article_id, title, start, end, text = line["passage"]
            passages.append(Passage(article_id, title, Span(start, end), text))
        else:
            records.append(_record(line, passages))
    header = first["run"]
    return Run(RunHeader(**header | {"reader": ReaderCard.from_json(header["reader"])}), tuple(records))


def _record(line: dict[str, Any], passages: list[Passage]) -> Record:
    hits = tuple(Hit(passages[number], *scores) for number, *scores in line["hits"])
    readings = tuple(_reading(packed, passages) for packed in line["readings"])
    trace = Trace(line["question"], hits, readings, line["seconds"], line.get("read_as"), line.get("stories", {}))
    return Record(_example(line["example"]), trace, tuple(line["broken"]))


def _packed_reading(reading: Reading, passage: int) -> list[Any]:
    """The reading as an array; behind its scores are its parts and the first reading, if it has any."""
    scores = [passage, reading.span.start, reading.span.end, reading.span_score, reading.null_score]
    parts, first = list(map(astuple, reading.parts)), astuple(reading.first) if reading.first else None
    return [*scores, parts, first] if parts or first else scores


def _reading(packed: list[Any], passages: list[Passage]) -> Reading:
    number, start, end, span_score, null_score, *more = packed
    parts, first = more or ([], None)
    items = tuple(Span(*part) for part in parts)
    earlier = FirstReading(*first) if first else None
    return Reading(passages[number], Span(start, end), span_score, null_score, items, earlier)


def _packed_example(example: Example) -> dict[str, Any]:
    """The example as JSON values; golds and spans are arrays of their fields."""
    return {
        "id": example.id,
        "question": example.question,
        "golds": list(map(astuple, example.golds)),
        "article": example.article,
        "paragraph": astuple(example.paragraph) if example.paragraph else None,
        "relevant": dict(example.relevant),
        "wrong": list(map(astuple, example.wrong)),
        "is_settled": example.is_settled,
        "filter": filter_fields(example.filter) if example.filter else None,
        "earlier": earlier_fields(example.earlier),
    }


def _example(fields: dict[str, Any]) -> Example:
    """The example; older runs have no `wrong` and no `is_settled`."""
    return Example(
        fields["id"], fields["question"], _golds(fields["golds"]), fields["article"], _span(fields["paragraph"]),
        fields["relevant"], _golds(fields.get("wrong", ())), fields.get("is_settled", True),
        filter_in(fields), earlier_in(fields),
    )  # fmt: skip


def _golds(packed: Iterable[list[Any]]) -> tuple[Gold, ...]:
    return tuple(
        Gold(text, article, _span(span), _span(within), context) for text, article, span, within, context in packed
    )


def _span(packed: list[int] | None) -> Span | None:
    return Span(*packed) if packed else None
