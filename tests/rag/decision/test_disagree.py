"""Sources that disagree, and those that do not; who says the same of their own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, SyndicatedCopy
from rag.decision.disagree import agreeing, contradict, disagreeing, disputing
from tests.rag.citation.test_reanchor import quoted


def said_in(article_id: str, sentence: str, words: str) -> Answer:
    quote = replace(quoted(sentence, words), article_id=article_id)
    return Answer(words, 0.8, (quote,))


CLOSING = said_in("a", "The cannery in Brackwater will close with the loss of about 800 jobs in the town.", "800")
UNION = said_in("b", "The union says more than 1,000 people in the town hang on the Brackwater cannery.", "1,000")


def test_sources_disagree_over_one_thing() -> None:
    other = said_in("c", "Nine of them came by bicycle.", "Nine")
    assert disagreeing((CLOSING, other, UNION)) == (CLOSING, UNION)
    assert disagreeing((CLOSING, other)) == ()
    assert disagreeing((CLOSING,)) == ()
    assert disagreeing(()) == ()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("At the Brackwater cannery 812 jobs are to go, a count in the town says.", "812"),  # about 800, as the first
        ("The Brackwater cannery in the town puts 1,200 tins on each shelf.", "1,200"),  # not of jobs
        ("The Brackwater cannery in the town was built in 1913.", "1913"),  # a year
        ("The Brackwater cannery in the town puts up to 900 jobs at risk.", "900"),
        ("The Wexcombe cannery will close with the loss of 100 jobs in the town.", "100"),  # another one
        ("In Brackwater 350 jobs were made.", "350"),  # by another firm
        ("The Brackwater cannery in the town has 100 temporary jobs.", "100"),  # some of them
    ],
)
def test_the_sentence_says_of_what_a_number_is_and_how_sure(sentence: str, words: str) -> None:
    assert not contradict(CLOSING, said_in("c", sentence, words))
    assert not contradict(said_in("c", sentence, words), CLOSING)


def test_units_stand_behind_the_quote() -> None:
    one = said_in("a", "Skerrow ran on its own generator for 61 hours.", "61")
    assert contradict(one, said_in("b", "The generator ran on for three days, and Skerrow had light.", "three days"))
    assert not contradict(one, said_in("b", "Skerrow ran on its own generator for 2 km.", "2 km"))


def test_only_a_quantity_that_is_not_believed_disputes_the_best_answer() -> None:
    assert disputing(CLOSING, (UNION, said_in("c", "Nine came.", "Nine"))) == (UNION,)
    one = said_in("a", "The cannery in Brackwater was closed for good on 12 December 2025.", "12 December 2025")
    other = said_in("b", "For good, they say, the Brackwater cannery was closed in May 2025.", "May 2025")
    assert contradict(one, other)
    assert disputing(one, (other,)) == ()


def test_what_became_of_them_has_to_be_the_same() -> None:
    made = said_in("c", "A factory in the town is bringing 350 jobs to the old Brackwater cannery.", "350")
    assert not contradict(CLOSING, made)
    dead = said_in("a", "The fire at the Merrin hotel on the quay killed 12 guests.", "12")
    hurt = said_in("b", "The fire at the Merrin hotel on the quay injured 30 guests.", "30")
    assert not contradict(dead, hurt)
    assert contradict(dead, said_in("b", "At least 14 guests of the hotel are dead after the Merrin fire.", "14"))


def test_one_article_does_not_disagree_with_itself_nor_with_its_copy() -> None:
    own = replace(UNION, quotes=(replace(UNION.quotes[0], article_id="a"),))
    assert disagreeing((CLOSING, own)) == ()
    copied = replace(UNION.quotes[0], copies=(SyndicatedCopy("a", "A", "a.txt", None, None, None),))
    assert disagreeing((CLOSING, replace(UNION, quotes=(copied,)))) == ()
    edited = said_in("c", "The cannery in Brackwater will close with the loss of about 900 jobs in the town.", "900")
    assert disagreeing((CLOSING, edited)) == ()


def test_articles_that_say_so_are_counted_once_each_and_copies_not_at_all() -> None:
    (one,), (other,) = CLOSING.quotes, UNION.quotes
    again = replace(one, start=one.start + 1)
    reprint = replace(one, article_id="reprint")
    assert agreeing(Answer("800", 0.8, (one, other, again, reprint))) == 2


@given(st.text(max_size=60), st.text(min_size=1, max_size=20), st.text(max_size=60))
def test_any_sentences_can_be_held_against_each_other(before: str, words: str, behind: str) -> None:
    one = said_in("x", f"{before}{words}{behind}", words)
    assert contradict(one, UNION) == contradict(UNION, one)
    assert agreeing(one) == 1
