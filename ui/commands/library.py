"""Commands that look after the library: add, remove, list, show, status."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.file_format import SUFFIXES
from corpus.formats.facts import is_address
from corpus.library.database import tell_nobody
from corpus.library.store import Library
from corpus.load import Refusal, load, load_url
from corpus.refusal import Refused
from corpus.sourcefile import SourceFile
from corpus.sync.folder import LeftOut, files_under
from index.backends import facts_by_name
from index.distributed import distribute
from index.encoder.encoder import Encoder
from index.ingest import Entry, Outcome
from index.ingest import add as add_articles
from index.ingest import remove as remove_articles
from index.maintenance import staging
from index.manifest import Manifest, fitted, recorded
from rag.assemble import backend_of, encoder_card, open_encoder, open_library, reader_card
from rag.citation.article_view import article_view
from rag.library_threshold import LibraryThreshold, library_threshold
from rag.settings import Settings
from ui.commands.entries import print_count_passed_over, print_left_aside, print_passed_over, print_summary, summary
from ui.console import notice, out, print_json, progress, shows_progress
from ui.mistake import Mistake

_MOST_COUNTED = 256  # MB of a file
_OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "skipped", "refused")

Source = str | Path | Refusal  # a web address, a file, or what could not be looked at
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add(
    sources: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders or web addresses.")],
    as_json: AsJson = False,
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Have a Ray cluster do the work: auto, HOST:PORT, or local to start one."),
    ] = None,
) -> None:
    """Add articles, or bring them up to date; says of each file that was left out why."""
    paths, left_out = _paths(sources)
    settings = Settings()
    started = perf_counter()
    library, encoder = open_library(settings, notice), open_encoder(settings, notice)
    if ray is None:
        entries = add_all(paths, library, encoder)
    else:
        named = {name: getattr(settings, name) for name in ("encoder", "backend", "cache")}  # a token is no worker's
        opening = partial(open_encoder, Settings.model_construct(**named), tell_nobody)
        entries = _with_progress(paths, distribute.add(library, opening, paths, ray))
    seconds = perf_counter() - started
    if as_json:
        print_json(summary(entries, seconds, _OUTCOMES) | {"entries": entries, "left_out": left_out})
    else:
        print_left_aside(entries)
        print_passed_over(left_out)
        print_summary(entries, seconds, "nothing to add")
        print_count_passed_over(left_out)
    if any(entry.outcome == "refused" for entry in entries):
        raise typer.Exit(2)


def add_all(paths: Sequence[Source], library: Library, encoder: Encoder) -> list[Entry]:
    return _with_progress(paths, add_articles(library, encoder, _loaded(paths)))


def _with_progress(paths: Sequence[Source], adding: Iterator[Entry]) -> list[Entry]:
    entries = []
    total = sum(map(_articles_in, paths)) if shows_progress() else None  # counting reads every line of a .jsonl
    with progress("Adding", total) as bar:
        for entry in adding:
            entries.append(entry)
            bar.advance()
    return entries


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Article ids, as `pullquote list` shows them.")],
    as_json: AsJson = False,
) -> None:
    """Take articles out of the library, all of those named or none."""
    removed = remove_articles(open_library(Settings(), notice), ids)
    if as_json:
        print_json({"removed": [header.id for header in removed]})
        return
    for header in removed:
        out().print(f"Removed {header.id}: {header.title}")


def listed(as_json: AsJson = False) -> None:
    """List the articles in the library."""
    headers = open_library(Settings()).headers()
    if as_json:
        print_json(headers)
        return
    for header in headers:
        facts = " · ".join(part for part in (header.published, header.outlet, ", ".join(header.authors)) if part)
        out().print(f"{header.id}  {header.title}")
        out().print(f"    {facts or 'date and outlet unknown'} · {header.source}", style="dim")
    if not headers:
        notice("The library is empty; `pullquote add PATH` fills it.")


def show(article_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Show an article as it is quoted: quotes give their places in this text."""
    article = article_view(open_library(Settings()), article_id)
    if as_json:
        print_json(article)
        return
    facts = (article.outlet, ", ".join(article.authors), article.published, article.url or article.source)
    out().print(article.title, style="bold")
    out().print(" · ".join(fact for fact in facts if fact), style="dim")
    out().print(f"\n{article.text}")


