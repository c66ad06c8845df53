"""What a random byte does that is changed in a file of the library: is it found, is it without effect, or is it a lie?

    python -m eval.experiments.flips --flips 200 --seed 1

makes a library of the sample articles in a temporary folder, asks it 20 questions, and changes one byte at a time of a
copy of the file. Each time `verify` looks through the library and the questions are asked again, five of them where it
finds the change.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from corpus.article import Span
from corpus.errors import PullquoteError
from corpus.library.backup import backup
from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.datasets.read_set import read_set, shipped_sets
from eval.experiments.command import notice, parser, table, write
from eval.temporary_library import temporary_library
from index.encoder.encoder import Encoder
from index.maintenance.verify import verify
from rag.answer import Excerpt, Reply
from rag.assemble import assemble, open_encoder, open_reader
from rag.citation.cite import Citer
from rag.options import AskOptions
from rag.pipeline import Pipeline, Reader
from rag.question import CheckedQuestion
from rag.settings import Settings

QUESTIONS = 20
_ASKED_WHERE_FOUND = 5  # of them where `verify` finds the change: what is sought then are lies and crashes

# A refused file is not opened; a found change is a finding of `verify`; a lie is a quote that is not of the library as
# it was, or another answer where `verify` finds nothing; a crash is an error that is no sentence.
Effect = Literal["refused", "found", "none", "lie", "crash"]
Look = Callable[[], tuple[Effect, str]]  # the effect of what is changed now, and how it was seen


@dataclass(frozen=True, slots=True)
class ChangedByte:
    """One byte that was changed, and its effect."""

    file: str
    offset: int
    before: int
    after: int
    effect: Effect
    seen: str


def changed_bytes(path: Path, count: int, seed: int, look: Look) -> Iterator[ChangedByte]:
    """Changes `count` random bytes of a file, one at a time, and looks each time; the file is as it was in the end."""
    chance, content = random.Random(seed), path.read_bytes()  # noqa: S311
    try:
        for _ in range(count):
            offset = chance.randrange(len(content))
            before = content[offset]
            after = before ^ chance.randrange(1, 256)
            path.write_bytes(content[:offset] + bytes([after]) + content[offset + 1 :])
            yield ChangedByte(path.name, offset, before, after, *look())
    finally:
        path.write_bytes(content)


class SampleLook:
    """Looks at a library whose answers are known: opens it, verifies it and asks it again."""

    def __init__(self, library: Library, encoder: Encoder, reader: Reader, settings: Settings) -> None:
        """The `library` stays as it is; its answers are the right ones."""
        self._library, self._encoder, self._reader, self._settings = library, encoder, reader, settings
        examples = read_set(shipped_sets()["sample"]).examples[:QUESTIONS]
        self._questions = [CheckedQuestion(one.question, AskOptions(settings.passages)) for one in examples]
        self._right = [_said(reply) for reply in self._replies(library, self._questions)]

    def at(self, path: Path) -> tuple[Effect, str]:
        """The effect of what was changed in the library at this path, or in what is derived from it."""
        try:
            with closing(Library(path)) as library:
                found = [f"{one.part}: {one.what}" for one in verify(library) if one.is_damage]
                return self._effect(library, found)
        except (PullquoteError, sqlite3.DatabaseError) as told:
            return "refused", str(told)
        except Exception as fault:  # noqa: BLE001  # what the experiment looks for
            return "crash", repr(fault)
        finally:
            for suffix in ("-wal", "-shm"):
                path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)

    def with_models(self, encoder: Encoder, reader: Reader) -> tuple[Effect, str]:
        """The effect on the answers where these models read the library as it was."""
        other = copy(self)
        other._encoder, other._reader = encoder, reader  # noqa: SLF001  # its own class
        return other._effect(self._library, [])  # noqa: SLF001

    def _effect(self, library: Library, found: Sequence[str]) -> tuple[Effect, str]:
        try:
            replies = self._replies(library, self._questions[: _ASKED_WHERE_FOUND if found else None])
        except (PullquoteError, sqlite3.DatabaseError) as told:
            return ("found", found[0]) if found else ("refused", str(told))
        for reply in replies:
            for excerpt in _excerpts(reply):
                if not self._is_true(excerpt):
                    return "lie", f"{excerpt.article_id} {excerpt.start}-{excerpt.end}: {excerpt.text[:80]!r}"
        if found:
            return "found", found[0]
        differing = sum(_said(reply) != right for reply, right in zip(replies, self._right, strict=True))
        return ("lie", f"{differing} other answers") if differing else ("none", "")

    def _replies(self, library: Library, questions: Sequence[CheckedQuestion]) -> list[Reply]:
        pipeline: Pipeline = assemble(library, self._encoder, self._reader, self._settings)
        return pipeline.ask_all(questions)

    def _is_true(self, excerpt: Excerpt) -> bool:
        """Whether the library as it was says the same of these words."""
        try:
            right = Citer(self._library, ()).excerpt(excerpt.article_id, Span(excerpt.start, excerpt.end), excerpt.text)
        except (PullquoteError, ValueError):
            return False
        return all(getattr(excerpt, name) == value for name, value in asdict(right).items())


def measure(count: int, seed: int, settings: Settings) -> Iterator[ChangedByte]:
    """Changes bytes of the library file of the sample."""
    encoder = open_encoder(settings, notice)
    reader = open_reader(settings, encoder)
    with temporary_library(sample_articles(), encoder, settings) as library, TemporaryDirectory() as folder:
        look = SampleLook(library, encoder, reader, settings)
        path = Path(folder) / "library.sqlite"
        backup(library, path, force=False, progress=lambda *_: None)
        yield from changed_bytes(path, count, seed, lambda: look.at(path))


def markdown(found: Iterable[ChangedByte]) -> Iterator[str]:
    """How many changes of each file had which effect."""
    counts: dict[str, Counter[str]] = {}
    for flip in found:
        counts.setdefault(flip.file, Counter())[flip.effect] += 1
    columns = ("refused", "found", "none", "lie", "crash")
    rows = ((file, count.total(), *(count[effect] for effect in columns)) for file, count in counts.items())
    return table(("file", "bytes changed", "not opened", "found by verify", "no effect", "lies", "crashes"), rows)


def _said(reply: Reply) -> list[Any]:
    """What a reply says, without its scores and times."""
    return [
        (answer.text, [(_cited(one), one.context, one.copies) for one in answer.quotes]) for answer in reply.answers
    ]


def _cited(excerpt: Excerpt) -> tuple[object, ...]:
    return tuple(getattr(excerpt, name) for name in Excerpt.__dataclass_fields__)


def _excerpts(reply: Reply) -> Iterator[Excerpt]:
    for answer in (*reply.answers, *reply.disputed):
        yield from answer.quotes
    yield from reply.related


def told(found: Iterable[ChangedByte]) -> Iterator[ChangedByte]:
    """Says on standard error what became of each."""
    for flip in found:
        notice(f"{flip.file} {flip.offset}: {flip.before} to {flip.after}: {flip.effect} {flip.seen}")
        yield flip


if __name__ == "__main__":
    options = parser("flips", "Random bytes changed in the library file, one at a time.")
    options.add_argument("--flips", type=int, default=200, help="how many bytes are changed (default: 200)")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    write(markdown(told(measure(given.flips, given.seed, Settings()))))
