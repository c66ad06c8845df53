"""The set that ships: it is what its script makes, it has every format, and what is read of it holds its floors."""

import json
from collections import Counter

import pytest

from corpus.file_format import FORMATS, format_by_name
from eval.documents.__main__ import SHIPPED, main
from eval.documents.floors import load_floors
from eval.documents.gold import SUFFIX, gold_files
from tests.eval.documents.made import FOLDER, made


def test_the_pdf_and_word_files_are_byte_for_byte_what_the_script_makes():
    files = made()
    assert {name: (FOLDER / name).read_bytes() for name in files} == files
    there = {path.relative_to(FOLDER).as_posix() for kind in ("pdf", "docx") for path in (FOLDER / kind).iterdir()}
    assert there == files.keys()


def test_every_document_has_a_gold_file_and_there_are_enough_of_each_format():
    documents = [path.name.removesuffix(SUFFIX) for path in gold_files(SHIPPED)]
    files = [path.name for path in SHIPPED.rglob("*") if path.is_file() and not path.name.endswith(".json")]
    assert sorted(documents) == sorted(files)
    counts = Counter(format_by_name(name).name for name in documents)
    least = {"Text": 4, "Markdown": 6, "Web page": 12, "PDF": 14, "Word": 8, "JSON Lines": 2}
    assert least.keys() == {one.name for one in FORMATS}
    assert {name: counts[name] for name, number in least.items() if counts[name] < number} == {}


def test_what_is_read_holds_its_floors(capsys):
    status = main(["--json"])
    printed = capsys.readouterr()
    assert printed.err == ""
    assert status == 0
    scored = {one["document"] for one in json.loads(printed.out)["documents"]}
    assert load_floors(SHIPPED).keys() == scored


@pytest.mark.parametrize("wrong", ["ferry grounding", "Merrin"])
def test_the_set_tells_other_stories_than_the_sample_articles(wrong):
    assert not [path for path in gold_files(SHIPPED) if wrong in path.read_text(encoding="utf-8")]