def status(as_json: AsJson = False) -> None:
    """Say what is in the library and how it was indexed."""
    settings = Settings()
    library = open_library(settings)
    articles, passages = library.counts()
    manifest = recorded(library)
    newest = _newest(settings)
    staged = staging.staged(library)
    backend = backend_of(library, settings)
    described = backend.describe(library)
    size = library.size
    threshold = _threshold(library, settings)
    facts = {
        "library": str(library.path),
        "bytes": size,
        "generation": library.generation,
        "articles": articles,
        "passages": passages,
        "indexed_with": manifest,
        "reindex": {
            "would_give": newest if manifest and newest != manifest else None,
            "staged": staged,
            "articles_staged": staging.counts(library, staged)[0] if staged else 0,
        },
        "threshold": threshold,
        **facts_by_name(library, described, backend.name),
        "settings": {"encoder": settings.encoder, "backend": settings.backend, "cache": str(settings.cache)},
    }
    if as_json:
        print_json(facts)
        return
    out().print(f"{articles:,} articles, {passages:,} passages, generation {library.generation}")
    out().print(f"{library.path} · {size / 1e6:.1f} MB")
    out().print(str(manifest) if manifest else "nothing indexed yet")
    if staged:
        done = staging.counts(library, staged)[0]
        out().print(f"a reindex to {staged} has done {done:,} of {articles:,} articles")
    elif manifest and newest and newest != manifest:
        out().print(f"`pullquote reindex` would make that {newest}")
    out().print(described.sentence)
    if own := threshold["fitted"]:
        out().print(_threshold_line(own, settings, is_in_force=threshold["is_fitted"]))


def _threshold(library: Library, settings: Settings) -> dict[str, Any]:
    """The threshold in force, null where the reader's is not known; and the one fitted on feedback, if there is one."""
    card, manifest, own = None, recorded(library), library_threshold(library)
    with suppress(PullquoteError):
        card = reader_card(settings)
    holds = bool(own and card and manifest and own.holds_for(manifest.encoder, card.name))
    in_force = own.threshold if own and holds else card and card.threshold
    is_set = settings.threshold is not None
    return {"in_force": settings.threshold if is_set else in_force, "is_fitted": holds and not is_set, "fitted": own}


def _threshold_line(own: LibraryThreshold, settings: Settings, *, is_in_force: bool) -> str:
    line = f"threshold {own.threshold:.4f} from feedback, at most {own.at_most:.1%} wrong, 95 % sure"
    if is_in_force:
        return line
    return f"{line}; not in force: " + (
        f"it holds for the reader {own.reader}" if settings.threshold is None else "PULLQUOTE_THRESHOLD goes before it"
    )


def _newest(settings: Settings) -> Manifest | None:
    """How a new library would be indexed, None where the encoder has yet to be compiled."""
    card = encoder_card(settings)
    return fitted(card) if card else None


def _paths(sources: list[str]) -> tuple[list[Source], list[LeftOut]]:
    """Web addresses as they are, folders as the files under them, and the files passed over; Mistake for others."""
    found: list[Source] = []
    left_out: list[LeftOut] = []
    for source in sources:
        path = Path(source)
        if is_address(source):
            found.append(source)
        elif path.is_dir():
            listing = files_under(path, names_left_out=True)
            if not (listing.files or listing.refusals):
                print_passed_over(listing.left_out)
                raise Mistake(f"The folder {source} holds no article; Pullquote reads {', '.join(sorted(SUFFIXES))}.")
            found += [*listing.refusals, *(file.path for file in listing.files)]
            left_out += listing.left_out
        elif path.exists():
            found.append(path)
        else:
            raise Mistake(f"There is no file or folder {source}; check the path.")
    return found, list(dict.fromkeys(left_out))  # a folder may be named twice


def _loaded(paths: Iterable[Source]) -> Iterator[Article | Refusal]:
    for path in paths:
        if isinstance(path, Refusal):
            yield path
        elif isinstance(path, Path):
            yield from load(path)
        else:
            yield from load_url(path, public=False)


def _articles_in(path: Source) -> int:
    """About how many articles a source holds, for the progress bar."""
    file = SourceFile.at(path) if isinstance(path, Path) else None
    if file is None or not file.is_lines:
        return 1
    try:
        with file.open() as handle:
            content = file.decompressed(handle)
            return sum(content.read(2**20).count(b"\n") for _ in range(_MOST_COUNTED)) or 1
    except (Refused, OSError, EOFError, zlib.error):
        return 1
