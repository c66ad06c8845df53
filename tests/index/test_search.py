import pytest

from corpus.article import Passage, Span
from corpus.library.store import DamagedArticle, Library
from index.derived_table import DamagedIndex
from index.hit import Hit, ranked
from index.ingest import add, remove
from index.maintenance.repair import repair
from index.maintenance.verify import verify
from index.manifest import StaleIndex
from index.search import MODES, HybridIndex
from tests.fakes import HashEncoder
from tests.index.conftest import article

NEWS = {
    "ferry": "The ferry ran aground on a sandbank. Nobody was hurt.",
    "cannery": "The cannery will close in June. Ninety people lose their work.",
    "bell": "The bell of Merrin came home after eighty years.",
    "wall": "The sea wall was approved by the council on Tuesday.",
}


@pytest.fixture
def encoder():
    return HashEncoder()


@pytest.fixture
def index(library, encoder):
    list(add(library, encoder, [article(name, text, f"On the {name}") for name, text in NEWS.items()]))
    return HybridIndex(library, encoder)


def names(hits):
    return [hit.passage.article_id for hit in hits]


def passage(name, start=0):
    return Passage(name, name, Span(start, start + 1), "x")


def test_hits_are_ranked_by_score_then_by_passage_id():
    hits = [Hit(passage("b"), 1.0), Hit(passage("a", 5), 1.0), Hit(passage("a", 1), 1.0), Hit(passage("c"), 2.0)]
    assert [hit.passage.id for hit in ranked(hits)] == ["c:0-1", "a:1-2", "a:5-6", "b:0-1"]


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_finds_the_passage_that_shares_the_words(index, mode):
    hits = index.search("Where did the ferry run aground?", 3, mode)
    assert names(hits)[0] == "ferry"
    assert hits[0].passage.text == NEWS["ferry"]
    assert hits[0].passage.id == "ferry:0-53"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_score_is_the_one_the_mode_names(index, encoder):
    best = {mode: index.search("ferry aground sandbank", 1, mode)[0] for mode in MODES}
    assert best["dense"].score == best["dense"].dense
    assert best["lexical"].score == best["lexical"].lexical > 0
    assert 0.9 < best["fused"].score < 1.0  # best by meaning and by words, but the words are not in its title
    expected = encoder.encode_query("ferry aground sandbank") @ encoder.encode_passages([NEWS["ferry"]])[0]
    for mode in MODES:
        assert best[mode].dense == pytest.approx(float(expected), abs=1e-3)
    assert best["fused"].lexical == best["lexical"].lexical
    assert best["dense"].lexical == 0.0  # the words were not searched


def test_words_alone_find_only_passages_with_the_words(index):
    assert names(index.search("cannery bell", 10, "lexical")) in (["cannery", "bell"], ["bell", "cannery"])
    assert index.search("zeppelin", 10, "lexical") == []
    assert len(index.search("zeppelin", 10, "dense")) == 4


def test_a_passage_that_only_the_words_found_has_its_cosine_all_the_same(index, encoder):
    hit = index.search("bell", 1, "lexical")[0]
    expected = encoder.encode_query("bell") @ encoder.encode_passages([NEWS["bell"]])[0]
    assert hit.dense == pytest.approx(float(expected), abs=1e-3)


def test_k_larger_than_the_library_gives_all_of_it(index):
    assert sorted(names(index.search("the", 1000))) == sorted(NEWS)
    assert len(index.search("the ferry", 2)) == 2


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_library_gives_nothing(library, encoder, mode):
    assert HybridIndex(library, encoder).search("anything", 5, mode) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [1, -1])
def test_ties_are_by_id_whatever_the_order_of_adding(library, encoder, mode, order):
    copies = [article(f"copy{number:02}", "The very same words stand here.", "Copy") for number in range(30)]
    list(add(library, encoder, copies[::order]))
    index = HybridIndex(library, encoder)
    assert names(index.search("same words", 4, mode)) == ["copy00", "copy01", "copy02", "copy03"]
    assert names(index.search("same words", 30, mode)) == [f"copy{number:02}" for number in range(30)]


def test_an_open_index_follows_the_library(index, library, encoder):
    assert "tower" not in names(index.search("the tower fell", 10))
    list(add(library, encoder, [article("tower", "The tower fell on Monday.")]))
    assert names(index.search("the tower fell", 10))[0] == "tower"
    remove(library, ["tower", "bell"])
    assert sorted(names(index.search("the tower bell", 10))) == ["cannery", "ferry", "wall"]


def test_a_library_filled_meanwhile_with_another_encoder_is_not_searched(library, encoder):
    index = HybridIndex(library, encoder)
    assert index.search("ferry", 5) == []
    list(add(library, HashEncoder("other"), [article("ferry", NEWS["ferry"])]))
    with pytest.raises(StaleIndex, match="built with the encoder other@"):
        index.search("ferry", 5)


@pytest.fixture
def two_articles(tmp_path):
    """A library of its own, to be damaged."""
    library = Library(tmp_path / "damaged.sqlite")
    list(add(library, HashEncoder(), [article("bell", "The bell rang."), article("gull", "A gull came by.")]))
    return library


@pytest.mark.parametrize("table", ["vector", "passage"])
def test_a_row_that_is_lost_is_a_sentence(two_articles, table):
    two_articles.connection.execute("PRAGMA foreign_keys = OFF")
    two_articles.connection.execute(f"DELETE FROM {table} WHERE row = 1")
    with pytest.raises(DamagedIndex, match="does not agree with the passages of the library"):
        HybridIndex(two_articles, HashEncoder()).search("bell", 2)


@pytest.mark.parametrize("vector", ["'a text'", "7", "x''", "x'00'", "zeroblob(2000)"])
def test_a_vector_that_is_none_is_a_sentence(two_articles, vector):
    two_articles.connection.execute(f"UPDATE vector SET embedding = {vector} WHERE row = 1")
    with pytest.raises(DamagedIndex, match="does not agree with the passages of the library"):
        HybridIndex(two_articles, HashEncoder()).search("bell", 2)


@pytest.mark.parametrize(
    "change",
    [
        "start = 'x'",
        "start = 0.5",
        "start = x'30'",
        "start = -1",
        'start = "end"',
        '"end" = 1000000',
        "article_id = x'00'",
    ],
)
def test_a_passage_that_stands_nowhere_is_a_sentence(two_articles, change):
    two_articles.connection.execute("PRAGMA foreign_keys = OFF")
    two_articles.connection.execute(f"UPDATE passage SET {change} WHERE row = 1")
    with pytest.raises(DamagedArticle, match="damaged in the library, and nothing of it is quoted"):
        HybridIndex(two_articles, HashEncoder()).search("bell", 2)
    assert "passages" in {finding.part for finding in verify(two_articles)}
    two_articles.connection.execute("PRAGMA foreign_keys = ON")
    remove(two_articles, ["bell"])
    assert repair(two_articles, verify(two_articles), HashEncoder)
    assert [hit.passage.article_id for hit in HybridIndex(two_articles, HashEncoder()).search("gull", 2)] == ["gull"]
