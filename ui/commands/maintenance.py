"""Commands that keep a library whole: verify, backup, restore."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from corpus.library.backup import Content
from corpus.library.backup import backup as back_up
from corpus.library.integrity import readable
from corpus.library.store import Library
from index.encoder.checksums import DamagedModel
from index.maintenance.repair import repair as mend
from index.maintenance.restore import restore as put_back
from index.maintenance.verify import DeepCheck, Finding
from index.maintenance.verify import verify as look_through
from rag.assemble import open_encoder, open_library
from rag.model_files import check_reader, damaged_compiled, discard
from rag.settings import Settings
from ui.commands.library import AsJson
from ui.console import Bar, notice, out, print_json, progress
from ui.mistake import Mistake
from ui.report.words import counted

_MOST_LISTED = 20  # findings of a part; --json has all of them

Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]


def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Make again what can be made again.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Cut and encode everything again, and compare.")] = False,
    sample: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="With --deep: encode only N passages, drawn by chance.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look the whole library through: is every passage, vector and index true?

    Others may ask and write meanwhile. Exit status 0 if all is whole, 2 if
    not. That a source has changed since it was added is told, and is no
    damage: add it again to bring the library up to date.

    --repair cuts and encodes again the articles whose passages are wrong,
    and makes the indexes again; the articles' own texts it cannot make.
    """
    settings = Settings()
    library = open_library(settings)
    started = perf_counter()
    with progress("Verifying") as bar:
        encoder = open_encoder(settings, notice) if deep else None
        look = DeepCheck(encoder, sample) if encoder else None
        found = _findings(library, look, settings, bar)
        done: list[str] = []
        if repair and any(finding.is_damage for finding in found):
            done = _repair_models(settings)
            done += mend(library, found, lambda: encoder or open_encoder(settings, notice), bar.to)
            found = _findings(library, look, settings, bar)
    damage = [finding for finding in found if finding.is_damage]
    fault = _fault_of_reader(settings)
    content = _content_of(library)
    if as_json:
        facts = (asdict(content) if content else {}) | {
            "whole": not damage and not fault,
            "repaired": done,
            "findings": found,
        }
        print_json(facts | {"seconds": round(perf_counter() - started, 2)})
    else:
        for sentence in done:
            out().print(f"repaired: {sentence}")
        _print_findings(found)
        if content and not damage and not fault:
            out().print(f"All is whole: {_counts(content)} ({perf_counter() - started:.1f} s)")
    if damage:
        raise Mistake(_way_out(library, damage, is_repaired=repair))
    if fault:
        raise fault


def _findings(library: Library, look: DeepCheck | None, settings: Settings, bar: Bar) -> list[Finding]:
    """The faults of the library, and those of what was compiled of models."""
    damaged = [Finding("models", "derived", f"{path} is damaged") for path in damaged_compiled(settings)]
    return [*look_through(library, look, bar.to), *damaged]


def _repair_models(settings: Settings) -> list[str]:
    damaged = list(damaged_compiled(settings))
    discard(damaged, settings)
    return ["models: taken away, and compiled again when they are needed"] if damaged else []


def _fault_of_reader(settings: Settings) -> DamagedModel | None:
    try:
        check_reader(settings)
    except DamagedModel as damage:
        return damage
    return None


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write the library to one file, while others ask and write.

    The file holds one state of the library, with its feedback; it is there
    when it is whole, and never before.
    """
    settings = Settings()
    if not settings.library_path.exists():
        raise Mistake(f"There is no library at {settings.library_path} yet; `pullquote add PATH` makes one.")
    library = open_library(settings)
    with progress("Backing up") as bar:
        content = back_up(library, file, force=force, progress=bar.to)
    if as_json:
        print_json(asdict(content) | {"written": str(file), "bytes": file.stat().st_size})
    else:
        out().print(f"Written to {file}: {_counts(content)} ({file.stat().st_size / 1e6:.1f} MB)")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `pullquote backup` wrote.")],
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the library, once it has been looked through.

    A server that is running goes on with it. Where there are articles
    already, --force is needed; they are kept beside, in a file of their own.
    """
    settings = Settings()
    with progress("Restoring") as bar:
        kept = put_back(settings.library_path, file, force=force, progress=bar.to)
    content = Content.of(open_library(settings))
    if as_json:
        print_json(asdict(content) | {"restored": str(file), "kept": str(kept) if kept else None})
        return
    out().print(f"Restored from {file}: {_counts(content)}")
    if kept:
        out().print(f"What was there before is kept in {kept}")


def _content_of(library: Library) -> Content | None:
    """What the library holds, or None where it is too damaged to be counted."""
    try:
        return Content.of(library)
    except sqlite3.DatabaseError:
        return None


def _counts(content: Content) -> str:
    return f"{counted(content.articles, 'article')}, {counted(content.passages, 'passage')}"


def _print_findings(found: list[Finding]) -> None:
    """Prints the findings by part, the first of many one by one."""
    by_part = attrgetter("part")
    for part, group in groupby(sorted(found, key=by_part), key=by_part):
        findings = list(group)
        for finding in findings[:_MOST_LISTED]:
            named = f"{finding.article_id} " if finding.article_id else ""
            out().print(f"{part}: {named}{finding.what}")
        if len(findings) > _MOST_LISTED:
            out().print(f"{part}: {len(findings) - _MOST_LISTED:,} more; --json has them all")


def _way_out(library: Library, damage: list[Finding], *, is_repaired: bool) -> str:
    """The sentence that ends in what to do: repair, then read articles anew, then a backup."""
    start = f"The library is damaged in {counted(len(damage), 'place')}; "
    spoilt = {finding.article_id for finding in damage if finding.matter == "truth"}
    if not is_repaired and any(finding.matter != "truth" for finding in damage):
        return f"{start}`pullquote verify --repair` makes again what can be made again."
    if spoilt and all(one and readable(library, one) for one in spoilt):
        return (
            f"{start}the texts of articles cannot be made again: `pullquote remove ID` and add their sources again, or "
            "put a backup in place with `pullquote restore FILE --force`."
        )
    return f"{start}put a backup in place with `pullquote restore FILE --force`."
