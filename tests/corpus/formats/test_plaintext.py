import pytest
from hypothesis import given

from corpus.draft import SourceFacts
from corpus.formats.encoding import UndecodableText, decode
from corpus.formats.plaintext import read_plain_text
from corpus.offset_map import Origin
from tests.corpus.hostile import assert_conforms, hostile_texts

YAML = (
    '---\nlayout: post\ntitle: "Barge: it sinks"\ndate: 2024-03-12T01:12:17\nauthor: ann99\ntags: []\n---\n\nWords.\n'
)


def test_yaml_front_matter_becomes_facts():
    draft = read_plain_text(YAML.encode())
    assert draft.facts == SourceFacts("Barge: it sinks", ("ann99",), None, "2024-03-12")
    assert draft.text.text == "\nWords.\n"
    assert draft.text.runs[0].source_start == YAML.index("\nWords")


def test_toml_front_matter_becomes_facts():
    draft = read_plain_text(b'+++\ntitle = "A"\ndate = 2024-03-12\n+++\nWords.')
    assert (draft.facts, draft.text.text) == (SourceFacts("A", published="2024-03-12"), "Words.")


def test_windows_line_ends_and_a_byte_order_mark_are_no_hindrance():
    draft = read_plain_text(b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode())
    assert (draft.facts.title, draft.text.text) == ("Barge: it sinks", "\r\nWords.\r\n")


@pytest.mark.parametrize(
    "broken",
    [
        "---\ntitle: Latest: it sinks\ndate: 2024-03-12\n---\nWords.",
        "---\ntitle: Latest: it sinks\ndate: 2024-03-12\nx: [\n---\nWords.",
    ],
)
def test_broken_front_matter_still_counts_line_by_line(broken):
    draft = read_plain_text(broken.encode())
    assert (draft.facts.title, draft.facts.published, draft.text.text) == ("Latest: it sinks", "2024-03-12", "Words.")


@pytest.mark.parametrize(
    "text",
    [
        "---\nA rule above, a rule below.\n---\nWords.",
        "---\nNote: this is prose.\n---\nWords.",
        "---\ntitle: never closed\nWords.",
        "Words.\n---\ntitle: x\n---\n",
        "--- title: x ---",
        "---\n- a\n- b\n---\nWords.",
    ],
)
def test_rules_are_no_front_matter(text):
    draft = read_plain_text(text.encode())
    assert (draft.text.text, draft.facts) == (text, SourceFacts())


@pytest.mark.parametrize(
    "value", ["2024-06-31", "!!int ''", "!!bool foo", "!!python/object:x y", "&a [*a]", "[" * 3000]
)
def test_front_matter_that_upsets_the_parser_does_not_kill_the_file(value):
    assert read_plain_text(f"---\ntitle: A\ndate: {value}\n---\nWords.".encode()).text.text == "Words."


def test_binary_data_is_refused():
    with pytest.raises(UndecodableText):
        read_plain_text(bytes(range(256)) * 10)


@given(hostile_texts)
def test_any_text_maps_to_itself(text):
    data = text.encode("utf-8", "ignore")
    try:
        draft = read_plain_text(data)
    except UndecodableText:
        return
    assert_conforms(draft.text.text, Origin(draft.text.runs), decode(data).text)


def test_aliases_are_not_followed_but_the_plain_lines_count():
    """Nine lists of nine of the one before stand for 400 million words, in 300 bytes."""
    laughs = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    draft = read_plain_text(f"---\ntitle: The Title\n{laughs}author: Ann Berg\nlanguage: *i\n---\nWords.\n".encode())
    assert draft.text.text == "Words.\n"
    assert (draft.facts.title, draft.facts.authors, draft.facts.language) == ("The Title", ("Ann Berg",), None)


def test_a_star_in_front_matter_is_no_alias():
    draft = read_plain_text(b"---\ntitle: 'The *best* of it'\nauthor: Ann Berg\n---\nWords.\n")
    assert (draft.facts.title, draft.facts.authors) == ("The *best* of it", ("Ann Berg",))
