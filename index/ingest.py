"""Articles into the library: cut, encoded and written, a batch of whole articles in each transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from corpus.article import Article, Passage
from corpus.chunk import Chunking, chunk
from corpus.load import Refusal
from corpus.store import Header, Library
from index import dense, filters, lexical, spelling
from index.encoder import Embeddings, Encoder
from index.manifest import Manifest, check_writable, record

# Chosen on figures: docs/chunking.md.
CHUNKING = Chunking(size=160, overlap=0)
TITLED = False

_TITLE_TOKENS = 48  # kept free for the title, which is cut at about as much
_TITLE_LETTERS = 200
_MARK_TOKENS = 2  # that the model adds around a text
_BATCH_PASSAGES = 256  # encoded and written together: enough to sort by length, few enough to show progress

Outcome = Literal["added", "updated", "skipped", "refused"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one source: `reason` is a sentence where it was skipped or refused, else empty."""

    source: str
    outcome: Outcome
    reason: str = ""
    article_id: str | None = None
    title: str | None = None
    passages: int = 0


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article with its passages, ready to be encoded."""

    article: Article
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Articles that are written together, with their passages' embeddings to come, in order."""

    cuts: tuple[_Cut, ...] = ()
    embeddings: Future[Embeddings] | None = None


def manifest_for(encoder: Encoder, chunking: Chunking = CHUNKING, titled: bool = TITLED) -> Manifest:
    """How `add` would index with this encoder: passages no longer than it reads, a title in front if `titled`."""
    card = encoder.card
    size = min(chunking.size, card.max_tokens - (_TITLE_TOKENS if titled else 0) - _MARK_TOKENS)
    return Manifest(card.identity, card.dimension, size, min(chunking.overlap, size - 1), titled)


def encoded_text(passage: Passage, titled: bool) -> str:
    """What the encoder reads of a passage: its words, with the (start of the) article's title in front if `titled`."""
    return f"{passage.title[:_TITLE_LETTERS]}\n{passage.text}" if titled else passage.text


def add(
    library: Library, encoder: Encoder, loaded: Iterable[Article | Refusal], manifest: Manifest | None = None
) -> Iterator[Entry]:
    """Adds articles as they come, yielding an entry for each once it is written (or left out).

    An article whose source is known is replaced if its bytes changed and skipped if not; a new source whose bytes are
    in the library under another is skipped. StaleIndex before anything is written where the library was built
    differently.
    """
    manifest = manifest or manifest_for(encoder)
    check_writable(library, manifest)
    _prepare(library)
    encoding = _Batch()  # the batch before, whose embeddings are made while the next one is loaded and cut
    waiting: list[_Cut] = []
    with ThreadPoolExecutor(1) as background:
        for item in loaded:
            if isinstance(item, Refusal):
                yield Entry(item.source, "refused", item.reason)
            elif why := _already_there(library, item, [*encoding.cuts, *waiting]):
                yield Entry(item.source, "skipped", why, item.id, item.title)
            else:
                waiting.append(_Cut(item, chunk(item, manifest.chunking, encoder.count_tokens)))
            if sum(len(cut.passages) for cut in waiting) >= _BATCH_PASSAGES:
                yield from _written(library, manifest, encoding)
                encoding, waiting = _encoded(background, encoder, manifest, waiting), []
        yield from _written(library, manifest, encoding)
        yield from _written(library, manifest, _encoded(background, encoder, manifest, waiting))


def _already_there(library: Library, article: Article, waiting: list[_Cut]) -> str:
    """Why the article need not be written, or an empty string."""
    known = library.header_by("source", article.source)
    if known and known.sha256 == article.sha256:
        return "It has not changed since it was added."
    if not known and article.sha256 and (twin := library.header_by("sha256", article.sha256)):
        return f"The same bytes are in the library as {twin.source}."
    for cut in waiting:
        copied = not known and article.sha256 and cut.article.sha256 == article.sha256
        if copied or cut.article.source == article.source:
            return f"The same article comes before it as {cut.article.source}."
    return ""


def _encoded(background: Executor, encoder: Encoder, manifest: Manifest, cuts: list[_Cut]) -> _Batch:
    """The batch, its embeddings under way."""
    if not cuts:
        return _Batch()
    texts = [encoded_text(passage, manifest.titled) for cut in cuts for passage in cut.passages]
    return _Batch(tuple(cuts), background.submit(encoder.encode_passages, texts))


def _written(library: Library, manifest: Manifest, batch: _Batch) -> Iterator[Entry]:
    """Writes a batch in one transaction, once its embeddings are there."""
    if batch.embeddings is None:
        return
    embeddings = batch.embeddings.result()
    with library.writing():
        check_writable(library, manifest)
        record(library, manifest)
        entries = []
        first = 0
        for cut in batch.cuts:
            last = first + len(cut.passages)
            outcome = _replace(library, cut, embeddings[first:last])
            entries.append(Entry(cut.article.source, outcome, "", cut.article.id, cut.article.title, last - first))
            first = last
    yield from entries


def _replace(library: Library, cut: _Cut, embeddings: Embeddings) -> Outcome:
    """Writes an article in the place of the one from the same source; whether there was one."""
    former = library.header_by("source", cut.article.source)
    if former:
        _remove(library, former.id)
    stored = library.put(cut.article, [passage.span for passage in cut.passages])
    dense.keep(library, [one.row for one in stored], embeddings)
    lexical.keep(library, stored)
    spelling.keep(library, stored)
    return "updated" if former else "added"


def remove(library: Library, article_ids: Iterable[str]) -> list[Header]:
    """The headers of the articles taken out, all in one transaction; NoSuchArticle changes nothing."""
    _prepare(library)
    gone = []
    with library.writing():
        headers = {header.id: header for header in library.headers()}
        for article_id in dict.fromkeys(article_ids):
            _remove(library, article_id)
            gone.append(headers[article_id])
    return gone


def _prepare(library: Library) -> None:
    dense.prepare(library)
    lexical.prepare(library)
    spelling.prepare(library)
    filters.prepare(library)


def _remove(library: Library, article_id: str) -> None:
    gone = library.remove(article_id)
    lexical.forget(library, gone)
    spelling.forget(library, gone)
