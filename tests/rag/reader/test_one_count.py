"""Of several counts that a reader names together, the one that is asked for."""

import pytest

from corpus.article import Span
from rag.reader.one_count import one_count

LIBRARY = "The library has 41,000 books and 2,300 members."


@pytest.mark.parametrize(("text", "words", "question", "expected"), [
    (LIBRARY, "41,000 books and 2,300", "How many members does it have?", "2,300"),
    (LIBRARY, "41,000 books and 2,300 members", "How many members does it have?", "2,300 members"),
    (LIBRARY, "41,000 books and 2,300", "How many books does it have?", "41,000 books"),
    (LIBRARY, "41,000 books and 2,300", "How many cats does it have?", "41,000 books and 2,300"),
    (LIBRARY, "41,000 books and 2,300", "What does it have?", "41,000 books and 2,300"),
    (LIBRARY, "41,000 books and 2,300 members", "How many books and members does it have?", "41,000 books and 2,300 members"),
    ("It has 3 ferries, 4 tugs and two old boats.", "3 ferries, 4 tugs and two", "How many boats does it have?", "two"),
    ("It has 3 ferries, 4 tugs and two old boats.", "3 ferries, 4 tugs and two", "How many ferries does it have?", "3 ferries"),
    ("It took 1 hour and 12 minutes.", "1 hour and 12 minutes", "How many hours did it take?", "1 hour and 12 minutes"),
    ("It has 41,000 books and 2,300\n\nmembers", "41,000 books and 2,300", "How many members?", "41,000 books and 2,300"),
])  # fmt: skip
def test_one_number_is_the_answer_where_one_thing_is_counted(text, words, question, expected):
    at = text.index(words)
    assert one_count(text, Span(at, at + len(words)), question).cut(text) == expected
