"""The work of one worker: files and articles in, articles in passages with embeddings out. It does not use Ray."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

import numpy as np

from corpus.article import Article
from corpus.chunk import UnfitText
from corpus.errors import PullquoteError
from corpus.load import limit_articles, load_file, longest_article
from corpus.refusal import Refusal, shown
from corpus.sourcefile import SourceFile
from index.chunked import ChunkedArticle, chunked
from index.dense.vector_table import digest_of
from index.encoder.encoder import Encoder, UnknownEncoder
from index.manifest import Manifest

Opening = Callable[[], Encoder]  # pickled to the workers, each of which opens its own encoder once
Answer = list[Article | ChunkedArticle | Refusal]  # to one work item


class Unfit(PullquoteError):
    """A worker cannot do its part as this machine would; install the same pullquote on all machines of the cluster."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A file with its bytes, or an article that was read already; `held` digests texts that need not be encoded.

    A copy is read only: it will be skipped, and its entry names the title.
    """

    source: SourceFile | Article
    data: bytes = b""
    held: frozenset[bytes] = frozenset()
    is_copy: bool = False

    @property
    def size(self) -> int:
        """In bytes, about."""
        return len(self.source.text) if isinstance(self.source, Article) else len(self.data)

    def read(self) -> Iterator[Article | Refusal]:
        """The articles, read as from the file that they come from."""
        if isinstance(self.source, Article):
            yield self.source
            return
        with tempfile.TemporaryDirectory(prefix="pullquote-") as folder:
            path = Path(folder, "file")
            path.write_bytes(self.data)
            yield from load_file(replace(self.source, path=str(path)))


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker needs: how to open its encoder, and how to chunk."""

    opening: Opening
    manifest: Manifest
    version: str = field(default_factory=lambda: metadata.version("pullquote"))
    characters: int = field(default_factory=longest_article)  # of an article

    def open_encoder(self) -> Encoder:
        """The worker's encoder; Unfit where its embeddings would not fit the library's."""
        if (here := metadata.version("pullquote")) != self.version:
            raise Unfit(
                f"The worker on {_host()} has version {here} of pullquote and this machine {self.version}; install the "
                "same on all machines of the cluster."
            )
        limit_articles(self.characters)
        try:
            encoder = self.opening()
        except (UnknownEncoder, OSError) as fault:
            raise Unfit(f"The worker on {_host()} has no encoder: {fault}") from None
        if encoder.card.identity != self.manifest.encoder:
            raise Unfit(
                f"The worker on {_host()} has the encoder {encoder.card.identity} and this machine "
                f"{self.manifest.encoder}; make them the same on all machines of the cluster."
            )
        return encoder

    def run(self, encoder: Encoder, items: Sequence[WorkItem]) -> list[Answer]:
        """One answer an item; the texts of all of them are encoded together."""
        answers = [[self._chunked(encoder, item, read) for read in item.read()] for item in items]
        texts: dict[bytes, str] = {}
        for item, answer in zip(items, answers, strict=True):
            for one in answer:
                if isinstance(one, ChunkedArticle):
                    by_digest = {digest_of(text): text for text in one.texts(self.manifest.titled)}
                    texts |= {digest: text for digest, text in by_digest.items() if digest not in item.held}
        # Rounded as the library keeps them, and one mapping for all articles, so that it is pickled once.
        made = dict(zip(texts, encoder.encode_passages(list(texts.values())).astype(np.float16), strict=True))
        for answer in answers:
            answer[:] = [replace(one, made=made) if isinstance(one, ChunkedArticle) else one for one in answer]
        return answers

    def _chunked(self, encoder: Encoder, item: WorkItem, read: Article | Refusal) -> Article | ChunkedArticle | Refusal:
        if isinstance(read, Refusal) or item.is_copy:
            return read
        try:
            return chunked(read, self.manifest, encoder)
        except UnfitText as fault:
            return Refusal(read.source, f"{shown(read.source)} {fault}.")


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else "another machine"


class WorkerTask:
    """Pickled lists of work items to their pickled answers; the encoder is opened once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._encoder: Encoder | None = None

    def __call__(self, pickled_jobs: bytes) -> bytes:
        """The answers, or the sentence of Unfit."""
        try:
            self._encoder = self._encoder or self._work.open_encoder()
        except Unfit as fault:
            return pickle.dumps(str(fault))
        return pickle.dumps(self._work.run(self._encoder, pickle.loads(pickled_jobs)))  # noqa: S301  # from our own process
