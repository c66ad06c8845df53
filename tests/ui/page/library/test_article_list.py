"""The library as the tab shows it: filtered, sorted, in pages, stories together; only text, whatever it says."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest

from corpus.article import Article
from corpus.library.store import ArticleHeader, Library
from index.filters import BadFilter
from index.ingest import add, remove
from index.tables import prepare
from tests.fakes import HashEncoder
from tests.ui.conftest import ARTICLES, FERRY, article
from tests.ui.page.test_cards import seen
from ui.page.library.article_list import PAGE, ArticleTable, ArticleTableQuery, format_of
from ui.page.library.article_list_view import LibraryFacts, article_list_html, facts_html

_TAGS = {
    "a", "bdi", "button", "caption", "dd", "details", "div", "dl", "dt", "input", "li", "nav", "option", "p", "select",
    "small", "span", "summary", "table", "tbody", "td", "th", "thead", "time", "tr", "ul",
}  # fmt: skip


def library_of(folder: Path, *articles: Article) -> Library:
    library = Library(folder / "library.sqlite")
    assert {entry.outcome for entry in add(library, HashEncoder(), articles)} == {"added"}
    return library


def told(number: int, **fields: object) -> Article:
    words = f"Number {number} says of {'abcdefghij'[number % 10] * 9} what nobody else says, in {number * 7} words of its own."
    return article(f"n{number}", f"Title {number:03}", words, **fields)


def ids(found: ArticleTable, **fields: object) -> list[str]:
    return [row.header.id for row in found.page(ArticleTableQuery(**fields)).rows]  # type: ignore[arg-type]


@pytest.fixture
def three(tmp_path: Path) -> Library:
    return library_of(
        tmp_path,
        told(1, outlet="Bell", published="2025-03-01"),
        replace(told(2, outlet="Courier", published="2026-01-01"), source="/x/two.pdf"),
        replace(told(3), source="https://a.example/three"),
    )


def test_newest_first_and_undated_last_either_way(three: Library) -> None:
    assert ids(ArticleTable(three)) == ["n2", "n1", "n3"]
    assert ids(ArticleTable(three), is_descending=False) == ["n1", "n2", "n3"]
    assert ids(ArticleTable(three), order="title") == ["n3", "n2", "n1"]
    assert ids(ArticleTable(three), order="outlet", is_descending=False) == ["n1", "n2", "n3"]


def test_is_filtered_by_what_is_looked_for(three: Library) -> None:
    assert ids(ArticleTable(three), outlet="Bell") == ["n1"]
    assert ids(ArticleTable(three), format="PDF") == ["n2"]
    assert ids(ArticleTable(three), format="Web page") == ["n3"]
    assert ids(ArticleTable(three), since="2025", until="2025-12") == ["n1"]
    assert ids(ArticleTable(three), words="title 002") == ["n2"]
    assert ids(ArticleTable(three), words="ddddddddd") == ["n3"]  # in its text
    assert ids(ArticleTable(three), words="OWN Courier") == ["n2"]  # one in its text, one its outlet
    assert ids(ArticleTable(three), words="nobody, courièr: says the") == ["n2"]
    assert ids(ArticleTable(three), words="ddd bbb") == []  # each in another
    assert ids(ArticleTable(three), words="nowhere") == []
    with pytest.raises(BadFilter):
        ArticleTable(three).page(ArticleTableQuery(since="yesterday"))


def test_articles_of_one_story_are_one_row_with_the_earliest_first(tmp_path: Path) -> None:
    later = replace(FERRY, id="later", source="/library/later.txt", published="2026-02-09", sha256="0")
    library = library_of(tmp_path, later, FERRY)
    (row,) = ArticleTable(library).page(ArticleTableQuery()).rows
    assert (row.header.id, [one.id for one in row.also]) == ("ferry", ["later"])
    html = article_list_html(ArticleTable(library).page(ArticleTableQuery()), ArticleTableQuery())
    assert "2 articles in 1 stories" not in html
    assert "2 articles in one story" in html
    assert "Also printed by one other article" in html


def test_comes_in_pages_and_a_page_too_far_is_the_last(tmp_path: Path) -> None:
    library = library_of(tmp_path, *(told(number) for number in range(PAGE + 3)))
    shown = ArticleTable(library).page(ArticleTableQuery(order="title", is_descending=False, page=1))
    assert [row.header.id for row in shown.rows] == [f"n{PAGE}", f"n{PAGE + 1}", f"n{PAGE + 2}"]
    assert ArticleTable(library).page(ArticleTableQuery(page=99)).page == 1
    html = article_list_html(shown, ArticleTableQuery(page=1))
    assert f"{PAGE + 1}–{PAGE + 3} of {PAGE + 3}" in html
    assert 'data-page="0"' in html


def test_follows_the_library(three: Library) -> None:
    one = ArticleTable(three)
    assert len(ids(one)) == 3
    list(add(three, HashEncoder(), [told(4)]))
    assert len(ids(one)) == 4
    list(add(three, HashEncoder(), [replace(told(1, outlet="Echo"), sha256="another")]))
    assert ids(one, outlet="Echo") == ["n1"]
    assert ids(one, outlet="Bell") == []
    remove(three, ["n1"])
    assert len(ids(one)) == 3


@pytest.mark.parametrize(
    ("source", "expected"),
    [("/a/b.md", "Markdown"), ("upload:story.PDF", "PDF"), ("/a/wire.jsonl#12", "JSON Lines"), ("/a/wire.jsonl.gz#x.y", "JSON Lines"),
     ("https://a.example/b.pdf", "Web page"), ("/a/noname", "File"), ("/a/b.docx", "Word")],
)  # fmt: skip
def test_a_format_is_a_word(source: str, expected: str) -> None:
    assert format_of(ArticleHeader("a", "A", source, None, (), None, None, None, "", 1)) == expected


def test_what_a_browser_sends_is_read_as_far_as_it_makes_sense() -> None:
    assert ArticleTableQuery.sent({}) == ArticleTableQuery()
    sent = {"words": " a " * 200, "order": "evil", "page": -3, "descending": False, "outlet": None, "since": 7}
    assert ArticleTableQuery.sent(sent) == ArticleTableQuery(
        words=(" a " * 200)[:200].strip(), is_descending=False, since="7"
    )
    assert ArticleTableQuery.sent({"page": 2, "order": "title"}) == ArticleTableQuery(page=2, order="title")


def test_hostile_titles_are_only_text(tmp_path: Path) -> None:
    long = told(7, outlet='"><script>alert(1)</script>', published='2026"onload=')
    library = library_of(tmp_path, *ARTICLES, replace(long, id='a"><b>', title="<b>" * 5000))
    html = article_list_html(ArticleTable(library).page(ArticleTableQuery()), ArticleTableQuery(outlet="<x>"))
    html += facts_html(LibraryFacts(4, 9, 10, datetime.fromtimestamp(0, tz=UTC), "<index>"))
    page = seen(html)
    assert page.tags <= _TAGS
    assert not [name for name in page.attributes if name.startswith("on")]
    assert not [one for one in page.attributes["href"] if not one.startswith("v1/articles/")]
    assert len(html) < 40_000


def test_an_empty_library_says_what_can_be_added(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite")
    html = article_list_html(ArticleTable(library).page(ArticleTableQuery()), ArticleTableQuery())
    assert "The library is empty" in html
    assert "<table" not in html


def test_a_library_in_which_nothing_is_found_is_not_empty(three: Library) -> None:
    html = article_list_html(
        ArticleTable(three).page(ArticleTableQuery(words="nowhere")), ArticleTableQuery(words="nowhere")
    )
    assert "No article has all of that" in html
    assert "The library is empty" not in html


def test_an_outlet_with_an_endless_name_is_found_by_it(tmp_path: Path) -> None:
    library = library_of(tmp_path, told(1, outlet="The Endless Bell " * 600), told(2))
    (outlet,) = ArticleTable(library).page(ArticleTableQuery()).outlets
    assert ids(ArticleTable(library), **asdict(ArticleTableQuery.sent({"outlet": outlet}))) == ["n1"]


def test_facts_are_told_in_numbers() -> None:
    html = facts_html(LibraryFacts(1234, 56789, 2_345_678, datetime(2026, 2, 3, 4, 5, tzinfo=UTC), "exact search"))
    for said in (
        "1,234",
        "56,789",
        "2.3 MB",
        '<time datetime="2026-02-03T04:05:00Z">2026-02-03 04:05 UTC</time>',
        "exact search",
    ):
        assert f"<dd>{said}</dd>" in html


def test_is_quick_in_a_large_library(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite")
    prepare(library)
    with library.writing():
        for number in range(5000):
            library.put(told(number, outlet=f"Outlet {number % 40}", published=f"2025-01-{number % 28 + 1:02}"), [])
    found = ArticleTable(library)
    found.page(ArticleTableQuery())
    before = perf_counter()
    assert found.page(ArticleTableQuery(words="title 00", outlet="Outlet 7", order="length")).total > 0
    assert perf_counter() - before < 3
