"""The library as HTML: its facts, and its articles in a table, each with the others of its story; all is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote as percent_encoded

from corpus.library.store import ArticleHeader
from rag.citation.markup import escaped, shortened
from ui.page.checkup import CheckupMessage
from ui.page.library.article_list import PAGE, ArticleRow, Looked, Order, Shown, source_name

_LONGEST_TITLE = 160
_HEADS: tuple[tuple[Order, str], ...] = (
    ("title", "Title"), ("outlet", "Outlet"), ("published", "Date"), ("format", "Format"), ("length", "Length"),
)  # fmt: skip
_EMPTY = (
    '<div class="nothing"><h3>The library is empty</h3><p>Drop clippings above: text, Markdown, web pages, PDF, Word, '
    "JSON Lines. Or give the address of an article. Each is read, and said if it cannot be.</p></div>"
)


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What is told of the whole library: `changed` is when it was written last (UTC), `health` is about its index."""

    articles: int
    passages: int
    bytes: int
    changed: datetime
    health: str


def facts_html(facts: LibraryFacts) -> str:
    """The library in numbers."""
    pairs = (
        ("Articles", f"{facts.articles:,}"), ("Passages", f"{facts.passages:,}"), ("Size", _size(facts.bytes)),
        ("Last change", f'<time datetime="{facts.changed:%FT%TZ}">{facts.changed:%Y-%m-%d %H:%M} UTC</time>'),
        ("Index", escaped(facts.health)),
    )  # fmt: skip
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{items}</dl>'


def checkup_html(said: CheckupMessage) -> str:
    """The button that has the library looked through, and what is said of it."""
    going = ' aria-disabled="true" data-going' if said.is_going else ""
    return (
        f'<button type="button" class="check"{going}>Check the library</button> '
        f'<span class="checked">{escaped(said.sentence)}</span>'
    )


def shelf_html(shown: Shown, looked: Looked) -> str:
    """What there is to choose from, and a page of the articles."""
    choices = (
        f'<div class="choosing" hidden>{_options("outlet", shown.outlets, looked.outlet)}'
        f"{_options('format', shown.formats, looked.format)}</div>"
    )
    return f"{choices}{_table(shown, looked)}{_pages(shown)}" if shown.held else f"{choices}{_EMPTY}"


def problem_html(sentence: str) -> str:
    """The sentence that says why no articles are shown."""
    return f'<p class="problem" role="alert">{escaped(sentence)}</p>'


def _options(name: str, values: tuple[str, ...], chosen: str) -> str:
    """Choices for one of the form's lists, which the script moves there."""
    options = "".join(
        f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>'
        f"{escaped(shortened(value, 60))}</option>"
        for value in values
    )
    return f'<select data-for="{name}" aria-label="{name}"><option value="">All</option>{options}</select>'


def _table(shown: Shown, looked: Looked) -> str:
    count = "One article" if shown.articles == 1 else f"{shown.articles:,} articles"
    stories = "one story" if shown.total == 1 else f"{shown.total:,} stories"
    stories = f" in {stories}" if shown.total != shown.articles else ""
    caption = f"<caption>{count}{stories}{_of_them(shown)}</caption>"
    heads = "".join(_head(order, name, looked) for order, name in _HEADS)
    head = (
        '<thead><tr><td class="choose"><input type="checkbox" class="all" aria-label="Choose all on this page"></td>'
        f"{heads}"
        '<th scope="col"><span class="unseen">Actions</span></th></tr></thead>'
    )
    if not shown.rows:
        body = '<tr class="none"><td colspan="7">No article has all of that. Look for less.</td></tr>'
    else:
        body = "".join(map(_row, shown.rows))
    chosen = (
        '<div class="chosen" hidden><span class="count" role="status"></span>'
        '<button type="button" class="delete-chosen"></button></div>'
    )
    return f"{chosen}<table>{caption}{head}<tbody>{body}</tbody></table>"


def _head(order: Order, name: str, looked: Looked) -> str:
    sorted_by = ("descending" if looked.is_descending else "ascending") if order == looked.order else "none"
    sign = {"descending": " ▾", "ascending": " ▴", "none": ""}[sorted_by]
    return (
        f'<th scope="col" aria-sort="{sorted_by}"><button type="button" class="sort" data-order="{order}">{name}'
        f'<span aria-hidden="true">{sign}</span></button></th>'
    )


def _row(row: ArticleRow) -> str:
    also = ""
    if row.also:
        items = "".join(f"<li>{_title(one)} <small>{_told(one)}</small>{_delete(one)}</li>" for one in row.also)
        count = "one other article" if len(row.also) == 1 else f"{len(row.also)} other articles"
        also = f'<details class="also"><summary>Also printed by {count}</summary><ul>{items}</ul></details>'
    header = row.header
    name = escaped(shortened(header.title, 60))
    date = f"<time>{escaped(header.published)}</time>" if header.published else "–"
    return (
        f'<tr><td class="choose"><input type="checkbox" value="{escaped(header.id)}" aria-label="Choose {name}"></td>'
        f'<th scope="row">{_title(header)}'
        f"<small><bdi>{escaped(shortened(source_name(header), 80))}</bdi></small>{also}</th>"
        f"<td><bdi>{escaped(shortened(header.outlet or '–', 60))}</bdi></td><td>{date}</td>"
        f"<td>{escaped(row.format)}</td>"
        f'<td class="number">{header.length:,}<span class="unseen"> characters</span></td>'
        f"<td>{_delete(header)}</td></tr>"
    )


def _title(header: ArticleHeader) -> str:
    address = f"v1/articles/{percent_encoded(header.id, safe='', errors='replace').replace('.', '%2E')}/view"
    title = escaped(shortened(header.title, _LONGEST_TITLE) or source_name(header))
    return f'<a href="{address}" target="_blank" rel="noopener"><bdi>{title}</bdi></a>'


def _told(header: ArticleHeader) -> str:
    known = (header.outlet, header.published, source_name(header))
    return " · ".join(f"<bdi>{escaped(shortened(part, 60))}</bdi>" for part in known if part)


def _delete(header: ArticleHeader) -> str:
    return (
        f'<button type="button" class="delete" data-article="{escaped(header.id)}" '
        f'data-title="{escaped(shortened(header.title, 80))}">'
        f'Delete<span class="unseen"> {escaped(shortened(header.title, 80))}</span></button>'
    )


def _pages(shown: Shown) -> str:
    if shown.total <= PAGE:
        return ""
    first, last = _first_and_last(shown)
    back = f'data-page="{shown.page - 1}"' if shown.page else "disabled"
    on = f'data-page="{shown.page + 1}"' if last < shown.total else "disabled"
    return (
        f'<nav class="pages" aria-label="Pages"><button type="button" class="turn back" {back}>Previous</button>'
        f"<span>{first:,}–{last:,} of {shown.total:,}</span>"
        f'<button type="button" class="turn on" {on}>Next</button></nav>'
    )


def _of_them(shown: Shown) -> str:
    """Which of them are on the page, where they do not all stand on one."""
    first, last = _first_and_last(shown)
    return f", {first:,} to {last:,}" if shown.total > PAGE else ""


def _first_and_last(shown: Shown) -> tuple[int, int]:
    return shown.page * PAGE + 1, min(shown.total, (shown.page + 1) * PAGE)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 1e9 else f"{count / 1e9:,.2f} GB"
