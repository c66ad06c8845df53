"""Articles into the library: loaded, cut, encoded and written, a batch of whole articles in each transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Literal

from corpus.article import Article
from corpus.chunk import UnfitText
from corpus.library.store import ArticleHeader, DamagedArticle, Library, Stored
from corpus.load import Refusal
from corpus.refusal import shown
from index.chunked import ChunkedArticle, chunked
from index.derived_table import Encoded, NewPassages
from index.embedding_cache import BackgroundEncoder, Encoding
from index.encoder.encoder import Encoder
from index.manifest import Manifest, check_writable, manifest_of, record
from index.tables import SOURCE_STATES, TABLES, prepare

_BATCH_PASSAGES = 256  # encoded and written together: enough to sort by length, few enough to show progress
_BATCH_SIZE = 2_000_000  # ... or so many characters: passages may be long

Outcome = Literal["added", "updated", "moved", "removed", "skipped", "refused"]
_UNCHANGED = "It has not changed since it was added."


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one source: `reason` is a sentence where it was skipped or refused, or says what was replaced."""

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


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a source, written with the last of its articles.

    `keep` writes the state of the source (`corpus.sync.file_state`, `corpus.sync.page_state`), `removed` are the ids of
    articles that the source no longer holds, `entries` are passed on.
    """

    keep: Callable[[Library], None]
    removed: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


# Workers send articles in passages; an entry is passed on.
Loaded = Article | ChunkedArticle | Refusal | Finished | Entry


@dataclass(slots=True)
class _Batch:
    """What one transaction writes: articles in passages, their embeddings, and the sources that end with them."""

    articles: list[ChunkedArticle] = field(default_factory=list)
    finished: list[Finished] = field(default_factory=list)
    encoding: Encoding | None = None

    @property
    def is_empty(self) -> bool:
        return not self.finished and not self.articles

    @property
    def is_full(self) -> bool:
        """Whether it holds many passages (a source counts as one) or much text."""
        passages = len(self.finished) + sum(len(one.spans) for one in self.articles)
        return passages >= _BATCH_PASSAGES or sum(one.size for one in self.articles) >= _BATCH_SIZE


def add(
    library: Library,
    encoder: Encoder,
    loaded: Iterable[Loaded],
    manifest: Manifest | None = None,
) -> Iterator[Entry]:
    """Adds articles, yielding an entry for each once it is written or skipped.

    An article whose source is known is replaced if its text or facts changed, and skipped if not. If only its bytes
    changed, it keeps its passages. A new source with the bytes of another article is skipped. StaleIndex, before
    anything is written, where the library has another encoder, or another manifest than the one given.
    """
    manifest = manifest or manifest_of(library, encoder)
    check_writable(library, manifest)
    prepare(library)
    with BackgroundEncoder(library, encoder) as background:
        batches = _batches(library, encoder, manifest, loaded)
        for batch in _encoded(background, manifest.titled, batches):
            if isinstance(batch, Entry):
                yield batch
            else:
                yield from _written(library, manifest, batch)
    for table in TABLES:
        table.refresh(library)


def _batches(
    library: Library, encoder: Encoder, manifest: Manifest, loaded: Iterable[Loaded]
) -> Iterator[_Batch | Entry]:
    """New articles in passages, in batches; entries of the others come at once.

    When a batch is yielded, all batches before the last one have been written.
    """
    last, batch = _Batch(), _Batch()
    for item in loaded:
        if batch.is_full and not isinstance(item, Finished):
            yield batch
            last, batch = batch, _Batch()
        if isinstance(item, Refusal):
            yield Entry(item.source, "refused", item.reason)
        elif isinstance(item, Entry):
            yield item
        elif isinstance(item, Finished):
            batch.finished.append(item)
        else:
            article = item.article if isinstance(item, ChunkedArticle) else item
            unwritten = (one.article for one in chain(last.articles, batch.articles))
            skipped = _skipped(library, article, unwritten)
            if isinstance(skipped, Entry):
                yield skipped
            elif skipped:
                batch.finished.append(skipped)
            else:
                try:
                    batch.articles.append(chunked(item, manifest, encoder) if isinstance(item, Article) else item)
                except UnfitText as fault:
                    yield Entry(article.source, "refused", f"{shown(article.source)} {fault}.")
    yield batch


def _encoded(
    background: BackgroundEncoder, titled: bool, batches: Iterable[_Batch | Entry]
) -> Iterator[_Batch | Entry]:
    """The batches, each once the encoding of the next has begun in the background."""
    begun: _Batch | None = None
    for batch in batches:
        if isinstance(batch, Entry):
            yield batch
            continue
        if batch.articles:
            made = {digest: row for one in batch.articles for digest, row in one.made.items()}
            batch.encoding = background.begin([text for one in batch.articles for text in one.texts(titled)], made)
        if begun:
            yield begun
        begun = batch
    if begun:
        yield begun


def _written(library: Library, manifest: Manifest, batch: _Batch) -> Iterator[Entry]:
    """Writes a batch in one transaction, once its embeddings are there."""
    if batch.is_empty:
        return
    encoded = batch.encoding.result() if batch.encoding else None
    with library.writing():
        check_writable(library, manifest)
        record(library, manifest)
        entries = write(library, batch.articles, encoded) if encoded else []
        for done in batch.finished:
            done.keep(library)
            entries += [entry for article_id in done.removed for entry in remove_if_there(library, article_id)]
            entries += done.entries
    yield from entries


def write(library: Library, articles: Iterable[ChunkedArticle], encoded: Encoded) -> list[Entry]:
    """Writes each article in the place of the one from its source, whose id it takes; inside `library.writing()`.

    `encoded` are the passages of all articles, in their order.
    """
    entries: list[Entry] = []
    stored: list[Stored] = []
    for one in articles:
        former = library.header_by("source", one.article.source)
        if former:
            _remove(library, former.id)
        article = replace(one.article, id=former.id if former else _free_id(library, one.article.id))
        stored += library.put(article, one.spans)
        outcome: Outcome = "updated" if former else "added"
        entries.append(Entry(article.source, outcome, "", article.id, article.title, len(one.spans)))
    ids = [entry.article_id for entry in entries if entry.article_id]
    new = NewPassages(ids, stored, encoded)
    for table in TABLES:
        table.keep(library, new)
    return entries


def unchanged(known: ArticleHeader | None, sha256: str) -> Entry | None:
    """The entry of a source whose bytes have this digest, if the library knows it with the same digest."""
    if known is None or known.sha256 != sha256:
        return None
    return Entry(known.source, "skipped", _UNCHANGED, known.id, known.title)


def _skipped(library: Library, article: Article, unwritten: Iterable[Article]) -> Entry | Finished | None:
    """The entry or the new origin of an article that need not be written, else None; `unwritten` ones precede it."""
    known = library.header_by("source", article.source)
    if entry := unchanged(known, article.sha256):
        return entry
    is_new = known is None and bool(article.sha256)
    if is_new and (twin := library.header_by("sha256", article.sha256)):
        why = f"The same bytes are in the library as {twin.source}."
        return Entry(article.source, "skipped", why, article.id, article.title)
    for one in unwritten:
        if one.source == article.source or (is_new and one.sha256 == article.sha256):
            why = f"The same article comes before it as {one.source}."
            return Entry(article.source, "skipped", why, article.id, article.title)
    if known is None or _content_digest(library, known.id) != article.content_digest():
        return None
    entry = Entry(article.source, "skipped", _UNCHANGED, known.id, article.title)
    return Finished(lambda library: library.retrace(known.id, article.sha256, article.origin), entries=(entry,))


def _content_digest(library: Library, article_id: str) -> str:
    """The digest of what the library has; empty where that is damaged, so that it is written again."""
    with suppress(DamagedArticle):
        return library.article(article_id).content_digest()
    return ""


def _free_id(library: Library, wanted: str) -> str:
    """The id, with a number behind it where another article, which has moved from this source, has it."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(one for one in chain([wanted], numbered) if one not in library)


def remove_if_there(library: Library, article_id: str) -> Iterator[Entry]:
    """Removes an article if it is there; inside `library.writing()`."""
    if article_id in library:
        header = library.header(article_id)
        _remove(library, article_id)
        yield Entry(header.source, "removed", "", article_id, header.title)


def remove(library: Library, article_ids: Iterable[str]) -> list[ArticleHeader]:
    """The headers of the removed articles, all in one transaction; NoSuchArticle changes nothing.

    Synchronisation does not add an article again until its file or page has changed.
    """
    prepare(library)
    removed = []
    with library.writing():
        for article_id in dict.fromkeys(article_ids):
            header = library.header(article_id)
            removed.append(header)
            _remove(library, article_id)
            for state in SOURCE_STATES:
                state.leave_out(library, header.source)
    return removed


def _remove(library: Library, article_id: str) -> None:
    stored = library.passages_of(article_id)
    for table in TABLES:
        table.forget(library, article_id, stored)
    library.remove(article_id)
