"""What a random byte does that is changed in a file that is derived, or that ships: is it found before it is used?

    python -m eval.experiments.derived_flips --flips 50 --seed 1

changes one byte at a time of the snapshot and the postings of the sample library, of the files of the encoder and the
reader, of what OpenVINO compiles of both, and of a stored run. Each time what uses the file is opened anew, and the
library is asked 20 questions where nothing is refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.library.backup import backup
from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.ask import RunPlan
from eval.datasets.read_set import shipped_sets
from eval.evaluate import evaluate
from eval.experiments.command import notice, parser, write
from eval.experiments.flips import QUESTIONS, ChangedByte, Effect, SampleLook, changed_bytes, markdown, told
from eval.run import BadRun, Run
from eval.temporary_library import temporary_library
from index.dense.dense import DenseIndex
from index.dense.rows import rows_of
from index.dense.snapshot import Snapshot
from index.dense.vector_index import Structure
from index.encoder.checksums import DamagedModel
from index.encoder.encoder import OpenVINOEncoder, compiled_folder
from index.lexical import bm25
from rag.assemble import open_encoder, open_reader
from rag.reader.read import SHIPPED, SpanReader
from rag.settings import Settings

PARTS = ("library", "models", "compiled", "run")


@dataclass(frozen=True, slots=True)
class ByteChanges:
    """How many bytes of each file are changed, drawn from which seed."""

    count: int
    seed: int


def measure(changes: ByteChanges, settings: Settings, parts: Sequence[str] = PARTS) -> Iterator[ChangedByte]:
    """ByteChanges bytes of each file of these parts, in a temporary folder."""
    encoder = open_encoder(settings, notice)
    reader = open_reader(settings, encoder)
    with temporary_library(sample_articles(), encoder, settings) as library, TemporaryDirectory() as name:
        folder = Path(name)
        look = SampleLook(library, encoder, reader, settings)
        if "library" in parts:
            yield from _beside_the_library(library, encoder.card.dimension, look, folder, changes)
        if "models" in parts:
            yield from _of_models(look, folder, changes, settings)
        if "compiled" in parts:
            yield from _of_blobs(look, folder, changes, settings)
        if "run" in parts:
            yield from _of_a_run(folder, changes, settings)


def _beside_the_library(
    library: Library, dimension: int, look: SampleLook, folder: Path, changes: ByteChanges
) -> Iterator[ChangedByte]:
    """The snapshot and the postings, which a library of this size would not have."""
    path = folder / "library.sqlite"
    backup(library, path, force=False, progress=lambda *_: None)
    copy = Library(path)
    structure = Structure.flat(dimension)
    structure.add(*DenseIndex(copy, dimension).vectors(rows_of(copy).tolist()))
    Snapshot(copy).write(structure)
    bm25.FROM = 1
    bm25.build(copy)
    files = Snapshot(copy).path, bm25.path_of(copy)
    copy.close()
    for file in files:
        for flip in changed_bytes(file, changes.count, changes.seed, lambda: look.at(path)):
            yield replace(flip, file=f"library-….{file.suffix[1:]}")


def _of_models(look: SampleLook, folder: Path, changes: ByteChanges, settings: Settings) -> Iterator[ChangedByte]:
    """The files of both models, where nothing is compiled of them yet."""
    encoder, reader, cache = folder / "encoder", folder / "reader", folder / "none"
    shutil.copytree(compiled_folder(settings.encoder, settings.cache.expanduser()), encoder)
    shutil.copytree(SHIPPED, reader)

    def opened() -> tuple[Effect, str]:
        shutil.rmtree(cache, ignore_errors=True)
        return _opened(look, encoder, reader, cache)

    for model in (encoder, reader):
        for file in sorted(model.iterdir()):
            for flip in changed_bytes(file, changes.count, changes.seed, opened):
                yield replace(flip, file=f"{model.name}: {file.name}")


def _of_blobs(look: SampleLook, folder: Path, changes: ByteChanges, settings: Settings) -> Iterator[ChangedByte]:
    """What OpenVINO has compiled of both models, and the checksums of it."""
    encoder, cache = compiled_folder(settings.encoder, settings.cache.expanduser()), folder / "cache"
    _opened(look, encoder, SHIPPED, cache)
    for file in sorted((cache / "openvino").glob("*/*")):
        file.chmod(0o600)  # OpenVINO's blobs are read-only
        for flip in changed_bytes(file, changes.count, changes.seed, lambda: _opened(look, encoder, SHIPPED, cache)):
            yield replace(flip, file=f"compiled: *{file.suffix}")


def _opened(look: SampleLook, encoder: Path, reader: Path, cache: Path) -> tuple[Effect, str]:
    """The effect of what was changed on models that are opened anew."""
    try:
        return look.with_models(OpenVINOEncoder(encoder, cache), SpanReader(reader, cache))
    except DamagedModel as damage:
        return "refused", str(damage)
    except Exception as fault:  # noqa: BLE001  # what the experiment looks for
        return "crash", repr(fault)


def _of_a_run(folder: Path, changes: ByteChanges, settings: Settings) -> Iterator[ChangedByte]:
    asked, _ = evaluate(shipped_sets()["sample"], RunPlan("open", QUESTIONS), settings)
    path = asked.save(folder)

    def loaded() -> tuple[Effect, str]:
        try:
            return ("none", "") if Run.load(path) == asked else ("lie", "another run")
        except BadRun as told_of:
            return "refused", str(told_of)
        except Exception as fault:  # noqa: BLE001  # as above
            return "crash", repr(fault)

    for flip in changed_bytes(path, changes.count, changes.seed, loaded):
        yield replace(flip, file="a stored run")


if __name__ == "__main__":
    options = parser("derived_flips", "Random bytes changed in what is derived, and in what ships, one at a time.")
    options.add_argument("--flips", type=int, default=50, help="how many bytes of each file are changed (default: 50)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="of which files (default: all)")
    given = options.parse_args()
    write(markdown(told(measure(ByteChanges(given.flips, given.seed), Settings(), given.parts))))
