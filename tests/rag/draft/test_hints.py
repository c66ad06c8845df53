"""What a draft states around a quotation otherwise than the article."""

import pytest

from rag.draft.hints import hints
from rag.draft.quotations import quotations
from tests.rag.draft.articles import HARBOUR, LIBRARY


def told(draft, article=HARBOUR, published="2026-03-04"):
    found = quotations(draft)
    start = article.index(found[0].span.cut(draft))
    given = hints(draft, (found[0], found), article, type(found[0].span)(start, start + 10), published)
    for one in given:
        assert draft[one.start : one.end] == one.text
        assert article[one.article_start : one.article_end] == one.article_text
    return [(one.kind, one.text, one.article_text) for one in given]


@pytest.mark.parametrize(("draft", "expected"), [
    ("On 5 March, Anne Berg said “We will keep both cranes”.", [("date", "5 March", "3 March"), ("name", "Anne Berg", "Ann Berg")]),
    ("On 3 March, Ann Berg said “We will keep both cranes”.", []), ("On March 4, 2026, Berg said “We will keep both cranes”.", []),
    ("The meeting lasted five hours; “We will keep both cranes”, said Ann Berg.", [("number", "five hours", "four hours")]),
    ("The meeting lasted 4 hours; “We will keep both cranes”, said Ann Berg.", []),
    ("Twelve people came. The others said “We will keep both cranes” in 30 minutes.", []),
    ("“The fees have gone up”, said Carl Dahlen in Port Ellis after four days.", [("name", "Carl Dahlen", "Carl Dahl")]),
    ("“The fees have gone up”, said Rosa Klein.", []), ("“The fees have gone up” in “five hours”.", []),
])  # fmt: skip
def test_what_the_article_states_otherwise_is_hinted_at(draft, expected):
    assert told(draft) == expected


def test_sums_are_compared():
    draft = "The fire cost 3.4 million euros, and “We have forgiven every fine”."
    assert told(draft, LIBRARY) == [("number", "3.4 million euros", "2.4 million euros")]
