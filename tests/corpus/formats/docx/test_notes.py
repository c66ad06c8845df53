from corpus.formats.docx.reader import read_docx
from tests.corpus.formats.docx.made import NAMES, cell, document, p, r, raised, row, text_of


def notes(kind: str, **words: str) -> str:
    made = "".join(f'<w:{kind} w:id="{name[1:]}">{inside}</w:{kind}>' for name, inside in words.items())
    separator = f'<w:{kind} w:type="separator" w:id="0">{p(r("----"))}</w:{kind}>'
    return f"<w:{kind}s {NAMES}>{separator}{made}</w:{kind}s>"


def to(number: int, kind: str = "footnote", more: str = "") -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="X"/></w:rPr><w:{kind}Reference {more} w:id="{number}"/></w:r>'


FOOT = notes(
    "footnote", n2=p("<w:r><w:footnoteRef/></w:r>" + r(" By Barbe of Odense.")), n3=p(r("Twice.")), n4=p(r("Gone."))
)
BULLET = '<w:pStyle w:val="ListBullet"/>'


def test_a_footnote_comes_after_its_paragraph_without_its_mark():
    body = p(r("Lit in 1871") + to(2) + r(" and put out.")) + p(r("Later."))
    assert text_of(body, footnotes=FOOT) == "Lit in 1871 and put out.\n\nBy Barbe of Odense.\n\nLater."


def test_a_footnote_of_a_list_or_a_table_comes_after_it():
    items = p(r("coal") + to(2), BULLET) + p(r("tar"), BULLET)
    assert text_of(items + p(r("Later.")), footnotes=FOOT) == "coal\ntar\n\nBy Barbe of Odense.\n\nLater."
    table = f"<w:tbl>{row('Ship', 'Tons')}{row(cell(p(r('Alma') + to(2))), '310')}</w:tbl>"
    assert text_of(table, footnotes=FOOT) == "Ship | Tons\nAlma | 310\n\nBy Barbe of Odense."


def test_a_note_is_read_once_and_one_that_nothing_refers_to_is_not():
    body = p(r("One") + to(3)) + p(r("Two") + to(3)) + p(f"<w:del>{to(4)}</w:del>" + r("Three") + to(99))
    assert text_of(body, footnotes=FOOT) == "One\n\nTwice.\n\nTwo\n\nThree"


def test_endnotes_come_at_the_end_in_the_order_of_their_references():
    ends = notes("endnote", n1=p(r("First of the file.")), n2=p(r("Second of the file.")) + p(r("Its more.")))
    body = p(r("One") + to(2, "endnote")) + p(r("Two") + to(1, "endnote"))
    assert text_of(body, endnotes=ends) == "One\n\nTwo\n\nSecond of the file.\n\nIts more.\n\nFirst of the file."


def test_a_mark_that_the_author_chose_is_left_out():
    chosen = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    starred = notes("footnote", n2=p(raised("*") + r(" By Barbe.")))
    assert text_of(p(r("Lit in 1871") + chosen + r(" and")), footnotes=starred) == "Lit in 1871 and\n\nBy Barbe."


def test_notes_that_refer_to_notes_end():
    circle = notes("footnote", n2=p(r("See below.") + to(3)), n3=p(r("See above.") + to(2)))
    assert text_of(p(r("One") + to(2)), footnotes=circle) == "One\n\nSee below."


def test_the_heads_and_feet_of_pages_are_left_out_but_for_a_title():
    title = p(r("Rules of the quay"), '<w:pStyle w:val="Title"/>')
    head = f"<w:hdr {NAMES}>{title}{p(r('Page 3'))}</w:hdr>"
    draft = read_docx(document(p(r("Words.")), title="", header1=head, footer1=head))
    assert (draft.text.text, draft.facts.title) == ("Words.", "Rules of the quay")
