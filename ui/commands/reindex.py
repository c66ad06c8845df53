"""The command that gives a library another encoder or other passages: reindex."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import timedelta
from time import perf_counter
from typing import Annotated

import typer

from corpus.chunk import Chunking
from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.maintenance import staging
from index.maintenance.reindex import ReindexPlan, free_bytes, plan
from index.maintenance.reindex import reindex as reindex_library
from index.manifest import CHUNKING, TITLED, Manifest, fitted, recorded
from rag.assemble import open_encoder, open_library
from rag.settings import Settings
from ui.commands.library import AsJson
from ui.console import notice, out, print_json, progress
from ui.mistake import Mistake


def reindex(
    passage_tokens: Annotated[int | None, typer.Option(min=1, help="The most tokens of a passage.")] = None,
    overlap: Annotated[int | None, typer.Option(min=0, help="Tokens repeated of the passage before.")] = None,
    titled: Annotated[
        bool | None, typer.Option("--titled/--untitled", help="Whether passages are encoded behind their title.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it takes, and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Index the library anew: another encoder, other passages.

    Encodes with the encoder that the settings name, and cuts as a new
    library would be cut unless told otherwise. All is made beside what is
    in use and exchanged for it at the end, so questions are answered
    meanwhile, and articles may come and go. Stopped, the same command goes
    on where it was.
    """
    settings = Settings()
    library = open_library(settings)
    is_asked_for = (passage_tokens, overlap, titled) != (None, None, None)
    if recorded(library) is None and not is_asked_for:
        _print_nothing_to_do(library, as_json, "The library is empty; `pullquote add PATH` fills it.")
        return
    encoder = open_encoder(settings, notice)
    chunking = _chunking(CHUNKING.size if passage_tokens is None else passage_tokens, overlap)
    target = fitted(encoder.card, chunking, TITLED if titled is None else titled)
    if target.size < chunking.size and passage_tokens is not None:
        raise Mistake(
            f"The encoder reads no more than {target.size} tokens of such a passage; name as many in --passage-tokens."
        )
    if recorded(library) == target:
        if not dry_run:
            staging.discard(library)  # of another target, begun before
        _print_nothing_to_do(library, as_json, f"There is nothing to do: the library has {target}.")
        return
    _carry_out(library, encoder, target, dry_run=dry_run, as_json=as_json)


def _carry_out(library: Library, encoder: Encoder, target: Manifest, *, dry_run: bool, as_json: bool) -> None:
    planned = plan(library, encoder, target)
    if not as_json:
        _print_plan(planned)
    seconds = 0.0
    if not dry_run:
        _check_room(library, planned)
        seconds = _reindexed(library, encoder, planned)
    if as_json:
        print_json(asdict(planned) | {"needed": True, "done": not dry_run, "took": round(seconds, 2)})
    elif not dry_run:
        _print_done(library, seconds)


def _reindexed(library: Library, encoder: Encoder, planned: ReindexPlan) -> float:
    """Carries out the plan; the seconds that took."""
    started = perf_counter()
    with progress("Reindexing", planned.passages) as bar:
        bar.advance(planned.staged)
        for count in reindex_library(library, encoder, planned.target):
            bar.advance(count)
    return perf_counter() - started


def _chunking(size: int, overlap: int | None) -> Chunking:
    try:
        return Chunking(size, CHUNKING.overlap if overlap is None else overlap)
    except ValueError as error:
        raise Mistake(f"Passages cannot be cut so: {error}; mend --passage-tokens or --overlap.") from error


def _print_nothing_to_do(library: Library, as_json: bool, sentence: str) -> None:
    if as_json:
        print_json({"built": recorded(library), "needed": False, "done": False, "why": sentence})
    else:
        out().print(sentence)


def _check_room(library: Library, planned: ReindexPlan) -> None:
    """Raises Mistake where the disk is too small for the old and the new index."""
    free = shutil.disk_usage(library.path.parent).free
    if free < planned.disk:
        raise Mistake(
            f"The disk has {free / 1e6:,.0f} MB free, and the library will grow by about {planned.disk / 1e6:,.0f} MB "
            "while the old and the new are both there; make room, and run the same command again."
        )


def _print_plan(planned: ReindexPlan) -> None:
    about = "" if planned.is_exact else "about "
    out().print(f"from {planned.built or 'nothing'}\nto   {planned.target}")
    kept = f", {planned.staged:,} of them made before" if planned.staged else ""
    out().print(f"{planned.articles:,} articles, {about}{planned.passages:,} passages{kept}")
    rate = f" at {planned.rate:,.0f} a second, measured on some of them" if planned.rate else ""
    out().print(
        f"{about}{planned.to_encode:,} to encode{rate}: about {timedelta(seconds=round(planned.seconds))}; "
        f"about {planned.disk / 1e6:,.0f} MB more on disk"
    )


def _print_done(library: Library, seconds: float) -> None:
    articles, passages = library.counts()
    out().print(
        f"Reindexed {articles:,} articles, {passages:,} passages in {timedelta(seconds=round(seconds))}; "
        f"{free_bytes(library) / 1e6:,.0f} MB inside the file are free now, and will be used before it grows."
    )
