"""Commands about the judgements that a library holds: list and delete."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from corpus.library.feedback import CurrentJudgement, latest, take_back
from rag.assemble import open_library
from rag.settings import Settings
from ui.commands.library import AsJson
from ui.console import in_a_line, notice, out, print_json
from ui.plain_help import group_of

_LONGEST = 200  # characters of judged words that are shown; --json has all


def commands() -> typer.Typer:
    """The commands under `pullquote judgements`."""
    return group_of({"list": listed, "delete": delete}, "See what was judged of answers, and take it back.")


def listed(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many are listed at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what was judged of answers, the latest first, each by its number.

    A judgement whose words no longer stand in the library has no effect.
    """
    found = latest(open_library(Settings()), limit)
    if as_json:
        print_json([_facts(one) for one in found])
        return
    for one in found:
        _print(one)
    if not found:
        notice("Nothing was judged; `pullquote feedback` keeps what you judge of an answer.")


def delete(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER", help="As `pullquote judgements list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Take judgements back, so that they have no effect any more."""
    library = open_library(Settings())
    deleted = [{"number": number, **asdict(take_back(library, number))} for number in numbers]
    if as_json:
        print_json(deleted)
        return
    for one in deleted:
        out().print(f"Taken back: {one['number']}  {one['verdict']}  {in_a_line(str(one['question']))}")


def _facts(one: CurrentJudgement) -> dict[str, object]:
    """The judgement with its number, and where its words stand today: `has_effect` says whether they do."""
    place = {"start": one.span.start, "end": one.span.end} if one.span else {}
    return {"number": one.number, **asdict(one.judgement), **place, "has_effect": one.span is not None, "why": one.why}


def _print(one: CurrentJudgement) -> None:
    words = " ".join(one.judgement.text.split())
    shown = f": {words[:_LONGEST]}{'…' if len(words) > _LONGEST else ''}" if words else ""
    out().print(f"{one.number}  {one.judgement.verdict}  {in_a_line(one.judgement.question)}{shown}")
    place = f"characters {one.span.start}-{one.span.end} of {one.judgement.article_id}" if one.span else ""
    out().print(f"    {' · '.join(part for part in (one.judgement.judged, place, one.why) if part)}", style="dim")
