"""Articles added with Ray Data: workers read, chunk and encode, and this process writes what they send back.

The library has one writer, and the result is that of `index.ingest.add`. Files are read here and sent as bytes, so that
workers need no access to their paths. A worker that dies is started again and repeats what it had not sent back.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import load, load_url
from corpus.refusal import Refusal, Refused, sentence
from corpus.sourcefile import SourceFile
from index import ingest
from index.dense.vector_table import VECTORS
from index.distributed.batch import Answer, Opening, Unfit, Work, WorkerTask, WorkItem
from index.distributed.cluster import LOCAL, Cluster, connected
from index.ingest import Entry
from index.manifest import manifest_of

_PORTION = 16  # sources that a worker gets at a time; it encodes their passages together
_PORTION_BYTES = 256 * 2**10
_WINDOW = 4 * 2**20  # bytes for each worker that are on their way at a time: about 100 s of work on text
_WINDOW_SOURCES = 1_024  # ... and sources

_Slot = WorkItem | Article | Refusal | Entry  # only a work item needs a worker
Item = TypeVar("Item")


def add(
    library: Library, opening: Opening, paths: Iterable[str | Path | Refusal], address: str = LOCAL
) -> Iterator[Entry]:
    """As `index.ingest.add` of what the paths and web addresses hold, with the cluster at `address`; refusals are told.

    The address is `local` for a cluster started on this machine for the run, `auto` for the one this machine is part
    of, or HOST:PORT. What was written before a run fails is kept, and the same call continues from there.
    """
    encoder = opening()
    manifest = manifest_of(library, encoder)
    loaded = _loaded(library, Work(opening, manifest), paths, address)
    return ingest.add(library, encoder, loaded, manifest)


def _loaded(
    library: Library, work: Work, paths: Iterable[str | Path | Refusal], address: str
) -> Iterator[ingest.Loaded]:
    with connected(address) as cluster, ThreadPoolExecutor(1) as background:
        count = cluster.workers
        windows = _grouped(_slots(library, paths), count * _WINDOW_SOURCES, count * _WINDOW)
        try:
            # Each is read while the workers are busy with the one before.
            coming: Future[list[_Slot]] = background.submit(next, windows, [])
            while window := coming.result():
                coming = background.submit(next, windows, [])
                yield from _worked(cluster, work, window)
        finally:
            background.submit(library.close)  # that thread's connection


def _slots(library: Library, paths: Iterable[str | Path | Refusal]) -> Iterator[_Slot]:
    """What the paths hold, in order; lines and web pages are parsed here, and of files the bytes are read."""
    sent: set[str] = set()  # digests of the bytes that workers will have seen
    for path in paths:
        items: Iterator[SourceFile | Article | Refusal]
        if isinstance(path, Refusal):
            items = iter((path,))
        elif isinstance(path, str):
            items = load_url(path, public=False)
        else:
            file = SourceFile.at(path)
            items = load(path) if file.is_lines else iter((file,))
        for item in items:
            yield item if isinstance(item, Refusal) else _slot(library, item, sent)


def _slot(library: Library, item: SourceFile | Article, sent: set[str]) -> _Slot:
    """A work item, or the entry or refusal of a source that needs none."""
    data = b""
    if isinstance(item, SourceFile):
        try:
            data = item.read_bytes()
        except (Refused, OSError) as fault:
            return Refusal(item.source, sentence(item.name, fault))
    digest = item.sha256 if isinstance(item, Article) else hashlib.sha256(data).hexdigest()
    known = library.header_by("source", item.source)
    if entry := ingest.unchanged(known, digest):
        return entry
    if known:
        return WorkItem(item, data, VECTORS.digests_of(library, known.id))
    is_copy = bool(digest) and (digest in sent or library.header_by("sha256", digest) is not None)
    sent.add(digest)
    return item if is_copy and isinstance(item, Article) else WorkItem(item, data, is_copy=is_copy)


def _grouped(items: Iterable[Item], most: int, most_bytes: int) -> Iterator[list[Item]]:
    """The items in lists, none empty, of at most so many and of about so many bytes."""
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        size += item.size if isinstance(item, WorkItem) else 0
        if len(group) >= most or size >= most_bytes:
            yield group
            group, size = [], 0
    if group:
        yield group


def _worked(cluster: Cluster, work: Work, window: list[_Slot]) -> Iterator[ingest.Loaded]:
    """The articles of the slots, in order, as the workers answer."""
    jobs = (slot for slot in window if isinstance(slot, WorkItem))
    portions = _grouped(jobs, _PORTION, _PORTION_BYTES)
    answers = _answers(cluster.map(WorkerTask(work), map(pickle.dumps, portions)))
    for slot in window:
        if isinstance(slot, WorkItem):
            yield from next(answers)
        else:
            yield slot


def _answers(pickled: Iterator[bytes]) -> Iterator[Answer]:
    """One answer a work item; Unfit with the worker's sentence."""
    for one in pickled:
        answers = pickle.loads(one)  # noqa: S301  # whom a cluster lets in can run what they like there and here
        if isinstance(answers, str):
            raise Unfit(answers)
        yield from answers
