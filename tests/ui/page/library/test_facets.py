"""What the filter panel offers: what the library holds, and nothing a filter does not take."""

from dataclasses import replace

import pytest

from index.ingest import add, remove
from rag.pipeline import Pipeline
from tests.fakes import HashEncoder
from tests.ui.conftest import FERRY, article
from ui.page.filter_panel import looked_up
from ui.page.library.facets import MOST_CHOICES, Facet, FacetMatches, Facets, FacetValue


@pytest.fixture
def facets(pipeline: Pipeline) -> Facets:
    return Facets(pipeline.library)


def values(found: FacetMatches) -> list[str]:
    return [choice.value for choice in found.choices]


def put(pipeline: Pipeline, *articles: object) -> None:
    entries = add(pipeline.library, HashEncoder(), articles)  # type: ignore[arg-type]
    assert {entry.outcome for entry in entries} == {"added"}


def test_all_that_the_library_holds_is_offered(facets: Facets) -> None:
    assert values(facets.find("outlet")) == ["<img src=x onerror=alert(1)>", "The Gazette"]
    assert values(facets.find("author")) == ["Ann O'Dell", "Bo <b>Bold</b>"]
    assert values(facets.find("article")) == ["ferry", "hostile", "cafe"]  # newest first, without a date last
    assert facets.find("article").choices[0] == FacetValue(
        "ferry", "The Osprey has a new captain", "The Gazette · 2026-02-03", "the osprey has a new captain the gazette · 2026-02-03"
    )  # fmt: skip


def test_what_no_filter_takes_is_not_offered(facets: Facets) -> None:
    language = facets.find("language")  # the third article's is 'en" onclick=…'
    assert [(one.value, one.detail) for one in language.choices] == [("en", "2 articles")]
    assert language.total == 1


def test_spellings_that_pass_the_same_filter_are_one_choice(facets: Facets, pipeline: Pipeline) -> None:
    spelt = ("Le Café", "le café", "Le  Cafe", "Le Café", "Other", "Other", "Other")
    put(pipeline, *(article(f"a{n}", f"Story {n}", f"Text number {n}.", outlet=one) for n, one in enumerate(spelt)))
    offered = [(one.value, one.detail) for one in facets.find("outlet").choices]
    assert offered[:2] == [("Le Café", "4 articles"), ("Other", "3 articles")]
    assert len(offered) == 4


@pytest.mark.parametrize(
    ("facet", "words", "expected"),
    [
        ("article", "captain OSPREY", ["ferry"]),
        ("article", "gazette 2026-02", ["ferry"]),
        ("article", "captain croissants", []),
        ("outlet", "<IMG", ["<img src=x onerror=alert(1)>"]),
        ("author", "  odell", []),
        ("author", "o'dell", ["Ann O'Dell"]),
        ("author", " ", ["Ann O'Dell", "Bo <b>Bold</b>"]),
    ],
)
def test_every_word_looked_for_has_to_occur(facets: Facets, facet: Facet, words: str, expected: list[str]) -> None:
    assert values(facets.find(facet, words)) == expected


def test_only_the_first_are_offered_and_all_are_counted(facets: Facets, pipeline: Pipeline) -> None:
    put(pipeline, *(article(f"n{n}", f"Note {n}", f"Text number {n}.", authors=(f"Author {n}",)) for n in range(60)))
    for facet, total in (("article", 63), ("author", 62)):
        found = facets.find(facet)  # type: ignore[arg-type]
        assert (len(found.choices), found.total) == (MOST_CHOICES, total)
    assert values(facets.find("article", "note 59")) == ["n59"]


def test_they_follow_the_library(facets: Facets, pipeline: Pipeline) -> None:
    assert facets.find("outlet").total == 2
    put(
        pipeline,
        replace(FERRY, id="new", source="/new.txt", sha256="new", outlet="The Merrin Courier", text="New text."),
    )
    assert "The Merrin Courier" in values(facets.find("outlet"))
    remove(pipeline.library, ["ferry", "hostile", "new", "cafe"])
    assert facets.find("outlet") == FacetMatches((), 0)


def test_the_browser_gets_what_it_asked_for_under_its_number(facets: Facets) -> None:
    assert looked_up(facets, {"author": "ann", "unknown": "x"}, 7) == {
        "number": 7,
        "facets": {"author": {"total": 1, "choices": [["Ann O'Dell", "Ann O'Dell", "one article"]]}},
    }


@pytest.mark.parametrize("wanted", [None, "outlet", ["outlet"], 7, {}, {"__class__": ""}])
def test_what_is_no_request_finds_nothing(facets: Facets, wanted: object) -> None:
    assert looked_up(facets, wanted, None) == {"number": None, "facets": {}}
