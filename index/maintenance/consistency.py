"""Whether passages and vectors are those that cutting and encoding the articles again would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from corpus.chunk import spans
from corpus.library.integrity import Flaw, readable, whole_passages
from corpus.library.store import Library
from index.dense.vector_table import IS_VECTOR
from index.encoder.encoder import Encoder
from index.manifest import Manifest, encoded_text

_SAME = 0.98  # the least cosine of a kept vector to one made again: .99995 on one machine, .993 if one is not int8
_ENCODED_AT_ONCE = 256  # passages

Progress = Callable[[int, int], None]  # how many are done, of how many


def other_cuts(library: Library, encoder: Encoder, manifest: Manifest, progress: Progress) -> Iterator[Flaw]:
    """Articles whose chunking gives other passages today."""
    ids = library.connection.execute("SELECT id FROM article ORDER BY id")
    total = library.counts()[0]
    for number, (article_id,) in enumerate(ids, start=1):
        if article := readable(library, article_id):
            cut = [(one.start, one.end) for one in spans(article.text, manifest.chunking, encoder.count_tokens)]
            query = 'SELECT start, "end" FROM passage WHERE article_id = ? ORDER BY start, "end"'
            if cut != library.connection.execute(query, (article_id,)).fetchall():
                yield Flaw(article_id, "is not kept in the passages that it is cut into")
        progress(number, total)


def other_vectors(
    library: Library, encoder: Encoder, titled: bool, sample: int | None, progress: Progress
) -> Iterator[Flaw]:
    """Articles with passages whose encoding differs today: of a random `sample`, or of all there are."""
    chosen = _drawn(library, sample)
    passages = (stored for stored in whole_passages(library) if chosen is None or stored.row in chosen)
    total = library.counts()[1] if chosen is None else len(chosen)
    differing: Counter[str] = Counter()
    done = 0
    while some := list(islice(passages, _ENCODED_AT_ONCE)):
        encoded = encoder.encode_passages([encoded_text(stored.passage, titled) for stored in some])
        for stored, vector in zip(some, encoded, strict=True):
            query = f"SELECT embedding FROM vector WHERE row = ? AND {IS_VECTOR}"
            row = library.connection.execute(query, (stored.row, 2 * len(vector))).fetchone()
            if row and not np.frombuffer(row[0], dtype=np.float16).astype(np.float32) @ vector >= _SAME:
                differing[stored.passage.article_id] += 1
        done += len(some)
        progress(done, total)
    for article_id, count in differing.items():
        yield Flaw(article_id, f"has another vector than that of the text for {count:,} of its passages")


def _drawn(library: Library, sample: int | None) -> set[int] | None:
    """The rows of the sample; None where it is all there are."""
    if sample is None or sample >= library.counts()[1]:
        return None
    rows = [row for (row,) in library.connection.execute("SELECT row FROM passage ORDER BY row")]
    return set(np.random.default_rng().choice(rows, sample, replace=False).tolist())
