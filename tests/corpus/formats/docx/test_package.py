import io
import zipfile

import docx
import pytest

from corpus.draft import SourceFacts
from corpus.formats.docx.package import UnreadableDocx
from corpus.formats.docx.reader import read_docx

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

_STATED = SourceFacts("Stated", ("Ann Berg",))


def document(body: str = "", **parts: str) -> bytes:
    """A document whose body is this XML, made from python-docx's own template."""
    made = docx.Document()
    made.core_properties.author = "Ann Berg"
    made.core_properties.title = "Stated"
    packed = io.BytesIO()
    made.save(packed)
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == "word/document.xml":
                new.writestr(name, f"<w:document {_W}><w:body>{body}</w:body></w:document>")
            else:
                new.writestr(name, parts.get(name, old.read(name)))
    return out.getvalue()


def paragraph(*texts: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{text}</w:t></w:r>' for text in texts)}</w:p>"


def test_paragraphs_and_tables_come_in_order():
    cell = "<w:tc>{}</w:tc>".format
    table = (
        f"<w:tbl><w:tr>{cell(paragraph('Ship'))}{cell(paragraph('Year'))}</w:tr>"
        f"<w:tr>{cell(paragraph('The', ' barge'))}{cell(paragraph('19') + paragraph('87'))}</w:tr></w:tbl>"
    )
    draft = read_docx(document(paragraph("One ", "two") + table + paragraph("") + paragraph("Three")))
    assert draft.text.text == "One two\n\nShip | Year\nThe barge | 19 87\n\nThree"
    assert [draft.text.text[run.start : run.end] for run in draft.text.runs][:3] == ["One two", "Ship", "Year"]
    assert not draft.is_text


def test_insertions_and_links_are_read_and_deletions_are_not():
    body = (
        "<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read_docx(document(body)).text.text == "new link\ttab\nline"


def test_the_core_properties_give_title_and_author():
    assert read_docx(document(paragraph("Words"))).facts == _STATED


def test_a_paragraph_in_title_style_is_the_title():
    made = docx.Document()
    made.add_heading("A Barge Sinks", 0)
    made.add_paragraph("Words.")
    packed = io.BytesIO()
    made.save(packed)
    draft = read_docx(packed.getvalue())
    assert (draft.facts, draft.text.text) == (SourceFacts("A Barge Sinks"), "A Barge Sinks\n\nWords.")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


_BROKEN = "it is no Word document, or a broken one; open it in a word processor and save it again as .docx"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no zip", _BROKEN),
        (document(paragraph("x"))[:400], _BROKEN),
        (zipped(a=b"x"), _BROKEN),
        (zipped(**{"[Content_Types].xml": b"<Types/>"}), _BROKEN),
        (document("<w:p>"), _BROKEN),
        (document(paragraph("")), "the document holds no words; save one that does"),
        (zipped(a=b"\0" * 2**24), "it unpacks to far more than a document holds; save it again as .docx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "it is locked with a password or in the old .doc format"),
    ],
)
def test_what_cannot_be_read_is_refused(data, reason):
    with pytest.raises(UnreadableDocx, match=reason):
        read_docx(data)


def test_entities_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(UnreadableDocx, match="its XML declares entities"):
        read_docx(document(paragraph("x"), **{"word/styles.xml": bomb}))


def test_properties_and_styles_that_are_something_else_cost_no_words():
    other = f"<w:document {_W}><w:body/></w:document>"
    for name, facts in (("docProps/core.xml", SourceFacts()), ("word/styles.xml", _STATED)):
        draft = read_docx(document(paragraph("Words"), **{name: other}))
        assert (draft.text.text, draft.facts) == ("Words", facts)


@pytest.mark.parametrize("xml", ["<x/>", f"<w:styles {_W}/>", f"<w:document {_W}/>"])
def test_a_main_part_that_is_no_document_is_refused(xml):
    parts = zipfile.ZipFile(io.BytesIO(document(paragraph("x"))))
    broken = {name: parts.read(name) for name in parts.namelist()} | {"word/document.xml": xml.encode()}
    with pytest.raises(UnreadableDocx, match=_BROKEN):
        read_docx(zipped(**broken))


def test_a_paragraph_style_without_a_name_costs_no_words():
    draft = read_docx(document(f"<w:p><w:pPr><w:pStyle/></w:pPr></w:p>{paragraph('Words')}"))
    assert (draft.text.text, draft.facts) == ("Words", _STATED)


def test_parts_that_refer_to_each_other_in_a_circle_cost_no_words():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    relations = f'<Relationship Id="r1" Type="{kind}" Target="document.xml"/>'
    circle = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    draft = read_docx(document(paragraph("Words"), **{"word/_rels/document.xml.rels": circle}))
    assert (draft.text.text, draft.facts) == ("Words", _STATED)


_ENTITY = '<!DOCTYPE w:document [<!ENTITY x "Words that nobody wrote">]>'
_DECLARING = f"{_ENTITY}<w:document {_W}><w:body><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:body></w:document>"


def renamed(part: str, xml: bytes) -> bytes:
    """A document whose main part has another name, which its relations and content types say."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document(paragraph("Words")))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name).replace(b"word/document.xml", part.encode())
            new.writestr(part if name == "word/document.xml" else name, xml if name == "word/document.xml" else data)
    return out.getvalue()


def test_the_main_part_may_have_any_name():
    xml = f"<w:document {_W}><w:body>{paragraph('Words')}</w:body></w:document>".encode()
    assert read_docx(renamed("word/document.bin", xml)).text.text == "Words"


@pytest.mark.parametrize("name", ["word/document.xml", "word/document.bin", "word/picture.png"])
@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        ("", "utf-8"),
        (f"<!--{'c' * 70_000}-->", "utf-8"),
        (f"<!--{' '.join(map(str, range(400_000)))}-->", "utf-8"),
        (f"<?p {'c' * 70_000}?>", "utf-8"),
        ("\n" * 70_000, "utf-8"),
        ("", "utf-16"),
        ("", "utf-32"),
        ('<?xml version="1.0" encoding="UTF-7"?>', "utf-7"),
    ],
    ids=["plain", "comment", "large comment", "instruction", "blank", "UTF-16", "UTF-32", "UTF-7"],
)
def test_a_document_type_is_refused_wherever_it_stands(name, before, encoding):
    xml = (
        before.encode() + _DECLARING.encode(encoding) if encoding == "utf-7" else (before + _DECLARING).encode(encoding)
    )
    with pytest.raises(UnreadableDocx, match="declares entities"):
        read_docx(renamed(name, xml))


def test_a_part_that_is_no_xml_may_say_doctype():
    made = document(paragraph("Words"))
    with zipfile.ZipFile(out := io.BytesIO(made), "a") as archive:
        archive.writestr("word/media/note.txt", _DECLARING[10:])
        archive.writestr("word/media/empty.bin", b"")
    assert read_docx(out.getvalue()).text.text == "Words"
