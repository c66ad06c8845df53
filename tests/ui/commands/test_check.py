"""`pullquote check`: the quotations of a draft, as a table, as JSON, and in the draft with marks and footnotes."""

import io
import json
import re
import sys
from html.parser import HTMLParser

import pytest
from docx import Document

from corpus.sample import SAMPLE

STORY = SAMPLE / "merrin-ferry-grounding.md"
DRAFT = """# Draft

On 9 March, Bethan Rudge said “We took them seven at a time.” <script>alert(1)</script>

> “The oldest was 91 and the youngest was eleven weeks.”

Her “baby” said “Vitamin C prevents scurvy on long voyages”.
"""


class Seen(HTMLParser):
    """The text of a page, and its elements."""

    def __init__(self, page):
        super().__init__()
        self.text, self.tags = "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs).get("class")))

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, encoding="utf-8")
    return path


@pytest.mark.model
def test_a_draft_is_told_as_table_json_and_with_its_marks(pullquote, draft, tmp_path):
    pullquote("add", str(STORY))
    ran = pullquote("check", str(draft))
    assert ran.status == 1
    lines = ran.out.splitlines()
    assert lines[0] == "4 quotations: 1 exact, 1 altered, 1 not found, 1 short, not judged."
    assert [line.split()[:2] for line in lines[1::2]] == [
        ["1", "altered"], ["2", "exact"], ["3", "short"], ["4", "not_found"],
    ]  # fmt: skip
    assert "the article has “six”, which is left out; “seven” is not in the article" in lines[2]

    ran = pullquote("check", str(draft), "--json")
    checked = json.loads(ran.out)
    assert (ran.status, checked["failures"], checked["text"]) == (1, 2, DRAFT)
    assert [one["speaker"]["verdict"] for one in checked["quotations"][:1]] == ["same"]

    ran = pullquote("check", str(draft), "--as", "markdown")
    body, notes = ran.out.split("\n\n[^check-1]:")
    assert "“We took them seven at a time.” **(altered)**[^check-1] <script>" in body
    assert "> “The oldest was 91 and the youngest was eleven weeks.”[^check-2]\n" in body
    assert re.sub(r"( \*\*\([^)]*\)\*\*)?\[\^check-\d\]", "", body) == DRAFT.rstrip()
    assert notes.count("[^check-") == 3

    target = tmp_path / "checked.html"
    ran = pullquote("check", str(draft), "--format", "html", "--out", str(target))
    assert (ran.status, ran.out) == (1, f"{lines[0]} Written to {target}.\n")
    page = Seen(target.read_text(encoding="utf-8"))
    assert DRAFT.split("<script>")[1].split("“baby", maxsplit=1)[0].strip() in re.sub(
        r"(?<=”)\d|(?<=\.)2(?=”)", "", page.text
    )
    assert [kind for tag, kind in page.tags if tag == "mark"] == ["altered", "exact", "short", "not_found"]
    assert "script" not in [tag for tag, _ in page.tags]

    target = tmp_path / "checked.docx"
    assert pullquote("check", str(draft), "--as", "docx", "--out", str(target)).status == 1
    document = Document(str(target))
    assert "\n".join(paragraph.text for paragraph in document.paragraphs) == DRAFT.rstrip()
    [notes] = [part for part in document.part.package.parts if part.partname == "/word/footnotes.xml"]
    said = re.sub(r"<[^>]+>", " ", notes.blob.decode())
    assert "Altered (other words); Passengers taken off" in said
    assert said.count("Exact; ") == 1
    assert pullquote("check", str(target), "--json").status == 1


@pytest.mark.model
def test_standard_input_is_a_draft_and_all_exact_is_status_0(pullquote, monkeypatch):
    pullquote("add", str(STORY))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("“I have never been so careful”".encode("utf-16"))))
    ran = pullquote("check", "-", "--most", "1")
    assert (ran.status, ran.out.splitlines()[0]) == (0, "1 quotation: 1 exact.")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"no quotation here")))
    assert pullquote("check", "-").out == "0 quotations.\n"


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["gone.md"], "gone.md cannot be read (No such file or directory); check that it is there and yours to read."),
    (["draft.md", "--out", "."], "PATH is a folder; name another file."), (["draft.md", "--out", "draft.md"], "PATH is the draft itself; name another file."),
    (["draft.md", "--as", "docx"], "A Word document is not printed; name a file for it with --out."),
    (["draft.md", "--as", "html", "--json"], "--json and --as html ask for two forms; leave one of them out."),
    (["draft.md", "--as", "pdf"], None), (["draft.md", "--most", "0"], None),
])  # fmt: skip
def test_what_cannot_be_checked_is_one_sentence_and_changes_nothing(pullquote, draft, tmp_path, arguments, sentence):
    given = [
        one if one.startswith("--") or one in {"pdf", "docx", "html", "0"} else str(tmp_path / one) for one in arguments
    ]
    ran = pullquote("check", *given)
    assert (ran.status, ran.out) == (2, "")
    if sentence:
        assert ran.err == f"{sentence.replace('PATH', given[-1])}\n"
    assert draft.read_text(encoding="utf-8") == DRAFT
