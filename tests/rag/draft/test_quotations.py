"""Quotations found in a text, their parts, and who speaks them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from rag.draft.cuts import cut_quotation
from rag.draft.quotations import quotations
from rag.draft.speaker import same_person, speaker_beside, speaker_of
from tests.rag.draft.articles import HARBOUR, LIBRARY


def found(text):
    return [(one.span.cut(text), one.depth) for one in quotations(text)]


@pytest.mark.parametrize(("text", "expected"), [
    ('"one two" and “three”', [("one two", 0), ("three", 0)]), ("„vier“ «cinq» »sechs« « sept »", [("vier", 0), ("cinq", 0), ("sechs", 0), ("sept", 0)]),
    ("‚eins‘ ‘two’ 'three' ”fyra” 「五」『六』", [("eins", 0), ("two", 0), ("three", 0), ("fyra", 0), ("五", 0), ("六", 0)]),
    ("“a ‘b “c” d’ e”", [("a ‘b “c” d’ e", 0), ("b “c” d", 1), ("c", 2)]), ("\"it's 'b c' d\"", [("it's 'b c' d", 0), ("b c", 1)]),
    ("don’t say ‘it isn’t the boys’ boat’, he said", [("it isn’t the boys’ boat", 0)]), ("the dogs' bowl and the cats' dish", []),
    ('a 5" pipe and a 6" one', []), ("“open.\n\nNext paragraph “closed” here.", [("closed", 0)]),
    ("“one.\n\n“two.\n\n“three.” End", [("one.\n\n“two.\n\n“three.", 0)]), ('"one.\n\n"two." End', [('one.\n\n"two.', 0)]),
    ("“a ‘b.\n\n“‘c’ d” e", [("a ‘b.\n\n“‘c’ d", 0), ("b.\n\n“‘c", 1)]),
    ("> one\n> two\n> — Ann Berg\n\nthree", [("one\n> two", 0)]), ("> “one two three four”.", [("one two three four", 0)]),
    ("> He came. “Yes,” he said, and left the room again.", [("He came. “Yes,” he said, and left the room again.", 0), ("Yes,", 1)]),
    ('<a title="no quotation">text</a> `"code"` [link](http://x "title")', []), ('```\n"code"\n```\n"text"', [("text", 0)]),
    ("“[link text](http://x.example/)”", [("[link text](http://x.example/)", 0)]), ("”“", []), ("", []), ('""', []), ("“ ”", []),
])  # fmt: skip
def test_quotations_are_found_in_all_marks(text, expected):
    assert found(text) == expected


@given(st.text(alphabet="\"'“”„‟«»‹›‘’‚「」『』> \nabs.-[]()…`<"))
def test_any_marks_give_spans_in_order_that_nest(text):
    spans = quotations(text)
    assert spans == sorted(spans, key=lambda one: (one.span.start, -one.span.end))
    for one in spans:
        assert one.span.cut(text) == one.span.cut(text).strip()
        cut = cut_quotation(text, one.span)
        assert len(cut.cuts) == max(len(cut.parts) - 1, 0)
        assert all(one.span.covers(part) for part in cut.parts)


@pytest.mark.parametrize(("text", "parts", "kinds"), [
    ("a … b", ["a", "b"], [(True, "")]), ("a [...] b (…) c . . . d", ["a", "b", "c", "d"], [(True, "")] * 3),
    ("a [the mayor] b", ["a", "b"], [(False, "the mayor")]), ("[T]he end", ["[T]he end"], []), ("see [this](http://x) now", ["see [this", "now"], [(False, "")]),
    ("… a …", ["a"], []), ("a [x] … b", ["a", "b"], [(True, "x")]), ("[…]", [], []), ("a [b [c] d", ["a [b", "d"], [(False, "c")]),
])  # fmt: skip
def test_a_quotation_is_cut_where_words_are_left_out_or_put_in(text, parts, kinds):
    cut = cut_quotation(text, Span(0, len(text)))
    assert [part.cut(text) for part in cut.parts] == parts
    assert [(one.is_ellipsis, one.insert) for one in cut.cuts] == kinds


@pytest.mark.parametrize(("text", "name"), [
    ("“A b c,” said Ann Berg.", "Ann Berg"), ("“A b c,” Ann Berg said.", "Ann Berg"), ("“A b c,” Ann Berg, the mayor of Ellis, said.", "Ann Berg"),
    ("“A b c,” said harbour master Ann Berg", "Ann Berg"), ("Ann Berg said on Monday: “A b c.”", "Ann Berg"), ("Ann Berg: “A b c.”", "Ann Berg"),
    ("According to Ann Berg, “A b c.”", "Ann Berg"), ("„A b c“, sagte Ann Berg.", "Ann Berg"), ("« A b c », a déclaré Ann Berg.", "Ann Berg"),
    ("Ann Berg was angry. “A b c,” she said.", "Ann Berg"), ("Ann Berg was angry.\n\n“A b c,” she said.", "Ann Berg"), ("“A b c,” he said.", None),
    ("“A b c.” It rained.", None), ("> A b c\n> — Ann Berg", "Ann Berg"), ("“X y,” said Ann Berg. “A b c.”", "Ann Berg"),
    ("“A b c,” said the mayor.", None), ("Eva Holm smiled.\n\n“X y,” she said. “A b c.”\n\nAnn Berg said no.", "Eva Holm"),
    ("Ann Berg, head of the port, last year told the daily Le Monde: “A b c.”", "Ann Berg"), ("The mayor, Ann Berg, on Tuesday said: “A b c.”", "Ann Berg"),
    ("It told the Courier: “A b c.”", None), ("Eva Holm said no. Ann Berg: “A b c.”", "Ann Berg"), ("“A b c,” Ann Berg last week told the Courier.", "Ann Berg"),
    ("“A b c.”\n\nAnn Berg said no.", None), ("“A b c,”\nsaid Ann\nBerg.", "Ann Berg"), ("“A b c,” said Ludwig van der Berg", "Ludwig van der Berg"),
])  # fmt: skip
def test_the_speaker_is_who_is_named_beside_the_words(text, name):
    spans = quotations(text)
    one = next(quotation for quotation in spans if "b c" in quotation.span.cut(text).lower())
    assert speaker_beside(text, one, spans) == name


@pytest.mark.parametrize(("article", "words", "name"), [
    (HARBOUR, "until the last boat", "Ann Berg"), (HARBOUR, "nobody will", "Ann Berg"), (HARBOUR, "gone up three", "Carl Dahl"),
    (HARBOUR, "litre of diesel", "Carl Dahl"), (HARBOUR, "never charged", "Berg"), (HARBOUR, "night ferry", None), (LIBRARY, "single step", "Architect Jonas Frey"),
])  # fmt: skip
def test_the_articles_speaker_is_found(article, words, name):
    start = article.index(words)
    speaker = speaker_of(article, Span(start, start + len(words)))
    assert (speaker.name, speaker.is_quoted) == (name, words != "night ferry")


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Ann Berg", "Berg", True), ("Ann Berg", "A. Berg", True), ("Ann Berg", "Carl Berg", False), ("Mr Berg", "Ann Berg", True),
    ("Ann Berg", "Ann Holm", False), ("Ann Berg", "Ann", True), ("Mayor Ann Berg", "Ann Berg", True), ("Architect Jonas Frey", "Jonas Frey", True), ("Ann M. Berg", "Ann Berg", True),
])  # fmt: skip
def test_names_may_be_one_persons(one, other, same):
    assert same_person(one, other) is same
    assert same_person(other, one) is same
