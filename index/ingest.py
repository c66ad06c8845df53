"""Articles into the library: cut, encoded and written, a batch of whole articles in each transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, count
from typing import Literal, Protocol

from corpus.article import Article, Passage, Span
from corpus.chunk import chunk
from corpus.library.store import ArticleHeader, Library
from corpus.load import Refusal
from corpus.sync import file_state, page_state
from index import embedding_cache
from index.dense import dense
from index.encoder.encoder import Encoder
from index.lexical import bm25, lexical, spelling
from index.manifest import Manifest, check_writable, encoded_text, manifest_of, record
from index.near_duplicates import sketches
from index.tables import prepare

_BATCH_PASSAGES = 256  # encoded and written together: enough to sort by length, few enough to show progress

Outcome = Literal["added", "updated", "moved", "removed", "skipped", "refused"]
_UNCHANGED = "It has not changed since it was added."


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one source: `reason` is a sentence where it was skipped or refused, else empty."""

    source: str
    outcome: Outcome
    reason: str = ""
    article_id: str | None = None
    title: str | None = None
    passages: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether it was skipped because the library has it as it is."""
        return self.reason == _UNCHANGED


class Remembered(Protocol):
    """What is to be known of a source from now on: `corpus.sync.file_state`, `corpus.sync.page_state`."""

    def keep(self, library: Library) -> None:
        """Writes itself; inside `library.writing()`."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Comes after the articles of a source, and is written with the last of them.

    How the source looked, the ids of articles that it no longer holds, and what else there is to tell of it.
    """

    seen: Remembered
    gone: tuple[str, ...] = ()
    told: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article that was cut and encoded elsewhere (`index.distributed.distribute`); what was not `made` of it is
    encoded here.
    """

    article: Article
    spans: list[Span]
    made: embedding_cache.Made


Loaded = Article | EncodedArticle | Refusal | Finished | Entry  # an Entry is told as it is


@dataclass(frozen=True, slots=True)
class Cut:
    """An article with its passages, and those of their embeddings that there are."""

    article: Article
    passages: list[Passage]
    made: embedding_cache.Made = field(default_factory=dict)


@dataclass(slots=True)
class _Batch:
    """What is written together: articles, their passages and the embeddings of these, and the sources that are done."""

    cuts: list[Cut] = field(default_factory=list)
    finished: list[Finished] = field(default_factory=list)
    encoding: embedding_cache.Encoding | None = None

    @property
    def size(self) -> int:
        """In passages; a source counts as one."""
        return len(self.finished) + sum(len(cut.passages) for cut in self.cuts)


def add(
    library: Library,
    encoder: Encoder,
    loaded: Iterable[Loaded],
    manifest: Manifest | None = None,
) -> Iterator[Entry]:
    """Adds articles as they come, yielding an entry for each once it is written (or left out).

    An article whose source is known is replaced if its text or facts changed and skipped if not; where only its bytes
    did, it keeps its passages. A new source whose bytes are in the library under another is skipped. StaleIndex before
    anything is written where the library was built with another encoder, or differently from a `manifest` given.
    """
    manifest = manifest or manifest_of(library, encoder)
    check_writable(library, manifest)
    prepare(library)
    encoding = _Batch()  # the batch before, whose embeddings are made while the next one is loaded and cut
    waiting = _Batch()
    with embedding_cache.BackgroundEncoder(library, encoder) as ahead:
        for item in loaded:
            if waiting.size >= _BATCH_PASSAGES and not isinstance(item, Finished):
                begun, waiting = _begun(manifest, waiting, ahead), _Batch()  # first, as it is made during the writing
                yield from _written(library, manifest, encoding)
                encoding = begun
            if isinstance(item, Refusal):
                yield Entry(item.source, "refused", item.reason)
            elif isinstance(item, Finished):
                waiting.finished.append(item)
            elif isinstance(item, Entry):
                yield item
            elif left := _left(library, item.article if isinstance(item, EncodedArticle) else item, encoding, waiting):
                if isinstance(left, Entry):
                    yield left
                else:
                    waiting.finished.append(left)
            else:
                waiting.cuts.append(_cut(item, manifest, encoder))
        begun = _begun(manifest, waiting, ahead)
        yield from _written(library, manifest, encoding)
        yield from _written(library, manifest, begun)
    bm25.build(library)


def unchanged(library: Library, source: str, sha256: str) -> Entry | None:
    """What there is to tell of a source whose bytes have this digest if the library has it as it is, else None."""
    known = library.header_by("source", source)
    return Entry(source, "skipped", _UNCHANGED, known.id, known.title) if known and known.sha256 == sha256 else None


def _left(library: Library, article: Article, *before: _Batch) -> Entry | Finished | None:
    """What is told or kept of an article that need not be written, else None; `before` are not written yet."""
    if entry := unchanged(library, article.source, article.sha256):
        return entry
    if why := _already_there(library, article, [cut for batch in before for cut in batch.cuts]):
        return Entry(article.source, "skipped", why, article.id, article.title)
    return _retraced(library, article)


