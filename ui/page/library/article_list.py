"""What the library holds, as a reader looks through it: filtered, sorted, in pages, articles of one story together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

from corpus.file_format import BY_SUFFIX
from corpus.library.store import ArticleHeader, Library
from corpus.sourcefile import file_of, suffix_of
from index.filters import Filter, passing_articles
from index.lexical.lexical import articles_with, telling_words
from index.lexical.spelling import plain
from index.near_duplicates.sketches import stories_of

Order = Literal["title", "outlet", "published", "format", "length"]
ORDERS: tuple[Order, ...] = get_args(Order)
PAGE = 50  # rows
_LONGEST_WORDS = 200  # characters looked for, and by which an outlet is told from others
_MOST_OUTLETS = 500  # to choose from, those of most articles; the others are found by their words


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
class ArticleRow:
    """An article, its format, and the other articles that print its story, the earliest of them being the row."""

    header: ArticleHeader
    format: str
    also: tuple[ArticleHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of rows, how many rows and articles there are in all, and what there is to choose from.

    `held` is how many articles the library has, whatever is looked for.
    """

    rows: tuple[ArticleRow, ...]
    total: int
    articles: int
    held: int
    page: int
    outlets: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """An article with what it is looked for and ordered by: its names in plain letters, and a key for each order."""

    header: ArticleHeader
    outlet: str
    format: str
    story: str
    named: str
    keys: Mapping[Order, tuple[str | int, str]]

    @classmethod
    def of(cls, header: ArticleHeader, story: str | None) -> _Known:
        outlet, form = header.outlet or "", format_of(header)
        title, published_by = plain(header.title), plain(outlet)
        keys: dict[Order, str | int] = {
            "title": title, "outlet": published_by, "published": header.published or "", "format": form,
            "length": header.length,
        }  # fmt: skip
        named = " ".join((title, published_by, *map(plain, (*header.authors, source_name(header)))))
        ordered = {order: (key, header.id) for order, key in keys.items()}
        return cls(header, outlet[:_LONGEST_WORDS].strip(), form, story or _alone(header), named, ordered)

    @property
    def age(self) -> tuple[bool, str, str]:
        """What the articles of a story are ordered by: the earliest first, those without a date last."""
        return self.header.published is None, self.header.published or "", self.header.id


@dataclass(frozen=True, slots=True)
class _Collected:
    """All articles of one generation of the library, and the outlets and formats that they have."""

    generation: int
    articles: tuple[_Known, ...]
    outlets: tuple[str, ...]
    formats: tuple[str, ...]


class Shelf:
    """The articles of one library, collected anew when it has changed; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = Lock()
        self._last: _Collected | None = None

    def shown(self, looked: Looked) -> Shown:
        """The page that was asked for, the last where there are fewer; BadFilter for a date that is none."""
        with self._library.reading() as generation:
            held = self._collected(generation)
            passing = self._passing(held.articles, looked)
        stories = _together(passing)
        order = looked.order
        stories.sort(key=lambda story: story[0].keys[order], reverse=looked.is_descending)
        if order in {"outlet", "published"}:  # those without come last either way
            stories.sort(key=lambda story: not story[0].keys[order][0])
        page = min(looked.page, max(0, (len(stories) - 1) // PAGE))
        rows = tuple(
            ArticleRow(first.header, first.format, tuple(one.header for one in others))
            for first, *others in stories[page * PAGE : (page + 1) * PAGE]
        )
        return Shown(rows, len(stories), len(passing), len(held.articles), page, held.outlets, held.formats)

    def _collected(self, generation: int) -> _Collected:
        """What the library holds; inside `library.reading()`."""
        with self._lock:
            if self._last is None or self._last.generation != generation:
                headers = self._library.headers()
                stories = stories_of(self._library, [header.id for header in headers])
                former = {one.header.id: one for one in self._last.articles} if self._last else {}
                articles = tuple(_as_before(former.get(one.id), one, stories.get(one.id)) for one in headers)
                most = Counter(one.outlet for one in articles if one.outlet).most_common(_MOST_OUTLETS)
                outlets = sorted((outlet for outlet, _ in most), key=str.casefold)
                formats = sorted({one.format for one in articles})
                self._last = _Collected(generation, articles, tuple(outlets), tuple(formats))
            return self._last

    def _passing(self, articles: Iterable[_Known], looked: Looked) -> list[_Known]:
        passing = [
            one
            for one in articles
            if (not looked.outlet or one.outlet == looked.outlet) and (not looked.format or one.format == looked.format)
        ]
        if only := Filter(looked.since or None, looked.until or None):
            dated = set(passing_articles(self._library, only))
            passing = [one for one in passing if one.header.id in dated]
        for word in telling_words(looked.words):  # each of them in the text, or in what names the article
            told, begun = articles_with(self._library, word), plain(word)
            passing = [one for one in passing if one.header.id in told or begun in one.named]
        return passing


def format_of(header: ArticleHeader) -> str:
    """What an article was read from, in a word."""
    if header.source.lower().startswith(("http://", "https://")):
        return "Web page"
    file_format = BY_SUFFIX.get(suffix_of(file_of(header.source)))
    return file_format.name if file_format else "File"


def source_name(header: ArticleHeader) -> str:
    """The file's name without its folders, or the address."""
    if header.source.lower().startswith(("http://", "https://")):
        return header.source
    name = header.source.removeprefix("upload:").replace("\\", "/").rstrip("/")
    return name.rpartition("/")[2] or name


def _alone(header: ArticleHeader) -> str:
    """The story of an article that has no copies; no other story begins with NUL."""
    return f"\0{header.id}"


def _as_before(former: _Known | None, header: ArticleHeader, story: str | None) -> _Known:
    """What is known of an article, made anew only where it has changed."""
    is_same = former and former.header == header and former.story == (story or _alone(header))
    return former if former and is_same else _Known.of(header, story)


def _together(articles: Iterable[_Known]) -> list[list[_Known]]:
    """The articles of each story, the earliest first; most stories are of one article."""
    stories: dict[str, list[_Known]] = {}
    for one in articles:
        stories.setdefault(one.story, []).append(one)
    for members in stories.values():
        if len(members) > 1:
            members.sort(key=lambda one: one.age)
    return list(stories.values())
