"""The table of articles in the library: filtered, sorted, in pages, articles of one story together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

from corpus.file_format import format_by_name
from corpus.formats.facts import is_address
from corpus.library.store import ArticleHeader, Library
from corpus.sourcefile import file_of
from index.filters import Filter, passing_articles
from index.lexical.lexical import articles_with, content_words
from index.lexical.spelling import plain
from index.near_duplicates.sketches import stories_of

Order = Literal["title", "outlet", "published", "format", "length"]
ORDERS: tuple[Order, ...] = get_args(Order)
PAGE = 50  # rows
_LONGEST_WORDS = 200  # characters looked for, and by which an outlet is told from others
_MOST_OUTLETS = 500  # to choose from, those of most articles; the others are found by their words
_TEXTS = ("words", "outlet", "format", "since", "until")


@dataclass(frozen=True, slots=True)
class ArticleTableQuery:
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
    def sent(cls, fields: Mapping[str, object]) -> ArticleTableQuery:
        """The query a browser sent; what makes no sense in it is left out."""
        texts = {name: str(fields.get(name) or "")[:_LONGEST_WORDS].strip() for name in _TEXTS}
        order: Order = next((one for one in ORDERS if one == fields.get("order")), "published")
        page = fields.get("page")
        return cls(
            **texts, order=order, is_descending=fields.get("descending") is not False,
            page=page if isinstance(page, int) and 0 <= page < 10**6 else 0,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """The earliest article of a story, its format, and the other articles that print the story."""

    header: ArticleHeader
    format: str
    also: tuple[ArticleHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of rows, with the outlets and formats to choose from.

    The query finds `total` rows of `articles` articles; the library has `in_library` articles.
    """

    rows: tuple[ArticleRow, ...]
    total: int
    articles: int
    in_library: int
    page: int
    outlets: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _TableEntry:
    """An article with its names in plain letters, by which it is found, and a sort key for each order."""

    header: ArticleHeader
    outlet: str
    format: str
    story: str
    names: str
    keys: Mapping[Order, tuple[str | int, str]]

    @classmethod
    def of(cls, header: ArticleHeader, story: str) -> _TableEntry:
        outlet, form = header.outlet or "", format_of(header)
        title, plain_outlet = plain(header.title), plain(outlet)
        keys: dict[Order, str | int] = {
            "title": title, "outlet": plain_outlet, "published": header.published or "", "format": form,
            "length": header.length,
        }  # fmt: skip
        names = " ".join((title, plain_outlet, *map(plain, (*header.authors, source_name(header)))))
        ordered = {order: (key, header.id) for order, key in keys.items()}
        return cls(header, outlet[:_LONGEST_WORDS].strip(), form, story, names, ordered)

    @property
    def age(self) -> tuple[bool, str, str]:
        """The sort key within a story: the earliest first, those without a date last."""
        return self.header.published is None, self.header.published or "", self.header.id


@dataclass(frozen=True, slots=True)
class _Collection:
    """All articles of one generation of the library, and the outlets and formats that they have."""

    generation: int
    entries: tuple[_TableEntry, ...] = ()
    outlets: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class ArticleTable:
    """The articles of one library, collected anew when it has changed; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = Lock()
        self._collection = _Collection(generation=-1)

    def page(self, query: ArticleTableQuery) -> ArticlePage:
        """The page that was asked for, the last where there are fewer; BadFilter for a date that is none."""
        with self._library.reading() as generation:
            collection = self._collected(generation)
            passing = self._passing(collection.entries, query)
        stories = _by_story(passing)
        order = query.order
        stories.sort(key=lambda story: story[0].keys[order], reverse=query.is_descending)
        if order in {"outlet", "published"}:  # those without come last either way
            stories.sort(key=lambda story: not story[0].keys[order][0])
        page = min(query.page, max(0, (len(stories) - 1) // PAGE))
        rows = tuple(
            ArticleRow(first.header, first.format, tuple(one.header for one in others))
            for first, *others in stories[page * PAGE : (page + 1) * PAGE]
        )
        in_library, outlets, formats = len(collection.entries), collection.outlets, collection.formats
        return ArticlePage(rows, len(stories), len(passing), in_library, page, outlets, formats)

    def _collected(self, generation: int) -> _Collection:
        """The articles of the library; called inside `library.reading()`. Entries of unchanged articles are reused."""
        with self._lock:
            if self._collection.generation != generation:
                headers = self._library.headers()
                stories = stories_of(self._library, [header.id for header in headers])
                former = {one.header.id: one for one in self._collection.entries}
                entries = []
                for header in headers:
                    story = stories.get(header.id) or f"\0{header.id}"  # its own; no other begins with NUL
                    before = former.get(header.id)
                    is_same = before and (before.header, before.story) == (header, story)
                    entries.append(before if before and is_same else _TableEntry.of(header, story))
                frequent = Counter(one.outlet for one in entries if one.outlet).most_common(_MOST_OUTLETS)
                outlets = sorted((outlet for outlet, _ in frequent), key=str.casefold)
                formats = sorted({one.format for one in entries})
                self._collection = _Collection(generation, tuple(entries), tuple(outlets), tuple(formats))
            return self._collection

    def _passing(self, entries: Iterable[_TableEntry], query: ArticleTableQuery) -> list[_TableEntry]:
        passing = [
            one for one in entries if query.outlet in {"", one.outlet} and query.format in {"", one.format}
        ]  # fmt: skip
        if only := Filter(query.since or None, query.until or None):
            dated = set(passing_articles(self._library, only))
            passing = [one for one in passing if one.header.id in dated]
        for word in content_words(query.words):  # each of them in the text, or in what names the article
            in_text, prefix = articles_with(self._library, word), plain(word)
            passing = [one for one in passing if one.header.id in in_text or prefix in one.names]
        return passing


def format_of(header: ArticleHeader) -> str:
    """The name of the format that an article was read from."""
    if is_address(header.source):
        return "Web page"
    file_format = format_by_name(file_of(header.source))
    return file_format.name if file_format else "File"


def source_name(header: ArticleHeader) -> str:
    """The file's name without its folders, or the address."""
    if is_address(header.source):
        return header.source
    name = header.source.removeprefix("upload:").replace("\\", "/").rstrip("/")
    return name.rpartition("/")[2] or name


def _by_story(entries: Iterable[_TableEntry]) -> list[list[_TableEntry]]:
    """The articles of each story, the earliest first; most stories are of one article."""
    stories: dict[str, list[_TableEntry]] = {}
    for one in entries:
        stories.setdefault(one.story, []).append(one)
    for members in stories.values():
        members.sort(key=lambda one: one.age)
    return list(stories.values())
