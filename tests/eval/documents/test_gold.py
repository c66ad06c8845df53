"""Gold files read, and what is said of those that cannot be used."""

import json

import pytest

from eval.documents.gold import BadGold, GoldArticle, GoldBlock, gold_files, read_gold


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.txt.gold.json"


def test_a_gold_file_is_read_with_all_its_fields(path):
    blocks = ["One.", {"text": "Note.", "floats": True}, {"rows": [["a", ""], ["b", "c"]]}, {"items": ["d", "e"]}]
    facts = {"title": "T", "authors": ["A B", "C D"], "outlet": None}
    stated = {"blocks": blocks, "facts": facts, "head": ["H"], "apart": [["x", "y"]], "forbidden": ["z"]}
    path.write_text(json.dumps(stated))
    assert read_gold(path) == (
        GoldArticle(
            (
                GoldBlock("One."),
                GoldBlock("Note.", floats=True),
                GoldBlock("a | \nb | c", (("a", ""), ("b", "c"))),
                GoldBlock("d\ne", items=("d", "e")),
            ),
            {"title": ("T",), "authors": ("A B", "C D"), "outlet": ()},
            ("H",),
            (("x", "y"),),
            ("z",),
        ),
    )


def test_a_text_is_paragraphs_and_a_list_is_several_articles(path):
    path.write_text(json.dumps([{"text": "One.\n\n\nTwo\nlines.\n"}, {"text": ""}]))
    assert read_gold(path) == (GoldArticle((GoldBlock("One."), GoldBlock("Two\nlines.")), {}), GoldArticle((), {}))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("{", "it is not JSON: Expecting property name enclosed in double quotes at line 1"),
        ("\udcff", "it is not UTF-8"),
        ("[" * 100_000, "it is nested too deeply"),
        ("3", "there is no object, but 3"),
        ("{}", "there is not one of text and blocks in {}"),
        ('{"text": "a", "blocks": []}', 'there is not one of text and blocks in {"text": "a", "blocks": []}'),
        ('{"text": 3}', "there is no text 'text' in {\"text\": 3}"),
        ('{"text": "a", "fact": {}}', "'fact' is not one of apart, blocks, facts, forbidden, head, text"),
        ('{"text": "a", "facts": []}', 'there is no object \'facts\' in {"text": "a", "facts": []}'),
        ('{"text": "a", "facts": {"date": "x"}}', "'date' is not one of authors, language, outlet, published, title, url"),
        ('{"text": "a", "facts": {"title": ["x"]}}', "there is no text 'title' in {\"title\": [\"x\"]}"),
        ('{"text": "a", "facts": {"authors": "A B"}}', "there is no list 'authors' in {\"authors\": \"A B\"}"),
        ('{"blocks": [3]}', "there is no text, rows or items in 3"),
        ('{"blocks": [{"rows": ["a"]}]}', 'there is no list, but "a"'),
        ('{"blocks": [{"rows": [[3]]}]}', "there is no text, but 3"),
        ('{"blocks": [{"items": ["a"], "float": true}]}', "'float' is not one of floats, items, rows, text"),
        ('{"text": "a", "apart": [["x"]]}', 'there are not two texts in ["x"]'),
    ],
)  # fmt: skip
def test_a_bad_gold_file_is_told_in_a_sentence(path, written, why):
    path.write_bytes(written.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadGold) as raised:
        read_gold(path)
    assert (
        str(raised.value) == f"The gold file {path} cannot be used: {why}; write it as docs/guides/documents.md says."
    )


def test_a_folder_without_gold_files_is_told(tmp_path):
    with pytest.raises(BadGold, match=r"\*\.gold\.json cannot be used: there is none; write it"):
        gold_files(tmp_path)
