"""A library in use indexed anew, with another encoder or other passages: an estimate first, then the work.

The new tables are staged beside those in use (`index.maintenance.staging`), whole articles at a time, and exchanged for
them in one transaction at the end. Readers see the old or the new, and an interrupted reindex continues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, islice
from math import ceil
from time import perf_counter

from corpus.library.store import Library, NoSuchArticle
from index.chunked import ChunkedArticle, chunked
from index.dense.vector_table import digest_of
from index.derived_table import Encoded
from index.embedding_cache import encode
from index.encoder.encoder import Encoder
from index.maintenance import staging
from index.manifest import Manifest, recorded
from index.tables import TABLES, prepare

_BATCH_PASSAGES = 256  # encoded and staged together, as `index.ingest` does
_EXACT_UP_TO = 4_000  # passages in use: so many are cut anew to count them, in about 2 s; of more, a sample this large
_TIMED = 128  # passages that are encoded to measure the rate, after some to warm up
_WARM_UP = 16
_PASSAGE_BYTES = 150  # on disk for a passage beside its vector and its words: rows, places, digests and their indexes
_WORD_BYTES = 20  # for a word of the spelling


@dataclass(frozen=True, slots=True)
class ReindexPlan:
    """What it takes to reindex a library.

    `passages` are all that there will be, `staged` those of them that an interrupted reindex made, `to_encode` those
    whose text has no embedding yet: counted if `is_exact`, else estimated from a sample. `rate` is measured, in
    passages a second (0 where nothing is to be encoded), and gives `seconds`. `disk` is the bytes by which the file
    will grow, as it holds the old and the new tables for a while.
    """

    built: Manifest | None
    target: Manifest
    articles: int
    passages: int
    staged: int
    to_encode: int
    is_exact: bool
    rate: float
    seconds: float
    disk: int


def plan(library: Library, encoder: Encoder, target: Manifest) -> ReindexPlan:
    """What it takes to index the library as `target` says; only tables that an older version lacks are written."""
    prepare(library)
    with library.reading():
        built = recorded(library)
        articles, in_use = library.counts()
        if built == target:
            return ReindexPlan(built, target, articles, in_use, 0, 0, is_exact=True, rate=0.0, seconds=0.0, disk=0)
        to_replace = staging.passages_to_replace(library, target)
        every = ceil(to_replace / _EXACT_UP_TO) or 1
        started = perf_counter()
        before, after, texts = _sampled(library, encoder, target, every)
        cutting = perf_counter() - started
        _, staged = staging.counts(library, target)
        beside_vectors, free = _word_bytes(library), free_bytes(library)
    scale = to_replace / before if before else 1.0
    to_make, to_encode = round(scale * after), round(scale * len(texts))
    rate = _measured_rate(encoder, texts)
    seconds = scale * cutting + (to_encode / rate if rate else 0.0)
    share = to_make / (staged + to_make) if to_make else 0.0
    disk = share * beside_vectors + to_make * (2 * target.dimension + _PASSAGE_BYTES) - free
    return ReindexPlan(
        built, target, articles, staged + to_make, staged, to_encode,
        is_exact=every == 1, rate=rate, seconds=seconds, disk=max(round(disk), 0),
    )  # fmt: skip


def reindex(library: Library, encoder: Encoder, target: Manifest) -> Iterator[int]:
    """Indexes the library as `target` says, yielding the number of passages staged in each batch.

    Articles that are added, changed or removed meanwhile are staged or dropped too. After an interruption it continues.
    Overtaken where another process finishes first, or begins with another target.
    """
    prepare(library)
    staging.begin(library, target)
    staged = _BATCH_PASSAGES + 1
    while staged > _BATCH_PASSAGES:  # each round stages what was added during the one before, until that is little
        staged = 0
        for batch in _batches(library, encoder, target):
            encoded = _encoded(library, encoder, target, batch)
            with library.transaction():
                count = _stage(library, target, batch, encoded)
            staged += count
            yield count
    with library.writing():
        staging.check(library, target)
        for batch in _batches(library, encoder, target):  # added since the last round
            _stage(library, target, batch, _encoded(library, encoder, target, batch))
        staging.exchange(library, target)
    for table in TABLES:
        for path in table.files(library):  # of rows that are gone
            path.unlink(missing_ok=True)
        table.refresh(library)


def _batches(library: Library, encoder: Encoder, target: Manifest) -> Iterator[list[ChunkedArticle]]:
    """The articles that are not staged, cut, so many that there is enough to encode."""
    batch: list[ChunkedArticle] = []
    for one in _chunked(library, encoder, target, staging.missing(library, target)):
        batch.append(one)
        if sum(len(each.spans) for each in batch) >= _BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _chunked(library: Library, encoder: Encoder, target: Manifest, ids: Iterable[str]) -> Iterator[ChunkedArticle]:
    """The articles of these ids, those that have gone left out."""
    for identity in ids:
        with suppress(NoSuchArticle):
            yield chunked(library.article(identity), target, encoder)


def _encoded(library: Library, encoder: Encoder, target: Manifest, batch: list[ChunkedArticle]) -> Encoded:
    texts = [text for one in batch for text in one.texts(target.titled)]
    return encode(partial(staging.by_digest, library, target), encoder, texts).result()


def _stage(library: Library, target: Manifest, batch: list[ChunkedArticle], encoded: Encoded) -> int:
    """How many passages were staged; inside a transaction."""
    staging.check(library, target)
    staging.forget_gone(library)
    ends = accumulate(len(one.spans) for one in batch)
    parts = (encoded.part(end - len(one.spans), end) for one, end in zip(batch, ends, strict=True))
    return sum(staging.stage(library, *pair) for pair in zip(batch, parts, strict=True))


def _sampled(library: Library, encoder: Encoder, target: Manifest, every: int) -> tuple[int, int, list[str]]:
    """Of each `every`th unstaged article: how many passages it has and will have, and the texts yet to be encoded."""
    before = after = 0
    texts: dict[bytes, str] = {}
    ids = islice(staging.missing(library, target), every // 2, None, every)
    for one in _chunked(library, encoder, target, ids):
        before += len(library.passages_of(one.article.id))
        after += len(one.spans)
        texts |= {digest_of(text): text for text in one.texts(target.titled)}
    known = staging.by_digest(library, target, texts)
    return before, after, [text for digest, text in texts.items() if digest not in known]


def _measured_rate(encoder: Encoder, texts: list[str]) -> float:
    """How many texts are encoded in a second, measured on a sample of them; 0.0 where there are none."""
    if not texts:
        return 0.0
    timed = texts[:: ceil(len(texts) / _TIMED)]
    encoder.encode_passages(timed[:_WARM_UP])
    started = perf_counter()
    encoder.encode_passages(timed)
    return len(timed) / (perf_counter() - started)


def _word_bytes(library: Library) -> int:
    """The bytes of the words in the file; other passages of the same texts need about as many."""
    query = f"SELECT (SELECT sum(length(block)) FROM words_data) + {_WORD_BYTES} * (SELECT count(*) FROM spelling)"
    return int(library.connection.execute(query).fetchone()[0])


def free_bytes(library: Library) -> int:
    """The bytes that are free inside the file, which SQLite uses before the file grows."""
    pages, size = (library.connection.execute(f"PRAGMA {one}").fetchone()[0] for one in ("freelist_count", "page_size"))
    return int(pages * size)
