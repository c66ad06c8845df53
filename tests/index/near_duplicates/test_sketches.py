import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.library.store import Library
from eval.experiments.editing import COPIES, drawing, other_figures, weather, words_replaced
from index.ingest import add, remove
from index.near_duplicates import sketches
from index.near_duplicates.sketches import SKETCHES
from tests.fakes import HashEncoder
from tests.rag.conftest import article


def story(seed, paragraphs=6):
    """A text of its own: sixty words a paragraph, a figure now and then."""
    draw = random.Random(seed)

    def word():
        return str(draw.randint(10, 999)) if draw.random() < 0.05 else "".join(draw.choices("aeioulmnprst", k=5))

    return "\n\n".join(" ".join(word() for _ in range(60)) + "." for _ in range(paragraphs))


FERRY, STRIKE = story("7"), story("8")
CUT = FERRY[: len(FERRY) // 2]


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


def put(library, **texts):
    list(add(library, HashEncoder(), [article(name, text) for name, text in texts.items()]))


def stories(library):
    return sketches.stories_of(library, [header.id for header in library.headers()])


def kept(library):
    """Everything that is kept, without the numbers."""
    names = dict(library.connection.execute("SELECT number, article_id FROM sketch"))
    return (
        set(library.connection.execute("SELECT article_id, size, story FROM sketch")),
        {(shingle, names[number]) for shingle, number in library.connection.execute("SELECT shingle, number FROM sampled")},
        {(names[one], names[other], share) for one, other, share in library.connection.execute("SELECT * FROM copy")},
    )  # fmt: skip


@pytest.mark.parametrize("made", [1, 2])
def test_tables_that_a_killed_process_did_not_come_to_are_made(library, made):
    SKETCHES.prepare(library)
    for table in ("copy", "sampled", "sketch")[:-made]:
        library.connection.execute(f"DROP TABLE {table}")
    assert list(SKETCHES.check(library)) == []
    put(library, wire=FERRY, cut=CUT)
    assert stories(library) == dict.fromkeys(("wire", "cut"), "cut")


def test_articles_of_one_story_are_found_as_they_come(library):
    put(library, wire=FERRY, strike=STRIKE)
    assert stories(library) == {}
    put(library, cut=CUT)
    put(library, other=FERRY.upper(), strikes=f"HOLLIN QUAY – {STRIKE}")
    assert stories(library) == dict.fromkeys(("wire", "cut", "other"), "cut") | dict.fromkeys(
        ("strike", "strikes"), "strike"
    )
    assert list(SKETCHES.check(library)) == []


@pytest.mark.parametrize("kind", COPIES)
def test_each_kind_of_copy_is_found(library, kind):
    put(library, wire=FERRY, copy=COPIES[kind](FERRY, STRIKE, drawing(1)))
    assert stories(library) == {"wire": "copy", "copy": "copy"}


@pytest.mark.parametrize("other", [
    STRIKE, "The ferry sank.", " ".join(FERRY.split()[:15]), other_figures(FERRY, STRIKE, drawing(1)),
    f"{FERRY[:400]}\n\n{STRIKE}",
])  # fmt: skip
def test_other_articles_short_ones_and_one_that_quotes_a_paragraph_are_no_copies(library, other):
    put(library, wire=FERRY, other=other, more=other + " Too.")
    assert "wire" not in stories(library)


def test_two_short_texts_that_are_the_same_are_no_copies(library):
    put(
        library,
        one="All trains are late this morning, says the county.",
        two="All trains are late this morning, says the county.\n",
    )
    assert stories(library) == {}


def test_a_template_with_other_figures_is_no_copy(library):
    put(library, monday=weather(drawing(1)), tuesday=weather(drawing(2)), again=weather(drawing(2)) + " Updated.")
    assert stories(library) == {"tuesday": "again", "again": "again"}


def test_an_article_that_holds_two_stories_makes_no_one_of_them(library):
    put(library, ferry=FERRY, ferries=FERRY.title(), strike=STRIKE, strikes=STRIKE.upper(), both=f"{FERRY}\n\n{STRIKE}")
    found = stories(library)
    assert found["ferry"] == found["ferries"] != found["strike"] == found["strikes"]
    assert found["both"] in {found["ferry"], found["strike"]}


def test_an_article_that_goes_leaves_its_story(library):
    put(library, a=FERRY, b=FERRY.upper(), c=FERRY.title())
    remove(library, ["a"])
    assert stories(library) == {"b": "b", "c": "b"}
    remove(library, ["c"])
    assert stories(library) == {}
    assert library.connection.execute("SELECT count(*) FROM copy").fetchone() == (0,)
    remove(library, ["b"])
    assert library.connection.execute("SELECT count(*) FROM sampled").fetchone() == (0,)
    assert list(SKETCHES.check(library)) == []


def test_an_article_that_held_two_together_takes_the_link_with_it(library):
    one, other = (words_replaced(FERRY, STRIKE, drawing(seed), share=0.25) for seed in "ac")
    put(library, a=one, b=FERRY, c=other)
    assert set(stories(library)) == {"a", "b", "c"}
    remove(library, ["b"])
    assert stories(library) == {}


def test_a_changed_article_is_compared_anew(library):
    put(library, wire=FERRY, other=FERRY.upper())
    list(add(library, HashEncoder(), [replace(article("other", STRIKE), sha256="new")]))
    assert stories(library) == {}
    list(add(library, HashEncoder(), [replace(article("other", CUT), sha256="newer")]))
    assert stories(library) == {"wire": "other", "other": "other"}
    assert list(SKETCHES.check(library)) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"), st.sampled_from([FERRY, CUT, FERRY.upper(), STRIKE, f"{FERRY} {STRIKE}", ""])
        ),
        max_size=9,
    )
)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_what_is_kept_is_what_is_made_anew(tmp_path_factory, steps):
    library = Library(tmp_path_factory.mktemp("library") / "library.sqlite")
    for number, (name, text) in enumerate(steps):
        known = {header.id for header in library.headers()}
        if text:
            list(add(library, HashEncoder(), [replace(article(name, text), sha256=str(number))]))
        elif name in known:
            remove(library, [name])
    SKETCHES.prepare(library)
    before = kept(library)
    assert list(SKETCHES.check(library)) == []
    with library.writing():
        SKETCHES.rebuild(library)
    assert kept(library) == before


