import datetime as dt
import time

import pytest

from corpus.facts.dates import dates_in, day_first_in, day_in_address, is_bare, iso_date, possible_days


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("12. března 2024", "2024-03-12"),
        ("12 марта 2024 г.", "2024-03-12"),
        ("12 marca 2024", "2024-03-12"),
        ("2024年3月12日(火)", "2024-03-12"),
        ("2024년 3월 12일", "2024-03-12"),
        ("2024. 3. 12.", "2024-03-12"),
        ("*14 March 2025*", "2025-03-14"),
        ("_14 March 2025_", "2025-03-14"),
        ("2024-03-12T08:00:00.000Z", "2024-03-12"),
        ("2024-03-12T23:30:00-05:00", "2024-03-12"),
        ("2024-03-12T08:00:00:684Z", "2024-03-12"),
        ("20240312T080000Z", "2024-03-12"),
        ("Tue Mar 12 01:12:17 UTC 2024", "2024-03-12"),
        ("12-Mar-2024", "2024-03-12"),
        ("1st of March, 2024", "2024-03-01"),
        ("Di., 12. März 2024 - 10:11 Uhr", "2024-03-12"),
        (1710230400, "2024-03-12"),
        (1710230400000, "2024-03-12"),
        ("1710230400", "2024-03-12"),
        (1710230400.5, "2024-03-12"),
        (dt.datetime(2024, 3, 12, 23, 0, tzinfo=dt.UTC), "2024-03-12"),
    ],
)
def test_a_whole_date(value, day):
    assert iso_date(value) == day


@pytest.mark.parametrize(
    "value",
    [
        "Updated 3 September 2024", "Last modified on 3 March 2024", "Aktualisiert am 3. März 2024", "Mis à jour le 3 mars 2024",
        "12 March 2024 in Merrin", "Updated 3 September 2024 | Published 12 March 2024", "12 Acorn 2024", "30 February 2024",
        float("nan"), float("inf"), 12, 99999999999999, "March 2024", "03/12/2024", "12/03/2024", "born 12 March 1924",
    ],
)  # fmt: skip
def test_no_date_of_publication(value):
    assert iso_date(value) is None


def test_the_order_settles_a_number():
    assert possible_days("03/12/2024") == ("2024-12-03", "2024-03-12")
    assert iso_date("03/12/2024", day_first=True) == "2024-12-03"
    assert iso_date("03/12/2024", day_first=False) == "2024-03-12"
    assert iso_date("13/12/2024", day_first=False) == "2024-12-13"


@pytest.mark.parametrize(
    ("language", "day_first"),
    [
        ("en-US", False),
        ("en_us", False),
        ("en-GB", True),
        ("de", True),
        ("fr-FR", True),
        ("en", None),
        ("ja", None),
        (None, None),
    ],
)
def test_the_order_of_a_language(language, day_first):
    assert day_first_in(language) is day_first


@pytest.mark.parametrize(
    ("line", "published", "other"),
    [
        ("Updated 3 September 2024 | Published 12 March 2024", ["2024-03-12"], ["2024-09-03"]),
        ("First published 2 March 2024, last updated 14 March 2024", ["2024-03-02"], ["2024-03-14"]),
        ("Published 12 March 2024 (updated 3 Sep 2024)", ["2024-03-12"], ["2024-09-03"]),
        ("Stand: 3.9.2024 - Veröffentlicht: 12.3.2024", ["2024-03-12"], ["2024-09-03"]),
        ("Mis à jour le 3 septembre 2024 - Publié le 12 mars 2024", ["2024-03-12"], ["2024-09-03"]),
        ("2024年3月12日公開 2024年9月3日更新", ["2024-03-12"], ["2024-09-03"]),
        ("公開日：2024年3月12日 更新日：2024年9月3日", ["2024-03-12"], ["2024-09-03"]),
        ("입력 2024.03.12. 오전 8:00 수정 2024.09.03", ["2024-03-12"], ["2024-09-03"]),
        ("Retrieved 3 September 2024", [], ["2024-09-03"]),
    ],
)
def test_labels_tell_publication_from_updates(line, published, other):
    found = dates_in(line)
    assert [one.days[0] for one in found if one.kind == "published"] == published
    assert [one.days[0] for one in found if one.kind == "other"] == other
    assert is_bare(line, found)


def test_a_line_with_more_words_is_not_bare():
    line = "On 12 March 2024 the ferry sank"
    assert not is_bare(line, dates_in(line))


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://merrin.example/2024/03/12/boat", "2024-03-12"),
        ("https://merrin.example/boat-20240312.html", "2024-03-12"),
        ("https://merrin.example/2024-03-12-boat", "2024-03-12"),
        ("https://merrin.example/2024/3/boat", None),
        ("https://merrin.example/a/1234567890", None),
        ("https://merrin.example/boat?on=2024-03-12", None),
        ("https://merrin.example/2024/02/30/boat", None),
        ("https://merrin.example/2024/03/12/2023-01-01", None),
    ],
)
def test_the_day_in_an_address(url, day):
    assert day_in_address(url) == day


@pytest.mark.parametrize(
    "unit", ["1", "1/", "12 a", "2024-", "aaa ", "last ", "12.", "2024年", "1 de ", "12 March 2024 ", " "]
)
def test_a_long_value_is_read_in_a_moment(unit):
    begun = time.process_time()
    for length in (80, 320, 1_000_000):
        text = (unit * length)[:length]
        iso_date(text)
        is_bare(text[:320], dates_in(text))
        day_in_address(text)
    assert time.process_time() - begun < 1
