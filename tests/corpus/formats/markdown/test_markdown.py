import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.draft import SourceFacts
from corpus.formats.encoding import UndecodableText, decode
from corpus.formats.markdown.reader import read_markdown
from corpus.offset_map import Origin
from tests.corpus.hostile import assert_conforms, hostile_texts


def words(text: str) -> str:
    return read_markdown(text.encode()).text.text


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("a **bold** and *slanted* and __strong__ and _soft_ word", "a bold and slanted and strong and soft word"),
        ("***both*** and **a *nested* b** and ~~gone~~", "both and a nested b and "),
        ("un*frigging*believable", "unfriggingbelievable"),
        ("snake_case_name and 2*3*4 and a * b * c", "snake_case_name and 2*3*4 and a * b * c"),
        ("don't *stop*, it's 5 > 3 < 4", "don't stop, it's 5 > 3 < 4"),
        (r"\_kept\_ and \*kept\* and \\ and \d", r"_kept_ and *kept* and \ and \d"),
        ("`code_x * y` and ``a`b`` and `*raw*`", "code_x * y and a`b and *raw*"),
        (r"`a\_b` \`", r"a\_b `"),
        ("[text](http://x.example/a_(b) 'title') end", "text end"),
        ("[a *b* c](u) and [ref][r1] and [r1] and [R1][]\n\n[r1]: http://x.example", "a b c and ref and r1 and R1\n\n"),
        ("[sic] and [not][defined] and array[0]", "[sic] and [not][defined] and array[0]"),
        ("before ![alt *text*](a.png) after", "before  after"),
        ("[![alt](b.png)](http://x.example)x", "x"),
        ("fact[^1] done\n\n[^1]: The note.", "fact done\n\nThe note."),
        ("AT&amp;T &copy; &#233; &nosuch; R&D", "AT&T © é &nosuch; R&D"),
        ("x <b class='y'>bold</b><!-- no --> <https://x.example/a_b_c>", "x bold https://x.example/a_b_c"),
        ("it costs <del>40</del> <ins>44</ins>, <s class='x'>not *41*</s> and </s> <del>so", "it costs  44,  and  so"),
        ("one<br>two", "one\ntwo"),
        ("http://x.example/_a_/b", "http://x.example/_a_/b"),
        ("*open and **open", "*open and **open"),
    ],
)
def test_inline(marked, plain):
    assert words(marked) == plain


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("## A *small* heading ##\ntext", "A small heading\n\ntext"),
        ("# Top {#anchor}\n", "Top\n"),
        ("#hashtag stays", "#hashtag stays"),
        ("Top\n===\ntext", "Top\n\ntext"),
        ("para\n\n---\n\n* * *\n\npara", "para\n\n\n\n\n\npara"),
        ("- one\n* two\n+ three\n1. four", "one\ntwo\nthree\n1. four"),
        ("- [x] done\n- [ ] open", "done\nopen"),
        ("> quoted *over\n> lines*\n>> deeper", "quoted over\nlines\n\ndeeper"),
        ("```py\nx = *a*\n# no heading\n```\nafter", "\nx = *a*\n# no heading\n\nafter"),
        ("~~~\n```\n~~~\n*x*", "\n```\n\nx"),
        ("| A | B |\n|---|:-:|\n| 1 | *2* |", "A | B\n1 | 2"),
        ("a\n<!-- hidden\nlines -->\nb", "a\n\nb"),
        ("<script>\nvar x;\n</script>\nb", "\nb"),
        ("a\r\n\r\n**b**\r\n", "a\r\n\r\nb\r\n"),
    ],
)
def test_blocks(marked, plain):
    assert words(marked) == plain


def test_the_first_top_heading_is_the_title_where_none_is_stated():
    assert read_markdown(b"## Not this\n\n# The *One*\n\n# Not this").facts.title == "The One"
    assert read_markdown(b"The One\n=======\n").facts.title == "The One"
    assert read_markdown(b"---\ntitle: Stated\n---\n# Other\n").facts == SourceFacts("Stated")


@given(hostile_texts)
def test_any_text_maps_to_its_source(text):
    data = text.encode("utf-8", "ignore")
    try:
        draft = read_markdown(data)
    except UndecodableText:
        return
    assert_conforms(draft.text.text, Origin(draft.text.runs), decode(data).text)


_SPACED = (
    "| a | |",
    "\n",
    "\r\n",
    "\n\n",
    "\n> ",
    "> [!a]",
    "- ",
    "1. ",
    "[ ] ",
    ": ",
    "[^a]: ",
    "!!! a",
    "    ",
    " ^ab",
    "b 1",
    "  ",
)
_UNSPACED = (
    r"[[a|b]] ![[ ]] == %% ^[ ] {{< >}} {% raw %} {% %} {: .a} $ $$ <sup>1</sup> <del> |--|--| +--+ ::: ``` ` \| {++ ++} {/* */} a"
    r" <table><tr><td> </table>"
).split()
_MARKUP = st.sampled_from((*_SPACED, *_UNSPACED))


@settings(max_examples=400, deadline=None)
@given(st.lists(_MARKUP, max_size=25).map("".join))
def test_any_markup_maps_to_its_source(text):
    draft = read_markdown(text.encode())
    assert_conforms(draft.text.text, Origin(draft.text.runs), text)


@pytest.mark.parametrize(
    "hostile",
    [
        *(
            "[" * 50_000 + "]" * 50_000,
            "\\*" * 20_000 + "`x` " * 10_000,
            "<a " * 40_000,
            "`a" * 20_000,
            "![a](" * 20_000,
        ),
        *(
            sign * 50_000
            for sign in ("[[a|", "{{<", "{%", "%% a ", "==a ", "^[a", "$a ", "<sup>1", "{: ", "{++", "| a ", "a^b")
        ),
        *("<td>a" * 20_000, "[^a]: b\n" * 20_000, "^[a" * 20_000 + "]" * 20_000),
    ],
)
def test_hostile_markup_is_read_in_linear_time(hostile):
    assert len(words(hostile)) > 0  # quadratic rules would take minutes


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Words", "Words"),
        ("# Words #", "Words"),
        ("# Words ##  ", "Words"),
        ("# Words {#an-anchor}", "Words"),
        ("# Words ## {#an-anchor} ", "Words"),
        ("# C#", "C#"),
        ("# {#an-anchor}", None),
        ("# ##", None),
    ],
)
def test_what_closes_a_heading_is_no_part_of_it(heading, title):
    draft = read_markdown(f"{heading}\n\nText.\n".encode())
    assert draft.facts.title == title
    assert draft.text.text.strip().removeprefix(title or "").strip() == "Text."
