"""Whatever is changed in an article's row is found, and nothing of the article is quoted."""

from contextlib import closing

import pytest

from corpus.article import Article, Span
from corpus.library.integrity import check_articles, readable
from corpus.library.store import DamagedArticle, Library
from corpus.offset_map import Edit, MappedText, Origin

TEXT = "The bridge at Pell has 5 arches."
SOURCE = "<b>The bridge</b> at Pell has 5 arches."
BRIDGE = Article(
    "bridge", "The bridge", TEXT, "bridge.txt", "https://example.org/", ("Ann Ox",), "The Bell", "2026-02-02", "en",
    "ab" * 32, Origin(MappedText.of(SOURCE).edited([Edit(0, 3), Edit(13, 17)]).runs, (), is_text=True),
)  # fmt: skip


@pytest.fixture
def library(tmp_path):
    with closing(Library(tmp_path / "library.sqlite")) as library:
        with library.writing():
            library.put(BRIDGE, [Span(0, 32)])
        yield library


def test_an_article_is_as_it_was_written(library):
    assert library.article("bridge") == BRIDGE
    assert list(check_articles(library)) == []


@pytest.mark.parametrize(
    "change",
    [
        "title = 'The Bridge'",
        "text = replace(text, '5', '9')",
        "source = 'other.txt'",
        "url = 'https://example.com/'",
        "url = NULL",
        "authors = '[\"Bob Ox\"]'",
        "outlet = 'The Ball'",
        "outlet = ''",
        "published = '2025-02-02'",
        "language = 'fr'",
        "sha256 = replace(sha256, 'a', 'c')",
        "origin = replace(replace(origin, '[0,10,3,13,1]', '[0,10,4,14,1]'), '[10,32,17,39,1]', '[10,32,18,40,1]')",
        "origin = replace(origin, 'true', 'false')",
        "title = CAST(title AS BLOB)",
    ],
)
def test_a_change_of_any_column_is_found_and_not_quoted(library, change):
    before = library.connection.execute("SELECT * FROM article").fetchall()
    library.connection.execute(f"UPDATE article SET {change}")
    assert library.connection.execute("SELECT * FROM article").fetchall() != before
    assert [str(flaw) for flaw in check_articles(library)] == ["bridge is not as it was written"]
    with pytest.raises(
        DamagedArticle, match="The article 'bridge' is damaged in the library, and nothing of it is quoted"
    ):
        library.article("bridge")


def test_a_damaged_article_can_be_removed(library):
    library.connection.execute("UPDATE article SET url = NULL")
    assert readable(library, "bridge").url is None
    assert [one.passage.text for one in library.passages_of("bridge")] == [TEXT]
    with library.writing():
        library.remove("bridge")
    assert list(check_articles(library)) == []


def test_a_digest_that_is_lost_or_left_over_is_found(library):
    library.connection.execute("UPDATE article_digest SET digest = x'00'")
    assert [str(flaw) for flaw in check_articles(library)] == ["bridge is not as it was written"]
    library.connection.execute("PRAGMA foreign_keys = OFF")
    library.connection.execute("UPDATE article_digest SET id = 'other'")
    assert [str(flaw) for flaw in check_articles(library)] == [
        "bridge has no digest that says how it was written",
        "other is not there, but its digest is",
    ]
    with pytest.raises(DamagedArticle):
        library.article("bridge")


def test_what_the_program_changes_is_as_it_was_written(library):
    with library.writing():
        library.move("bridge", "moved.txt")
        library.retrace("bridge", "cd" * 32, Origin())
    assert list(check_articles(library)) == []
    assert (library.article("bridge").source, library.article("bridge").sha256) == ("moved.txt", "cd" * 32)


@pytest.mark.parametrize(
    "change",
    [
        "value = '12' WHERE key = 'generation'",
        "value = 'other' WHERE key = 'library'",
        "value = 'other' WHERE key = 'manifest'",
        "key = 'manifesto' WHERE key = 'manifest'",
        "value = CAST(value AS BLOB) WHERE key = 'manifest'",
        "value = CAST(value AS BLOB) WHERE key = 'library'",
        "value = 7 WHERE key = 'generation'",
    ],
)
def test_a_change_of_what_the_library_says_of_itself_is_found(library, change):
    with library.writing():
        library.set_state("manifest", "{}")
    assert list(library.check_state()) == []
    library.connection.execute(f"UPDATE state SET {change}")
    assert list(library.check_state()) == [
        "what the library says of itself (its format, name, change counter, encoder) is not as it was written"
    ]


def test_a_library_of_format_1_is_read_as_it_is_and_brought_up_to_date_when_it_is_written(library):
    for statement in (
        "DROP TABLE article_digest",
        "DELETE FROM state WHERE key = 'digest'",
        "UPDATE state SET value = '1' WHERE key = 'format'",
        "PRAGMA application_id = 0",
    ):
        library.connection.execute(statement)
    with closing(Library(library.path)) as old:
        assert old.article("bridge") == BRIDGE
        assert list(check_articles(old)) == list(old.check_state()) == []
        assert old.state("format") == "1"
        with old.writing():
            old.put(Article("ferry", "The ferry", "It sails.", "ferry.txt"), [Span(0, 9)])
        assert old.state("format") == "2"
        assert old.connection.execute("SELECT id FROM article_digest ORDER BY id").fetchall() == [
            ("bridge",),
            ("ferry",),
        ]
        assert list(check_articles(old)) == list(old.check_state()) == []
    with closing(Library(library.path)) as again:
        assert again.article("bridge") == BRIDGE
