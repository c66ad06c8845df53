"""What the filter panel sends: taken whole or refused, and told in words."""

import pytest

from index.filters import BadFilter, Filter
from ui.page.selection import EVERYTHING, Selection


def test_what_is_sent_is_a_filter() -> None:
    sent = {"since": "2025-03", "outlet": ["The Gazette"], "article": ["a", "b"], "newest_first": True}
    assert Selection.sent(sent) == Selection(Filter(since="2025-03", outlet=("The Gazette",), article=("a", "b")), True)
    assert Selection.sent({}) == EVERYTHING
    assert not EVERYTHING.filter


@pytest.mark.parametrize(
    "sent", [None, "", [], 7, {"outlets": ["x"]}, {"since": 2025}, {"outlet": [1]}, {"newest_first": "perhaps"}]
)
def test_what_is_no_selection_is_refused_and_never_asks_everything(sent: object) -> None:
    with pytest.raises(BadFilter, match="The filter cannot be read; load the page anew"):
        Selection.sent(sent)


@pytest.mark.parametrize("date", ["2025-13", "2025-02-30", "March 2025", "2025-3", "last year"])
def test_a_bad_date_is_told_in_one_sentence(date: str) -> None:
    with pytest.raises(BadFilter) as told:
        Selection.sent({"until": date})
    assert str(told.value) == (
        f"The date {date!r} is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."
    )


@pytest.mark.parametrize(
    ("only", "words"),
    [
        (Filter(), ()),
        (Filter(since="2025-03", outlet=("The Merrin Courier",)), ("since 2025-03", "The Merrin Courier")),
        (Filter(until="2025", outlet=("A", "B"), author=("Ann", "Bo")), ("until 2025", "A or B", "by Ann or Bo")),
        (Filter(language=("fr",), article=("x",)), ("in fr", "“Title of x”")),
        (Filter(article=tuple("abcde")), ("“Title of a” or “Title of b” or “Title of c” or 2 more",)),
    ],
)
def test_it_is_told_in_words(only: Filter, words: tuple[str, ...]) -> None:
    assert Selection(only).in_words(lambda identity: f"Title of {identity}") == words


def test_only_the_titles_that_are_told_are_looked_up() -> None:
    looked_up: list[str] = []
    Selection(Filter(article=tuple("abcdefgh"))).in_words(lambda identity: looked_up.append(identity) or identity)  # type: ignore[func-returns-value]
    assert looked_up == ["a", "b", "c"]
