"""What `pullquote locate` prints: the places of a quote, or the nearest ones and what differs there."""

from __future__ import annotations

from rich.console import Console

from rag.locate.locate import Located, Location
from rag.locate.nearest import QuoteDifference
from ui.console import out, source_line

_MOST_DIFFERENCES = 12  # listed of a place; --json has all of them


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
