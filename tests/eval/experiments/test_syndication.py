import pytest

from corpus.article import Article, Span
from eval.datasets.example import EvalSet, Example, Gold
from eval.experiments.syndication import markdown, measure
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.index.near_duplicates.test_sketches import story


@pytest.fixture
def eval_set():
    articles = tuple(Article(f"a{number}", f"Title {number}", story(str(number)), f"a{number}") for number in range(4))
    examples = []
    for article in articles:
        words = article.text[: article.text.index("\n")]
        span = Span(0, len(words))
        examples.append(
            Example(
                article.id,
                " ".join(words.split()[10:30]),
                (Gold(" ".join(words.split()[20:23]), article.id, span, span),),
            )
        )
    return EvalSet("made", "squad", "0", tuple(examples), articles)


def test_a_set_is_asked_of_its_articles_and_of_them_with_copies(eval_set, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_READER", "sentence")
    rows = list(measure(eval_set, None, HashEncoder(), Settings()))
    assert [row.library for row in rows] == ["the articles alone", "with copies", "with copies, told apart"]
    assert all(row.found == (1.0, 1.0, 1.0) for row in rows)
    lines = list(markdown([("made", row) for row in rows]))
    assert lines[2].startswith("| made | the articles alone | 1.000 | 1.000 | 1.000 |")
    assert len({line.count("|") for line in lines}) == 1
