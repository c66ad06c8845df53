import datetime as dt

import pytest

from corpus.draft import SourceFacts
from corpus.facts.dates import iso_date
from corpus.facts.names import byline_names, people
from corpus.formats.facts import stated


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-02T01:12:17", "2026-02-02"),
        ("2026-02-02 01:12:17 +0100", "2026-02-02"),
        ("20260202", "2026-02-02"),
        (20260202, "2026-02-02"),
        ("2025/09/15", "2025-09-15"),
        ("15.9.2025, 10:30 Uhr", "2025-09-15"),
        ("13/03/2026", "2026-03-13"),
        ("03/13/2026", "2026-03-13"),
        ("Monday, September 15, 2025", "2025-09-15"),
        ("Posted on Sept. 15, 2025 at 9:14 AM EDT", "2025-09-15"),
        ("Thu, 02 Jan 2020 10:00:00 +0000", "2020-01-02"),
        ("lundi 15 septembre 2025", "2025-09-15"),
        ("Publié le 1er mars 2025 à 12h30", "2025-03-01"),
        ("Veröffentlicht am 15. Oktober 2025", "2025-10-15"),
        ("martes, 4 de marzo de 2025", "2025-03-04"),
        ("Friday, January 4, 2019\xa0", "2019-01-04"),
        (dt.datetime(2026, 2, 2, 1, 12, tzinfo=dt.UTC), "2026-02-02"),
        (dt.date(2020, 1, 2), "2020-01-02"),
    ],
)
def test_a_whole_date_is_read(text, day):
    assert iso_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2026",
        "2026-13-02",
        "31 June 2025",
        "yesterday",
        "3 hours ago, 2025",
        "2025",
        "September 2025",
        "On March 3, 2024 the president spoke",
        "2020-01-02 was a day",
        "Room 12, 2013",
        "9" * 5000,
        True,
        None,
        ["2020-01-02"],
        "",
    ],
)
def test_what_is_no_whole_date_is_none(text):
    assert iso_date(text) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Berg", ("Ann Berg",)),
        ("By Ann Berg and Tom Q. Hale", ("Ann Berg", "Tom Q. Hale")),
        ("by Ann Berg, Tom Hale and Omar al-Bakr", ("Ann Berg", "Tom Hale", "Omar al-Bakr")),
        ("By ANN BERG, Associated Press", ("ANN BERG",)),
        ("By Ann Berg, BBC News Africa correspondent", ("Ann Berg",)),
        ("Par Jean-Luc Moulin et Marie Le Goff", ("Jean-Luc Moulin", "Marie Le Goff")),
        ("Von Anna Müller und Ludwig van Beek", ("Anna Müller", "Ludwig van Beek")),
        ("Por José Ñandú | Reuters", ("José Ñandú",)),
        ("By Ann Berg in London", ("Ann Berg",)),
        ("By the time he arrived", ()),
        ("By Monday", ()),
        ("By contrast", ()),
        ("By Staff", ()),
        ("Bygones are bygones", ()),
        ("Ann Berg", ()),
    ],
)
def test_byline_names(line, names):
    assert byline_names(line) == names


def test_what_is_no_name_in_a_list_is_left_out():
    assert people("Ann Berg and 3 others") == ("Ann Berg",)
    assert people("3 others and Ann Berg") == ()


def test_facts_are_found_under_other_names():
    record = {
        "Headline": "A title",
        "byline": "By Ann Berg and Tom Hale",
        "pubDate": "Thu, 02 Jan 2020 10:00:00 +0000",
        "site_name": "The Planet",
        "permalink": "https://planet.example/a",
        "lang": "en-GB",
    }
    expected = SourceFacts(
        "A title", ("Ann Berg", "Tom Hale"), "The Planet", "2020-01-02", "https://planet.example/a", "en"
    )
    assert stated(record) == expected


def test_authors_may_be_records_and_lists():
    assert stated({"author": [{"name": "Ann Berg"}, "Tom Hale"]}).authors == ("Ann Berg", "Tom Hale")
    assert stated({"author": "badger99"}).authors == ("badger99",)
    assert stated({"author": "https://x.example/ann"}).authors == ()


def test_a_source_that_is_an_address_is_the_url_and_no_outlet():
    facts = stated({"source": "https://planet.example/a"})
    assert (facts.outlet, facts.url) == (None, "https://planet.example/a")


def test_useless_values_are_none():
    assert (
        stated({"title": "  ", "date": "soon", "author": [], "url": "nowhere", "language": "English"}) == SourceFacts()
    )


def _nested(value, depth, key=None):
    for _ in range(depth):
        value = {key: value} if key else [value]
    return value


@pytest.mark.parametrize(
    "value",
    [_nested("Ann Berg", 5_000), _nested("Ann Berg", 5_000, "name"), 16**10_000, -(16**10_000), "x" * 10**7],
    ids=["lists", "records", "large", "small", "long"],
)
def test_a_value_of_an_absurd_shape_states_little_and_stops_nothing(value):
    found = stated(dict.fromkeys(("author", "date", "language", "url", "publisher"), value))
    assert (found.published, found.language, found.url) == (None, None, None)
    assert len(str(found)) < 2_000


def test_names_may_stand_in_records_and_lists():
    assert stated({"author": [{"name": ["Ann Berg"]}, "Lars Holm"]}).authors == ("Ann Berg", "Lars Holm")


def test_a_long_run_of_letters_is_read_once():
    assert people("a" * 1_000_000) == ()


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Quill, Ada", ("Ada Quill",)),
        ("Quill, Ada; Okoro, Sam", ("Ada Quill", "Sam Okoro")),
        (["Quill, Ada", "Okoro, Sam"], ("Ada Quill", "Sam Okoro")),
        ([["Ada Quill"]], ("Ada Quill",)),  # [[Ada Quill]] in YAML, without quotation marks
        ([["Quill", "Ada"]], ("Ada Quill",)),
        ([["Ada Quill"], ["Sam Okoro"]], ("Ada Quill", "Sam Okoro")),
        ("[[Ada Quill]], [[Sam Okoro]]", ("Ada Quill", "Sam Okoro")),
        (["[[Ada Quill|A. Quill]]"], ("Ada Quill",)),
        ({"given": "Ada", "family": "Quill"}, ("Ada Quill",)),
        (
            [{"firstName": "Ada", "lastName": "Quill"}, {"@type": "Person", "name": "Sam Okoro"}],
            ("Ada Quill", "Sam Okoro"),
        ),
        ("Merrin County Council", ("Merrin County Council",)),
        ("admin", ()),
        ("Unknown", ()),
        ("作者：王小明", ("王小明",)),
    ],
)
def test_authors_as_files_give_them(value, names):
    assert stated({"author": value}).authors == names


@pytest.mark.parametrize("value", [1710230400, 1710230400000, "1710230400", 1710230400.0, "2024-03-12T08:00:00Z"])
def test_seconds_and_milliseconds_are_dates(value):
    assert stated({"date": value}).published == "2024-03-12"


def test_the_language_of_a_record_settles_its_numbers():
    assert stated({"date": "03/12/2024"}).published is None
    assert stated({"date": "03/12/2024", "lang": "en-US"}).published == "2024-03-12"
    assert stated({"date": "03/12/2024", "lang": "de"}).published == "2024-12-03"