def _cut(item: Article | EncodedArticle, manifest: Manifest, encoder: Encoder) -> Cut:
    """An article in passages, cut here where it was not elsewhere."""
    if isinstance(item, Article):
        return Cut(item, chunk(item, manifest.chunking, encoder.count_tokens))
    identity, title, text = item.article.id, item.article.title, item.article.text
    return Cut(item.article, [Passage(identity, title, one, one.cut(text)) for one in item.spans], item.made)


def _already_there(library: Library, article: Article, waiting: list[Cut]) -> str:
    """Why an article that has changed or is new need not be written, or an empty string."""
    known = library.header_by("source", article.source)
    if not known and article.sha256 and (twin := library.header_by("sha256", article.sha256)):
        return f"The same bytes are in the library as {twin.source}."
    for cut in waiting:
        copied = not known and article.sha256 and cut.article.sha256 == article.sha256
        if copied or cut.article.source == article.source:
            return f"The same article comes before it as {cut.article.source}."
    return ""


@dataclass(frozen=True, slots=True)
class _Retraced:
    """Another reading of an article that the library has: the same words and facts, out of other bytes."""

    article: Article

    def keep(self, library: Library) -> None:
        library.retrace(self.article.id, self.article.sha256, self.article.origin)


def _retraced(library: Library, article: Article) -> Finished | None:
    """What is to be kept of an article that says what the one from its source says, or None."""
    known = library.header_by("source", article.source)
    if known is None or library.article(known.id).content_digest() != article.content_digest():
        return None
    same = replace(article, id=known.id)
    return Finished(_Retraced(same), told=(Entry(same.source, "skipped", _UNCHANGED, same.id, same.title),))


def _begun(manifest: Manifest, batch: _Batch, ahead: embedding_cache.BackgroundEncoder) -> _Batch:
    """The batch, its embeddings under way."""
    if batch.cuts:
        texts = [encoded_text(passage, manifest.titled) for cut in batch.cuts for passage in cut.passages]
        made = {digest: row for cut in batch.cuts for digest, row in cut.made.items()}
        batch.encoding = ahead.begin(texts, made)
    return batch


def _written(library: Library, manifest: Manifest, batch: _Batch) -> Iterator[Entry]:
    """Writes a batch in one transaction, once its embeddings are there."""
    if not batch.size:
        return
    encoded = batch.encoding.result() if batch.encoding else None
    with library.writing():
        check_writable(library, manifest)
        record(library, manifest)
        entries = []
        if encoded is not None:
            ends = list(accumulate(len(cut.passages) for cut in batch.cuts))
            for cut, end in zip(batch.cuts, ends, strict=True):
                entries.append(write(library, cut, encoded.part(end - len(cut.passages), end)))
            sketches.keep(library, [entry.article_id for entry in entries if entry.article_id])
        for done in batch.finished:
            done.seen.keep(library)
            entries += [entry for article_id in done.gone for entry in take_out(library, article_id)]
            entries += done.told
    yield from entries


def write(library: Library, cut: Cut, encoded: embedding_cache.Encoded) -> Entry:
    """Writes an article in the place of the one from the same source, whose id it takes; inside `library.writing()`."""
    former = library.header_by("source", cut.article.source)
    if former:
        _remove(library, former.id)
    article = replace(cut.article, id=former.id if former else _free_id(library, cut.article.id))
    stored = library.put(article, [passage.span for passage in cut.passages])
    dense.keep(library, [one.row for one in stored], encoded.embeddings, encoded.digests)
    lexical.keep(library, stored)
    spelling.keep(library, stored)
    return Entry(article.source, "updated" if former else "added", "", article.id, article.title, len(stored))


def _free_id(library: Library, wanted: str) -> str:
    """The id, or where an article that has moved here from its source still has it, the id with a number behind it."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(one for one in chain([wanted], numbered) if one not in library)


def take_out(library: Library, article_id: str) -> Iterator[Entry]:
    """Takes an article out if it is there; inside `library.writing()`."""
    if article_id in library:
        header = library.header(article_id)
        _remove(library, article_id)
        yield Entry(header.source, "removed", "", article_id, header.title)


def remove(library: Library, article_ids: Iterable[str]) -> list[ArticleHeader]:
    """The headers of the articles taken out, all in one transaction; NoSuchArticle changes nothing.

    The file or page that an article comes from will not bring it back (`index.sync.folder_sync`,
    `index.sync.page_sync`) until it has changed.
    """
    prepare(library)
    gone = []
    with library.writing():
        for article_id in dict.fromkeys(article_ids):
            gone.append(library.header(article_id))
            _remove(library, article_id)
            for table in (file_state, page_state):
                table.leave_out(library, gone[-1].source)
    return gone


def _remove(library: Library, article_id: str) -> None:
    sketches.forget(library, article_id)
    gone = library.remove(article_id)
    lexical.forget(library, gone)
    spelling.forget(library, gone)
