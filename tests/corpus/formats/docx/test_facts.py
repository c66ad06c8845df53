import io
import zipfile

import pytest

from corpus.draft import SourceFacts
from corpus.formats.docx.package import UnreadableDocx
from corpus.formats.docx.reader import read_docx
from tests.corpus.formats.docx.made import NAMES, document, p, r, zipped


def styled(words: str, style: str) -> str:
    return p(r(words), f'<w:pStyle w:val="{style}"/>')


def facts_of(body: str, title: str = "", author: str = "", **parts: str) -> SourceFacts:
    return read_docx(document(body, title, author, **parts)).facts


def test_the_style_of_a_title_is_known_in_any_language():
    for name in ("Title", "Titel", "Titre", "Título", "表題"):
        styles = (
            f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="{name}"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="My own"/><w:basedOn w:val="a3"/></w:style></w:styles>'
        )
        for style in ("a3", "b"):
            assert facts_of(styled("A Pier Burns", style) + p(r("Words.")), styles=styles).title == "A Pier Burns"


def test_the_only_top_heading_is_the_title():
    body = styled("A Pier Burns", "Heading1") + p(r("Words."))
    assert facts_of(body, "Quarterly of the quay").title == "A Pier Burns"
    second = styled("What it cost", "Heading1")
    assert facts_of(body + second, "Quarterly of the quay").title == "Quarterly of the quay"
    assert facts_of(body + second).title == "A Pier Burns"
    outline = p(r("A Pier Burns"), '<w:pStyle w:val="x"/>')
    styles = f'<w:styles {NAMES}><w:style w:styleId="x"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    assert facts_of(outline + p(r("Words.")), styles=styles).title == "A Pier Burns"


def test_the_heading_of_a_table_of_contents_is_no_title():
    styles = (
        f'<w:styles {NAMES}><w:style w:styleId="T"><w:name w:val="TOC Heading"/><w:basedOn w:val="H"/></w:style>'
        '<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    body = styled("Contents", "T") + p(r("Words.")) + styled("A Pier Burns", "H")
    assert facts_of(body, styles=styles).title == "A Pier Burns"


def test_a_title_over_two_lines_is_one_line():
    two = f"<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr>{r('A Pier')}<w:r><w:br/></w:r>{r('Burns')}</w:p>"
    draft = read_docx(document(two + p(r("Words."))))
    assert (draft.facts.title, draft.text.text) == ("A Pier Burns", "A Pier Burns\n\nWords.")


@pytest.mark.parametrize("title", ["Document1", "Microsoft Word - a.docx", "Word Document", ""])
@pytest.mark.parametrize("author", ["Microsoft Office User", "Windows User", "python-docx", ""])
def test_what_programs_write_is_no_fact(title, author):
    assert facts_of(p(r("Words.")), title, author) == SourceFacts()


def test_styles_name_the_author_and_the_date():
    styles = (
        f'<w:styles {NAMES}><w:style w:styleId="Author"><w:name w:val="Author"/></w:style>'
        '<w:style w:styleId="Date"><w:name w:val="Date"/></w:style></w:styles>'
    )
    body = styled("By Ada Quill and Sam Okoro", "Author") + styled("12 March 2024", "Date") + p(r("Words."))
    found = facts_of(
        styled("A Pier Burns", "Title") + styled("Eva Lund", "Author") + body, "", "Lars Holm", styles=styles
    )
    assert (found.authors, found.published) == (("Eva Lund", "Ada Quill", "Sam Okoro"), "2024-03-12")


def test_several_authors_of_the_properties():
    assert facts_of(p(r("Words.")), "", "Ada Quill; Sam Okoro").authors == ("Ada Quill", "Sam Okoro")


def changed(data: bytes, *pairs: tuple[bytes, bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        files = {name: old.read(name) for name in old.namelist()}
    for before, after in pairs:
        files = {name: xml.replace(before, after) for name, xml in files.items()}
    return files


STRICT = (
    (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/math", b"http://purl.oclc.org/ooxml/officeDocument/math"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)  # fmt: skip
EQUATION = "<m:oMath><m:r><m:t>v = 2</m:t></m:r></m:oMath>"


def test_a_document_of_the_strict_form_is_read():
    body = styled("A Pier Burns", "Title") + styled("coal", "ListNumber") + p(r("So ") + EQUATION)
    draft = read_docx(zipped(changed(document(body), *STRICT)))
    assert (draft.text.text, draft.facts.title) == ("A Pier Burns\n\n1. coal\n\nSo v = 2", "A Pier Burns")


@pytest.mark.parametrize(
    "kind", [b"vnd.ms-word.document.macroEnabled.main", b"vnd.ms-word.template.macroEnabledTemplate.main"]
)
def test_a_document_with_macros_is_read_as_one_without(kind):
    usual = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main"
    files = changed(document(p(r("Words."))), (usual, kind)) | {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    assert read_docx(zipped(files)).text.text == "Words."


def test_a_part_that_is_missing_costs_no_words():
    files = changed(document(p(r("Words."))), (b"theme/theme1.xml", b"NULL"))
    del files["word/styles.xml"], files["docProps/core.xml"]
    assert read_docx(zipped(files)).text.text == "Words."


def test_another_office_document_is_refused():
    files = changed(document(p(r("Words."))))
    files["word/document.xml"] = b"<p:presentation xmlns:p='x'><p:body/></p:presentation>"
    with pytest.raises(UnreadableDocx, match="it is no Word document"):
        read_docx(zipped(files))
