"""Commands that look up words that somebody has: locate for one quote, check for all quotations of a draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from corpus.library.atomic_write import replacing
from rag.draft.check import CheckOptions, check_draft
from rag.draft.checked_draft import CheckedDraft
from rag.draft.docx_draft import as_docx
from rag.draft.draft_text import LONGEST_DRAFT, DraftText, draft_of_bytes, read_draft
from rag.draft.marked_draft import as_html, as_markdown, note, summary
from rag.locate.locate import Located, Location, checked_quote
from rag.locate.locate import locate as located
from rag.locate.nearest import QuoteDifference
from rag.settings import Settings
from ui.commands.ask import open_pipeline
from ui.commands.library import AsJson
from ui.console import as_json_text, out, print_json, source_line
from ui.mistake import Mistake
from ui.streams import write

Form = Literal["table", "json", "markdown", "html", "docx"]
_AS = "table, json, or the draft with its marks as markdown, html or docx."
_MOST_DIFFERENCES = 12  # listed of a place; --json has all of them
_BYTES = 4  # of a character at most
_SHOWN = 70  # characters of a quotation in the table


def locate(
    quote: Annotated[str, typer.Argument(metavar="QUOTE")],
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many exact places are shown.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Say where a quote stands, word for word; exit status 1 where it is near at best, with what differs."""
    checked_quote(quote)
    pipeline = open_pipeline(Settings())
    found = located(pipeline.library, pipeline.retriever, quote, most)
    print_json(found) if as_json else print_located(found)
    if found.match != "exact":
        raise typer.Exit(1)


def check(  # noqa: PLR0913, PLR0917 - the options of the contract
    draft: Annotated[str, typer.Argument(metavar="FILE|-", help="The draft: text, Markdown, HTML, DOCX or PDF.")],
    short: Annotated[bool, typer.Option("--short", help="Judge quotations of one to three words, too.")] = False,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many places of a quotation are listed.")] = 10,
    form: Annotated[Form | None, typer.Option("--as", "--format", metavar="FORM", help=_AS)] = None,
    target: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say of each quotation in a draft where it stands; exit status 1 where one is altered or not found.

    Standard input (-) is read as text or Markdown. A passage that only says the
    like of a quotation is status 1, too; quotations of one to three words count
    with --short alone.
    """
    if as_json and form not in {None, "json"}:
        raise Mistake(f"--json and --as {form} ask for two forms; leave one of them out.")
    form = form or ("json" if as_json else "table")
    if target and (target.is_dir() or (draft != "-" and target.exists() and target.samefile(draft))):
        raise Mistake(f"{target} is {'a folder' if target.is_dir() else 'the draft itself'}; name another file.")
    if form == "docx" and not target:
        raise Mistake("A Word document is not printed; name a file for it with --out.")
    text = _read(draft)
    pipeline = open_pipeline(Settings())
    checked = check_draft(pipeline, text, CheckOptions(short, most))
    if target:
        with replacing(target) as making:
            making.write_bytes(_written(checked, text, form))
        out().print(f"{summary(checked)} Written to {target}.")
    elif form == "json":
        print_json(checked)
    elif form == "table":
        _print_table(checked)
    else:
        write(_written(checked, text, form).decode())
    if checked.failures:
        raise typer.Exit(1)


def _read(draft: str) -> DraftText:
    """The draft in a file, or that of standard input; BadDraft."""
    if draft != "-":
        return read_draft(Path(draft))
    return draft_of_bytes(sys.stdin.buffer.read(_BYTES * LONGEST_DRAFT + 1))


def _written(checked: CheckedDraft, draft: DraftText, form: Form) -> bytes:
    match form:
        case "json":
            text = as_json_text(checked)
        case "markdown":
            text = as_markdown(checked, is_markdown=draft.is_markdown)
        case "html":
            text = as_html(checked)
        case "docx":
            return as_docx(checked)
        case "table":
            text = "".join(f"{line}\n" for line in [summary(checked), *_lines(checked)])
    return text.encode("utf-8", "backslashreplace")


def _print_table(checked: CheckedDraft) -> None:
    console = out()
    console.print(summary(checked), style="bold")
    for line in _lines(checked):
        console.print(line)


def _lines(checked: CheckedDraft) -> list[str]:
    """Two lines for each quotation: its number, verdict and words, then what is said of it."""
    lines = []
    for number, one in enumerate(checked.quotations, 1):
        words = " ".join(one.text.split())
        shown = f"{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}"
        lines += [f"{number:>4}  {one.verdict:<9}  {'  ' * one.depth}“{shown}”", f"      {note(one)}"]
    return lines


def print_located(located: Located) -> None:
    """Prints the places of a quote; of near ones that they are not exact."""
    console = out()
    console.print(_headline(located), style="bold")
    for location in located.locations:
        console.print(f"  “{location.text}”")
        similarity = f" · not exact, {location.similarity:.0%} alike" if located.match == "near" else ""
        console.print(f"    {source_line(location)}{similarity}", style="dim")
        _print_differences(console, location)


def _headline(located: Located) -> str:
    if located.match == "none":
        return "Not found: the quote is nowhere in the library, and no place is near it."
    if located.match == "near":
        return "Not exact: the quote is nowhere in the library as pasted; nearest to it:"
    shown = f", the first {len(located.locations)} are" if located.total > len(located.locations) else ""
    return f"Found word for word in {located.total:,} place{'s' if located.total > 1 else ''}{shown}:"


def _print_differences(console: Console, location: Location) -> None:
    for difference in location.differences[:_MOST_DIFFERENCES]:
        console.print(f"    {_difference(difference)}")
    if len(location.differences) > _MOST_DIFFERENCES:
        console.print(f"    {len(location.differences) - _MOST_DIFFERENCES} more differences; --json has all of them.")


def _difference(difference: QuoteDifference) -> str:
    text, pasted = _visible(difference.text), _visible(difference.pasted)
    if not difference.text:
        return f"{difference.start}: the paste adds “{pasted}”"
    if not difference.pasted:
        return f"{difference.start}: the paste lacks “{text}”"
    return f"{difference.start}: “{text}” in the article, “{pasted}” in the paste"


def _visible(text: str) -> str:
    """The text on one line, with signs that cannot be seen (line ends, hard spaces, soft hyphens) written out."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
