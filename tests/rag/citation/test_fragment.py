"""The address of a quote in a web page, by value; tests/ui/page/test_source_pane.py follows such addresses."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from corpus.offset_map import OffsetRun, Origin
from rag.citation.fragment import fragment_url


def named(words, text=None, url="https://x.org"):
    """The address of the first copy of the words in a text, by default one of just these words."""
    text = words if text is None else text
    start = text.index(words)
    return fragment_url(url, text, Span(start, start + len(words)))


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "ftp://x/y", "file:///etc/passwd", "//example.com", "https:/x", " https://x"])  # fmt: skip
def test_only_a_page_of_the_web_has_an_address(url):
    assert named("words", url=url) is None


@pytest.mark.parametrize(("url", "text", "expected"), [
    ("https://x.org/a", "the ferry", "https://x.org/a#:~:text=the%20ferry"),
    ("HTTP://x.org", "the ferry", "HTTP://x.org#:~:text=the%20ferry"),
    ("https://x.org/a?b=c&d", "ferry", "https://x.org/a?b=c&d#:~:text=ferry"),
    ("https://x.org/a#part", "ferry", "https://x.org/a#:~:text=ferry"),
    ("https://x.org/#:~:text=old", "ferry", "https://x.org/#:~:text=ferry"),
    ("https://x.org", "Saint-Brannoc", "https://x.org#:~:text=Saint%2DBrannoc"),
    ("https://x.org", "in June, we & they", "https://x.org#:~:text=in%20June%2C%20we%20%26%20they"),
    ("https://x.org", "50% #1 a/b", "https://x.org#:~:text=50%25%20%231%20a%2Fb"),
    ("https://x.org", "l’été 🦀", "https://x.org#:~:text=l%E2%80%99%C3%A9t%C3%A9%20%F0%9F%A6%80"),
    ("https://x.org", " two\tspaces\u00a0here ", "https://x.org#:~:text=two%20spaces%20here"),
    ("https://x.org", "w" * 200, "https://x.org#:~:text=" + "w" * 200),
    ("https://x.org", "one two three four five six seven eight nine ten", "https://x.org#:~:text=one%20two%20three%20four%20five%20six%20seven%20eight%20nine%20ten"),
    ("https://x.org", "a " * 39 + "bb", "https://x.org#:~:text=" + "a%20" * 39 + "bb"),
    ("https://x.org", "first two three four five " + "middle " * 10 + "fifth fourth third second last", "https://x.org#:~:text=first%20two%20three%20four%20five,fifth%20fourth%20third%20second%20last"),
])  # fmt: skip
def test_the_fragment_names_the_words_for_a_browser(url, text, expected):
    assert named(text, url=url) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("the end.\n\nThe next", "the%20end.,The%20next"), ("Yes.\n\nNo.", "Yes.,No."),
    ("Said:\n\nOne two three four five six seven.\n\nThe end", "Said%3A,The%20end"),
])  # fmt: skip
def test_a_quote_across_paragraphs_is_named_by_its_ends(text, expected):
    assert named(text) == f"https://x.org#:~:text={expected}"


@pytest.mark.parametrize(("words", "text", "expected"), [
    ("the Osprey", "On the Osprey's deck", "the%20Osprey%27s"), ("Osprey", "On the Osprey’s deck", "Osprey%E2%80%99s"),
    ("240", "some €240m lost", "240m"), ("200", "some 1,200 lost", "1%2C200"), ("3", "some 3.5 lost", "3.5"), ("one", "twenty-one-year", "one"),
    ("Osprey", "the Osprey.", "Osprey"), ("Osprey", "'Osprey'", "Osprey"), (" Osprey ", "an Osprey is", "Osprey"), ("“Hm”", "“Hm”s", "%E2%80%9CHm%E2%80%9D"),
    ("b", "a" * 60 + "b" + "c" * 60, "b"),
])  # fmt: skip
def test_words_are_named_whole(words, text, expected):
    assert named(words, text) == f"https://x.org#:~:text={expected}"


class TestCopies:
    TEXT = "At first, Mara slept.\n\nLater on, it was said, MARA\nwoke up: mara."

    def at(self, start, end):
        return fragment_url("https://x.org", self.TEXT, Span(start, end)).removeprefix("https://x.org#:~:text=")

    def test_are_told_apart_by_the_words_around_them(self):
        first, second, third = (self.TEXT.index(name) for name in ("Mara", "MARA", "mara."))
        assert self.at(first, first + 4) == "At%20first%2C-,Mara,-slept.&text=Mara"
        assert self.at(second, second + 4) == "it%20was%20said%2C-,MARA,-woke%20up%3A%20mara.&text=MARA"
        assert self.at(third, third + 4) == "woke%20up%3A-,mara,-.&text=mara"

    def test_at_the_ends_of_a_text_by_what_there_is(self):
        assert fragment_url("https://x.org", "Yes. Yes", Span(0, 3)) == "https://x.org#:~:text=Yes,-.%20Yes&text=Yes"
        assert fragment_url("https://x.org", "Yes. Yes", Span(5, 8)) == "https://x.org#:~:text=Yes.-,Yes&text=Yes"

    @pytest.mark.parametrize(("start", "expected"), [
        (8, "It%20cost-,80,-in%20all.&text=80"), (58, "twenty%2Dyear%2Dold%20one%2C%20had-,80,-people%20on%20board&text=80"), (88, "board%20that%20day.-,80&text=80"),
    ])  # fmt: skip
    def test_of_a_number(self, start, expected):
        text = "It cost 80 in all.\n\nThe ferry, a twenty-year-old one, had 80 people on board that day.\n\n80"
        assert fragment_url("https://x.org", text, Span(start, start + 2)) == f"https://x.org#:~:text={expected}"
        people = text.index("80 people")
        assert fragment_url("https://x.org", text, Span(people, people + 9)) == "https://x.org#:~:text=80%20people"

    def test_of_a_paragraph_by_those_in_the_next_ones(self):
        text = "The head\n\nSame words.\n\nThe tail\n\nSame words."
        expected = "https://x.org#:~:text=The%20head-,Same%20words.,-The%20tail&text=Same%20words."
        assert fragment_url("https://x.org", text, Span(10, 21)) == expected

    def test_of_a_long_quote_by_where_it_begins(self):
        long = "We said it many times before, " + "and again, " * 9 + "and that is that."
        text = f"Once: {long}\n\nTwice: {long}"
        start = text.rindex("We said")
        assert fragment_url("https://x.org", text, Span(start, start + len(long))) == (
            "https://x.org#:~:text=Twice%3A-,We%20said%20it%20many%20times,again%2C%20and%20that%20is%20that."
            "&text=We%20said%20it%20many%20times,again%2C%20and%20that%20is%20that."
        )


class TestTables:
    TEXT = "Fares\n\nPell | 14 pounds\nHollin | | 14 pounds\nTarrow | 14 pounds | free\n\n1. Ropes\n2. Nets\n3. Ropes"

    def at(self, words, number=0, origin=None):
        start = [found.start() for found in re.finditer(re.escape(words), self.TEXT)][number]
        return fragment_url("https://x.org", self.TEXT, Span(start, start + len(words)), origin).partition("#:~:")[2]

    @pytest.mark.parametrize(("words", "number", "expected"), [
        ("14 pounds", 0, "text=Pell-,14%20pounds,-Hollin&text=14%20pounds"), ("14 pounds", 1, "text=Hollin-,14%20pounds,-Tarrow&text=14%20pounds"),
        ("14 pounds | free", 0, "text=Tarrow-,14%20pounds,free,-Ropes&text=14%20pounds,free"), ("Hollin | | 14 pounds", 0, "text=Hollin,14%20pounds"),
        ("| free", 0, "text=free"), ("Pell | 14 pounds\nHollin", 0, "text=Pell,Hollin"), ("Ropes", 1, "text=Nets-,Ropes&text=Ropes"), ("1. Ropes", 0, "text=free-,Ropes,-Nets&text=Ropes"),
        (" | ", 0, ""), ("2.", 0, ""), ("Nets\n3. Ropes", 0, "text=Nets,Ropes"),
    ])  # fmt: skip
    def test_no_bar_and_no_number_is_named_and_no_part_crosses_a_block(self, words, number, expected):
        assert self.at(words, number) == self.at(words, number, Origin()) == expected

    def test_bars_that_may_be_the_author_s_are_named_after_that(self):
        written = Origin((OffsetRun(0, len(self.TEXT), 0, len(self.TEXT)),))
        assert self.at("14 pounds", 2, written) == (
            "text=Tarrow-,14%20pounds,-free&text=Tarrow%20%7C-,14%20pounds,-%7C%20free&text=14%20pounds"
        )

    def test_where_the_words_around_are_the_same_the_page_is_marked_from_before_them(self):
        text = "Pell | cook | Odo | free\nTarrow | cook | Odo | free\nHollin | cook | Odo | free"
        start = text.index("Odo", text.index("Tarrow"))
        assert fragment_url("https://x.org", text, Span(start, start + 3)) == (
            "https://x.org#:~:text=Tarrow-,cook,Odo,-free&text=Odo"
        )
        row = "cook | Odo | free"
        start = text.index(row, text.index("Hollin"))
        assert fragment_url("https://x.org", text, Span(start, start + len(row))) == (
            "https://x.org#:~:text=Hollin-,cook,free&text=cook,free"
        )


@given(st.text(min_size=1).filter(str.strip), st.data())
@settings(deadline=None)
def test_a_fragment_is_ascii_and_its_signs_are_the_directives_own(text, data):
    text = text.encode(errors="replace").decode()
    start = data.draw(st.integers(0, len(text) - 1))
    made = fragment_url("https://x.org", text, Span(start, data.draw(st.integers(start + 1, len(text)))))
    directives = made.removeprefix("https://x.org#:~:text=").split("&text=")
    assert made.isascii()
    assert len(directives) <= 2
    for directive in directives:
        assert not set(directive.replace("-,", ",").replace(",-", ",")) & set("-&# \n\"'<>")
        assert directive.count(",") <= 3


@pytest.mark.parametrize(
    "text",
    [
        "x" * 3_000_000,
        "| " * 1_500_000,
        "1. x\n" * 600_000,
        "a | " * 120_000,
        "\n" * 400_000 + "x",
        "word " * 600_000,
        "one word\n" * 300_000,
        " " * 3_000_000 + "x",
        ("w" * 2_000 + " ") * 1_500,
    ],
)
def test_a_long_quote_in_a_long_text_has_a_short_address_at_once(text):
    started = time.perf_counter()
    address = fragment_url("https://x.org#part", text, Span(0, len(text)))
    assert time.perf_counter() - started < 3  # 0.1 on two free cores
    assert address.startswith("https://x.org")
    assert len(address) < 8_000


def test_a_word_that_is_too_long_to_name_leads_to_the_page():
    assert named("x" * 1_001) == "https://x.org"
    assert named("x" * 1_000) == "https://x.org#:~:text=" + "x" * 1_000


def test_in_a_very_long_text_the_words_around_come_first():
    text = "The ferry sank. " + "Nobody knows why. " * 30_000
    assert named("ferry", text) == "https://x.org#:~:text=The-,ferry,-sank.%20Nobody%20knows&text=ferry"