def test_a_library_from_before_there_were_copies_is_read_as_it_is_and_made_on_the_next_write(library):
    put(library, wire=FERRY, other=FERRY.upper())
    before = kept(library)
    for table in ("sketch", "sampled", "copy"):
        library.connection.execute(f"DROP TABLE {table}")
    assert stories(library) == {}
    assert list(SKETCHES.check(library)) == []
    SKETCHES.prepare(library)
    assert kept(library) == before
    generation = library.generation
    SKETCHES.prepare(library)
    assert library.generation == generation


@pytest.mark.parametrize(("damage", "says"), [
    ("DELETE FROM sampled WHERE number = 1", "The sample of article wire, by which copies are found, is not that of its text."),
    ("DELETE FROM copy", "That articles wire and other are copies, or are not, is not what their texts say."),
    ("UPDATE copy SET share = 0.5 WHERE number = 1", "That articles wire and other are copies, or are not, is not what their texts say."),
    ("UPDATE sketch SET story = NULL WHERE number = 1", "Article wire is in the story None, where its copies make it other."),
    ("DELETE FROM sketch WHERE number = 3", "Article strike was not compared with the others for copies."),
    ("UPDATE sketch SET article_id = 'gone' WHERE number = 3", "The table of copies knows an article gone that is not in the library."),
    ("INSERT INTO sampled VALUES (1, 99)", "The samples hold"),
])  # fmt: skip
def test_what_is_not_as_it_should_be_is_told(library, damage, says):
    put(library, wire=FERRY, other=FERRY.upper(), strike=STRIKE)
    library.connection.execute(damage)
    assert any(sentence.startswith(says) for sentence in SKETCHES.check(library))
    with library.writing():
        SKETCHES.rebuild(library)
    assert list(SKETCHES.check(library)) == []


def test_an_article_that_an_older_version_took_out_can_come_again(library):
    put(library, wire=FERRY, other=FERRY.upper())
    with library.writing():
        library.remove("other")
    put(library, other=STRIKE)
    assert stories(library) == {}
    assert list(SKETCHES.check(library)) == []


def test_the_articles_of_a_story_come_earliest_first_undated_last(library):
    dates = {"a": None, "b": "2026-02-02", "c": "2026-02", "d": "2026-02-02"}
    list(
        add(
            library,
            HashEncoder(),
            [article(name, f"{FERRY} {name}", published=day, outlet=f"The {name}") for name, day in dates.items()],
        )
    )
    found = sketches.members(library, "a")
    assert [member.article_id for member in found] == ["c", "b", "d", "a"]
    assert (found[0].outlet, found[0].published, found[0].title, found[0].source) == (
        "The c",
        "2026-02",
        "On the c",
        "c.txt",
    )
    assert sketches.members(library, "b") == []
