"""The command `eval calibrate`: a threshold fitted on a library's own feedback, kept in it, or taken back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from eval.calibrate import fit
from rag.assemble import model_names, open_library
from rag.library_threshold import LibraryThreshold, record
from rag.library_threshold import reset as take_back
from rag.settings import Settings
from ui.commands.library import AsJson
from ui.console import notice, out, print_json
from ui.mistake import Mistake


def calibrate(
    library: Annotated[bool, typer.Option("--library", help="Of the current library's feedback.")] = False,
    max_wrong: Annotated[float, typer.Option(min=0.01, max=0.5, help="The share of answers that may be wrong.")] = 0.16,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be kept, and keep nothing.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the reader's own threshold.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fit the library's threshold on the answers judged right and wrong.

    From then on `ask` takes it for this library, unless a threshold is given
    or set; it holds for the models whose answers were judged. Says what it
    guarantees, with 95 % confidence. Exit status 1 where no threshold keeps
    so few answers wrong, 2 where too few were judged.
    """
    if not library:
        raise Mistake("Say whose feedback is meant: `pullquote eval calibrate --library` takes the current library's.")
    settings = Settings()
    asked = open_library(settings)
    if reset:
        was_there = not dry_run and take_back(asked)
        told = "The reader's own threshold is in force." if was_there else "Nothing was changed."
        print_json({"reset": was_there}) if as_json else out().print(told)
        return
    fitted = fit(asked, model_names(settings), max_wrong)
    is_kept = fitted is not None and not dry_run
    if fitted and is_kept:
        record(asked, fitted)
    if as_json:
        print_json({"threshold": None, **(asdict(fitted) if fitted else {}), "kept": is_kept})
    elif fitted:
        out().print(f"{guarantee(fitted)}{'' if is_kept else '; nothing was changed'}")
        if settings.threshold is not None:
            notice(f"PULLQUOTE_THRESHOLD={settings.threshold} goes before it.")
    if fitted is None:
        notice(f"No threshold keeps at most {max_wrong:.0%} of the answers wrong; nothing was changed.")
        raise typer.Exit(1)


def guarantee(fitted: LibraryThreshold) -> str:
    """What a threshold guarantees, in words."""
    return (
        f"At threshold {fitted.threshold:.4f} at most {fitted.at_most:.1%} wrong here: {fitted.wrong:,} of "
        f"{fitted.judged:,} judged, 95 % sure ({fitted.of:,} judged in all)"
    )
