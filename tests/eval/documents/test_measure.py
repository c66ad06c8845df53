"""The measures of documents on cases that can be reckoned by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from eval.documents.gold import GoldArticle, GoldBlock
from eval.documents.measure import Share, measure_article


def read(text, **facts):
    return Article("a", facts.pop("title", "A title"), text, "/a.txt", **facts)


def paragraphs(*texts):
    return tuple(map(GoldBlock, texts))


def value(article, gold, name):
    return measure_article(article, gold).shares[name].value


def pair(article, gold, name):
    share = measure_article(article, gold).shares[name]
    return share.n, share.of


def test_words_count_as_often_as_they_occur():
    gold = GoldArticle(paragraphs("the old mill, the new mill"))  # 6 words
    article = read("The mill the mill the mill")  # "the" and "mill" twice each are shared; "The" has its case
    assert value(article, gold, "precision") == pytest.approx(4 / 6)
    assert value(article, gold, "recall") == pytest.approx(4 / 6)
    assert value(read("the old mill"), gold, "precision") == 1.0
    assert value(read("the old mill"), gold, "recall") == 0.5
    assert value(read("the old mill"), gold, "f1") == pytest.approx(2 * 0.5 / 1.5)


def test_what_was_not_read_scores_nothing():
    gold = GoldArticle(paragraphs("the old mill"), {"title": ("Mill",)}, forbidden=("bell",))
    shares = measure_article(None, gold).shares
    assert [shares[name].value for name in ("f1", "recall", "blocks", "title")] == [0.0, 0.0, 0.0, 0.0]
    assert shares["title_missing"] == Share(1, 1)


def test_a_ligature_is_its_letters_and_a_mark_of_a_note_is_no_word():
    gold = GoldArticle(paragraphs("five officers in 2021"))
    assert value(read("ﬁve oﬃcers in 2021"), gold, "f1") == 1.0
    assert value(read("five officers in 2021⁴"), gold, "f1") == pytest.approx(3 / 4)


def test_the_order_is_the_longest_common_subsequence_of_the_words_that_both_have():
    gold = GoldArticle(paragraphs("a b c d", "e f g h"))
    assert value(read("a b c d\n\ne f g h"), gold, "order") == 1.0
    assert value(read("e f g h\n\na b c d"), gold, "order") == 0.5
    assert value(read("a b e f c d g h"), gold, "order") == 0.75  # a b c d g h
    assert value(read("a b x c d"), gold, "order") == 1.0  # what is missing or too many is not out of order


def test_the_fault_of_an_order_names_two_blocks():
    gold = GoldArticle(paragraphs("a b c d", "e f g h"))
    assert measure_article(read("e f g h\n\na b c d"), gold).faults == ("order: e f g h / stands before / a b c d",)
    mixed = measure_article(read("a b e f c d g h"), gold).faults
    assert mixed == ("order: lines of blocks are mixed", "blocks: a b c d", "blocks: e f g h")


def test_a_block_that_floats_may_stand_anywhere_whole():
    gold = GoldArticle((*paragraphs("a b c d", "e f g h"), GoldBlock("n o", floats=True)))
    assert value(read("a b c d\n\nn o\n\ne f g h"), gold, "order") == 1.0
    assert value(read("n a b c d\n\no e f g h"), gold, "order") == 0.8  # a to h of ten
    assert value(read("a b c d\n\nn o\n\ne f g h"), gold, "f1") == 1.0


def test_a_paragraph_is_whole_in_one_block_with_nothing_between():
    gold = GoldArticle(paragraphs("The pier was sold.", "To whom?"))
    assert pair(read("The pier was sold. To whom?"), gold, "blocks") == (2, 2)
    assert pair(read("The pier\nwas sold.\n\nTo whom?"), gold, "blocks") == (2, 2)
    assert pair(read("The pier\n\nwas sold.\n\nTo whom?"), gold, "blocks") == (1, 2)
    assert pair(read("The pier Page 7 was sold.\n\nTo whom?"), gold, "blocks") == (1, 2)
    assert pair(read("The piers was sold.\n\nTo whom?"), gold, "blocks") == (1, 2)


ROWS = GoldArticle(
    (GoldBlock("Town Adult Child Sedge 7 Orm 9", (("Town", "Adult", "Child"), ("Sedge", "", "7"), ("Orm", "9", ""))),)
)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Town | Adult | Child\nSedge | | 7\nOrm | 9 |", 3),
        ("Town  |Adult | Child\nSedge | 7\nOrm | 9", 1),  # the empty cells are lost
        ("Town | Adult | Child Sedge | | 7\nOrm | 9 |", 1),
        ("Town Adult Child\nSedge 7\nOrm 9", 0),
        ("Town | Adult | Child\nSedge | 7 |\nOrm | 9 |", 2),  # 7 under the wrong heading
    ],
)
def test_a_row_is_a_line_with_its_cells_in_their_columns(text, whole):
    assert pair(read(text), ROWS, "rows") == (whole, 3)


def test_a_row_that_stands_once_counts_once():
    twice = GoldArticle((GoldBlock("", (("a", "b"), ("a", "b"))),))
    assert pair(read("a | b\nc | d"), twice, "rows") == (1, 2)
    assert pair(read("a | b\na | b"), twice, "rows") == (2, 2)


def test_an_item_is_a_line_and_may_have_a_number_that_the_gold_has_not():
    gold = GoldArticle((GoldBlock("", items=("Call twice", "2. Dig")),))
    assert pair(read("1. Call twice\n2. Dig"), gold, "items") == (2, 2)
    assert pair(read("• Call twice\nDig"), gold, "items") == (1, 2)
    assert pair(read("Call twice 2. Dig"), gold, "items") == (0, 2)


def test_texts_that_must_not_stand_in_one_block():
    gold = GoldArticle(paragraphs("x"), apart=(("the head", "the body"), ("a note", "the body")))
    assert pair(read("the head\nthe body\n\na note"), gold, "apart") == (1, 2)


def test_texts_that_must_not_occur_are_whole_words_or_signs():
    gold = GoldArticle(paragraphs("x"), forbidden=("ii", "[[", "Page 7"))
    assert pair(read("skiing [1] Page 70"), gold, "absent") == (3, 3)
    assert pair(read("see ii, word[[link]] on Page\n7"), gold, "absent") == (0, 3)


def test_the_title_and_the_lines_of_the_head_may_stand_in_the_text_or_not():
    gold = GoldArticle(paragraphs("The body."), {"title": ("The mill",)}, head=("By Ana Roe",))
    for text in ("The mill\n\nBy Ana Roe\n\nThe body.", "The body."):
        assert value(read(text, title="The mill"), gold, "f1") == 1.0
    assert value(read("The mill\n\nThe mill\n\nThe body."), gold, "precision") == 0.5  # one of each


FACTS = {
    "title": ("The mill",),
    "authors": ("Ana Roe", "Bo Lind"),
    "published": ("2024-03-12",),
    "outlet": (),
    "url": ("https://m.example/",),
    "language": ("en-GB",),
}


def test_facts_are_right_missing_or_invented():
    stated = read(
        "x", title="The mill!", authors=("BO LIND", "Staff"), published="2024-03-21", outlet="Post", language="en"
    )
    shares = measure_article(stated, GoldArticle(paragraphs("x"), FACTS)).shares
    found = {
        name: tuple(
            (shares[name + what].n, shares[name + what].of)
            for what in ("", "_missing", "_invented")
            if name + what in shares
        )
        for name in FACTS
    }
    assert found == {
        "title": ((1, 1), (0, 1), (0, 1)),
        "authors": ((1, 2), (1, 2), (1, 2)),
        "published": ((0, 1), (1, 1), (1, 1)),
        "outlet": ((1, 1),),  # nothing is right, so that all that is stated is invented
        "url": ((0, 1), (1, 1)),
        "language": ((1, 1), (0, 1), (0, 1)),
    }


def test_a_fact_that_the_gold_does_not_name_is_not_scored_nor_an_unknown_title():
    shares = measure_article(read("x", outlet="Post"), GoldArticle(paragraphs("x"), {"title": ()})).shares
    assert not {name for name in shares if name.startswith(("outlet", "title"))}


def test_faults_say_what_is_wrong():
    gold = GoldArticle(
        (*paragraphs("The pier was sold."), *ROWS.blocks), {"authors": ("Ana Roe",)}, forbidden=("DRAFT",)
    )
    faults = measure_article(
        read("The pier DRAFT was sold.\n\nTown | Adult | Child\nSedge | | 7\nOrm | 9"), gold
    ).faults
    assert faults == (
        "words too many: DRAFT",
        "blocks: The pier was sold.",
        "rows: Orm | 9 |",
        "absent: DRAFT",
        "authors missing: Ana Roe",
    )


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1))
def test_a_text_is_perfect_against_itself(texts):
    text = "\n\n".join(texts)
    if not text.strip():
        return
    gold = GoldArticle(paragraphs(*(part for part in text.split("\n\n") if part.strip())), {"title": ("A title",)})
    scored = measure_article(read(text, title="Another title"), gold)
    assert {name: share.value for name, share in scored.shares.items() if not name.startswith("title")} == {
        name: 1.0 for name in scored.shares if not name.startswith("title")
    }
    assert scored.faults == ("title missing: A title", "title invented: Another title")
