"""Texts that show a network what it will be given."""

from corpus.chunk import Chunking, chunk
from corpus.sample import sample_articles
from index.encoder.calibration import calibration_texts


def count(texts):
    return [len(text.split()) for text in texts]


def test_every_fourth_passage_is_held_out_and_the_others_are_shown():
    chunking = Chunking(100)
    texts = calibration_texts(chunking, count)
    cut = [one.text for article in sample_articles() for one in chunk(article, chunking, count)]
    assert texts.held_out == cut[::4]
    assert [text for text in cut if text in texts.passages] == [text for number, text in enumerate(cut) if number % 4]
    assert texts == calibration_texts(chunking, count)


def test_what_no_article_is_like_is_shown_too():
    texts = calibration_texts(Chunking(100), count)
    repeated = [text for text in texts.passages if len(text.split()) > 1 and len(set(text.split())) == 1]
    assert {len(text.split()) for text in repeated} == {2, 5, 20, 60, 250}
    assert {"", "x", "🦀"} < set(texts.passages)
    assert any("Паром" in text for text in texts.passages)
    assert {article.title for article in sample_articles()} < set(texts.queries)
    assert {len(text.split()) for text in texts.queries} >= {1, 2}
