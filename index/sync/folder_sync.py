"""A library synchronised with a folder: moves and removals at once, then what is to be read, batch by batch.

After an interruption, `corpus.sync.changes` finds what is left to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from corpus.library.store import ArticleSource, Library
from corpus.load import Refusal, load
from corpus.sync.changes import Changes, Move
from corpus.sync.file_state import FILES, FileState
from corpus.sync.folder import UNSURE, FoundFile, Signature
from index.encoder.encoder import Encoder
from index.ingest import Entry, Finished, Loaded, add, remove_if_there
from index.tables import prepare

_SETTLED = 2 * 10**9  # nanoseconds: what changed later than that before it was looked at may change again unseen
STAYS = " The version that was read before stays in the library."


def settle(library: Library, found: Changes) -> list[Entry]:
    """Does in one transaction all that reads no file: moves, removals, and the states of files.

    What could not be looked at is among the entries, as refused.
    """
    entries = [Entry(one.source, "refused", one.reason) for one in found.refusals]
    if not (found.moved or found.removed or found.copies or found.touched or found.forgotten):
        return entries
    prepare(library)
    with library.writing():
        entries += [entry for article in found.removed for entry in remove_if_there(library, article.id)]
        for move in found.moved:  # away from where they were first: files may have changed places
            for article in move.articles:
                library.move(article.id, f"moving:{article.id}")
        entries += [entry for move in found.moved for entry in _moved(library, move)]
        FILES.forget(library, found.forgotten)
        for touched in found.touched:
            replace(touched, signature=_sure(touched.signature)).keep(library)
        for copy in found.copies:
            _state_of(copy.file, copy.digest).keep(library)
            entries.append(_copy_entry(copy.file, copy.original))
    return entries


def read(
    library: Library, encoder: Encoder, found: Changes, done: Callable[[], None] = lambda: None
) -> Iterator[Entry]:
    """Reads the files that are new or have changed, yielding what becomes of their articles; `done` after each file.

    A line that a file of many articles no longer has takes its article out; a file that can no longer be read takes
    out none. StaleIndex before anything is written where the library was built with another encoder.
    """
    files = [*found.changed.items(), *((file, []) for file in found.added)]  # changed ones are no longer true
    return add(library, encoder, _loaded(files, done))


def _loaded(files: list[tuple[FoundFile, list[ArticleSource]]], done: Callable[[], None]) -> Iterator[Loaded]:
    read_from: dict[str, FoundFile] = {}  # by the digest of the bytes
    for file, former in files:
        digest = file.digest()
        if former and digest in read_from:  # two files have become the same
            removed = tuple(article.id for article in former)
            yield Finished(_state_of(file, digest).keep, removed, (_copy_entry(file, read_from[digest].source),))
            done()
            continue
        sources: set[str] = set()
        refusals: list[Refusal] = []
        for item in load(file.path):
            if isinstance(item, Refusal):
                refusals.append(item)
                yield replace(item, reason=item.reason + STAYS) if former and not sources else item
            else:
                sources.add(item.source)
                yield item
        if refusals and not sources:
            yield Finished(replace(_state_of(file, digest), fate="refused", reason=refusals[0].reason).keep)
        else:
            # Among lines that cannot be read may be those of the articles that are missing.
            removed = () if refusals else tuple(article.id for article in former if article.source not in sources)
            yield Finished(_state_of(file, digest).keep, removed)
            if digest and not refusals:
                read_from[digest] = file
        done()


def _copy_entry(file: FoundFile, original: str) -> Entry:
    return Entry(file.source, "skipped", f"The same bytes are in the library as {original}.")


def _moved(library: Library, move: Move) -> Iterator[Entry]:
    for article in move.articles:
        source = move.file.source + article.source.removeprefix(move.former)
        if article.id not in library:  # another process has taken it out since the look at the folder
            continue
        if other := library.header_by("source", source):  # ... or has read the file where it is now
            yield from remove_if_there(library, other.id)
        library.move(article.id, source)
        yield Entry(source, "moved", f"It was {article.source}.", article.id, library.header(article.id).title)
    _state_of(move.file, move.digest).keep(library)


def _state_of(file: FoundFile, digest: str) -> FileState:
    return FileState(file.source, _sure(file.signature), digest)


def _sure(signature: Signature) -> Signature:
    """The signature to remember: none where the file has just changed, and might again within one tick of its clock."""
    latest = max(signature.modified, signature.changed)
    return signature if latest < time.time_ns() - _SETTLED else UNSURE
