"""What the library holds, as a reader looks through it: filtered, sorted, in pages, articles of one story together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

from corpus.sourcefile import files_named
from corpus.store import Header, Library
from index.copies import stories_of
from index.filters import Filter, passing_articles
from index.spelling import plain

Order = Literal["title", "outlet", "published", "format", "length"]
ORDERS: tuple[Order, ...] = get_args(Order)
PAGE = 50  # rows
_LONGEST_WORDS = 200  # characters looked for
_FORMATS = {
    "md": "Markdown", "markdown": "Markdown", "txt": "Text", "html": "Web page", "htm": "Web page", "pdf": "PDF",
    "docx": "Word", "jsonl": "JSON Lines",
}  # fmt: skip

HasWords = Callable[[str], set[str]]  # the ids of articles in whose texts the words stand


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for, how it is ordered, and which page of it is shown, the first being 0."""

    words: str = ""
    outlet: str = ""
    format: str = ""
    since: str = ""
    until: str = ""
    order: Order = "published"
    is_descending: bool = True
    page: int = 0

    @classmethod
    def sent(cls, fields: Mapping[str, object]) -> Looked:
        """What a browser sent, as far as it makes sense."""
        texts = {name: str(fields.get(name) or "")[:_LONGEST_WORDS].strip() for name in _TEXTS}
        order: Order = next((one for one in ORDERS if one == fields.get("order")), "published")
        page = fields.get("page")
        return cls(
            **texts, order=order, is_descending=fields.get("descending") is not False,
            page=page if isinstance(page, int) and 0 <= page < 10**6 else 0,
        )  # fmt: skip


_TEXTS = ("words", "outlet", "format", "since", "until")


@dataclass(frozen=True, slots=True)
class Row:
    """An article, its format, and the other articles that print its story, the earliest of them being the row."""

    header: Header
    format: str
    also: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of rows, how many rows and articles there are in all, and what there is to choose from."""

    rows: tuple[Row, ...]
    total: int
    articles: int
    page: int
    outlets: tuple[str, ...]
    formats: tuple[str, ...]


class Shelf:
    """The articles of one library, collected anew when it has changed; safe to share between threads."""

    def __init__(self, library: Library, has_words: HasWords) -> None:
        self._library = library
        self._has_words = has_words
        self._lock = Lock()
        self._collected: tuple[int, tuple[Header, ...], Mapping[str, str]] | None = None

    def shown(self, looked: Looked) -> Shown:
        """The page that was asked for, the last where there are fewer; BadFilter for a date that is none."""
        headers, stories = self._all()
        passing = self._passing(headers, looked)
        rows = sorted(_together(passing, stories), key=lambda row: _key(row, looked.order))
        if looked.is_descending:
            rows.reverse()
        if looked.order in {"outlet", "published"}:  # those without come last either way
            rows.sort(key=lambda row: not _key(row, looked.order)[0])
        page = min(looked.page, max(0, (len(rows) - 1) // PAGE))
        some = tuple(rows[page * PAGE : (page + 1) * PAGE])
        outlets = sorted({header.outlet for header in headers if header.outlet}, key=str.casefold)
        formats = sorted({format_of(header) for header in headers})
        return Shown(some, len(rows), len(passing), page, tuple(outlets), tuple(formats))

    def _all(self) -> tuple[tuple[Header, ...], Mapping[str, str]]:
        with self._lock, self._library.reading() as generation:
            if self._collected is None or self._collected[0] != generation:
                headers = tuple(self._library.headers())
                stories = stories_of(self._library, [header.id for header in headers])
                self._collected = (generation, headers, stories)
            return self._collected[1], self._collected[2]

    def _passing(self, headers: Iterable[Header], looked: Looked) -> list[Header]:
        only = Filter(looked.since or None, looked.until or None)
        dated = set(passing_articles(self._library, only)) if only else None
        words = plain(looked.words).split()
        with_words = self._has_words(looked.words) if words else set()
        return [
            header
            for header in headers
            if (not looked.outlet or header.outlet == looked.outlet)
            and (not looked.format or format_of(header) == looked.format)
            and (dated is None or header.id in dated)
            and (not words or header.id in with_words or _names(header, words))
        ]


def format_of(header: Header) -> str:
    """What an article was read from, in a word."""
    if header.source.lower().startswith(("http://", "https://")):
        return "Web page"
    file = files_named(header.source)[:2][-1]
    suffixes = file.lower().removesuffix(".gz").rpartition(".")
    return _FORMATS.get(suffixes[2], suffixes[2].upper()[:12] or "File") if suffixes[1] else "File"


def source_name(header: Header) -> str:
    """The file's name without its folders, or the address."""
    if header.source.lower().startswith(("http://", "https://")):
        return header.source
    name = header.source.removeprefix("upload:").replace("\\", "/").rstrip("/")
    return name.rpartition("/")[2] or name


def _names(header: Header, words: list[str]) -> bool:
    said = plain(" ".join((header.title, header.outlet or "", *header.authors, source_name(header))))
    return all(word in said for word in words)


def _together(headers: Iterable[Header], stories: Mapping[str, str]) -> list[Row]:
    """A row for each story, with its earliest article first."""
    groups: dict[str, list[Header]] = {}
    for header in headers:
        groups.setdefault(stories.get(header.id) or f"\0{header.id}", []).append(header)
    rows = []
    for members in groups.values():
        first, *others = sorted(members, key=lambda one: (one.published is None, one.published or "", one.id))
        rows.append(Row(first, format_of(first), tuple(others)))
    return rows


def _key(row: Row, order: Order) -> tuple[str | int, str]:
    header = row.header
    keys: dict[Order, str | int] = {
        "title": plain(header.title), "outlet": plain(header.outlet or ""), "published": header.published or "",
        "format": row.format, "length": header.length,
    }  # fmt: skip
    return keys[order], header.id
