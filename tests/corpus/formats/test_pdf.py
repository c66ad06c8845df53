from pathlib import Path

import pytest

from corpus.draft import SourceFacts
from corpus.formats.clean import clean
from corpus.formats.pdf.characters import MAX_PAGES, UnreadablePdf
from corpus.formats.pdf.reader import read_pdf
from corpus.formats.pdf.running import _values
from corpus.offset_map import Origin
from tests.corpus.formats.pdf_writer import Page
from tests.corpus.formats.pdf_writer import pdf as drawn

DATA = Path(__file__).parents[1] / "data"
HARBOUR = """The harbour at Lindholm was closed on Tuesday after a barge carrying gravel struck the eastern pier and sank within minutes, the harbour master told reporters. Nobody was hurt in the accident.

Divers began an inspection of the wreck on Wednesday. Their efficient first findings point to a fault in the steering gear, which had been overhauled in a well-known yard last autumn.

Two tugs from the mainland were sent for at noon. They will lift the wreck as soon as the swell has gone down, the owner said.

Ferries to the outer islands leave from the fishing quay until further notice. Passengers should allow half an hour more.

What is known

The barge was built in 1987
It carried four hundred tonnes of gravel for the new breakwater

The pumps on the northern quay were started at dawn, because water had risen by nine centimetres in the cellar of the old customs house, where the town keeps its archive of ships' papers.

A second inquiry, led by the coast guard, will ask why the pilot had left the bridge. It is to report before the summer, and its findings will be read out in the town hall.

Gravel on the bed of the basin is no danger to keels, the harbour master said, but the channel will be sounded again on Friday."""


def pdf(*pages: list[tuple[int, int, str]], info: str = "") -> bytes:
    """A PDF in Helvetica 12 whose pages hold lines of text at (x, y)."""
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    bodies += [f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>", f"<< {info} >>"]
    for number, lines in enumerate(pages):
        drawn = "".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj\n" for x, y, text in lines)
        stream = f"BT /F 12 Tf\n{drawn}ET"
        font = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Contents {5 + 2 * number} 0 R /Resources {font} >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    data, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(bodies) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return f"{data}xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def text_of(*pages: list[tuple[int, int, str]]) -> str:
    return read_pdf(pdf(*pages)).text.text


def test_a_printed_page_becomes_an_article_again():
    draft = clean(read_pdf((DATA / "harbour.pdf").read_bytes()))
    assert draft.facts == SourceFacts("The Harbour Report", ("Mina Ostrova",), None, "2024-03-12")
    assert draft.text.text == HARBOUR


def test_each_word_knows_its_page():
    draft = clean(read_pdf((DATA / "harbour.pdf").read_bytes()))
    text, origin = draft.text.text, Origin(draft.text.runs, draft.page_starts, draft.is_text)
    assert not origin.is_text
    assert len(draft.page_starts) == 2
    pages = [origin.page(at, at + 1) for at in range(len(text)) if not text[at].isspace()]
    assert pages == sorted(pages)
    assert origin.page(text.index("Nobody"), text.index("Nobody") + 6) == 1
    assert origin.page(text.index("Gravel on"), text.index("Gravel on") + 6) == 2


def test_wrapped_lines_are_joined_and_paragraphs_kept():
    lines = ["The barge struck the pier at nine in the", "morning and sank.", "Nobody was hurt, the master said to all"]
    assert text_of([(50, 500 - 14 * number, line) for number, line in enumerate(lines)]) == (
        "The barge struck the pier at nine in the morning and sank.\n\nNobody was hurt, the master said to all"
    )


def test_a_word_broken_at_the_line_end_is_mended():
    lines = ["The infor-", "mation was given to Russia-", "Friendly men and to infor-", "mation officers."]
    assert text_of([(50, 500 - 14 * number, line) for number, line in enumerate(lines)]) == (
        "The information was given to Russia-Friendly men and to information officers."
    )


def test_a_hyphen_stays_where_the_word_has_one_elsewhere():
    lines = ["A well-known yard, which is so well-", "known that all know it."]
    assert "so well-known that" in text_of([(50, 500 - 14 * number, line) for number, line in enumerate(lines)])


def test_running_headers_and_page_numbers_go():
    pages = [
        [
            (50, 570, "Harbour Post"),
            (50, 500, f"Page text {'abc'[number]} says something of its own."),
            (190, 30, f"Page {number + 1}"),
        ]
        for number in range(3)
    ]
    draft = read_pdf(pdf(*pages))
    assert draft.text.text == "\n\n".join(f"Page text {letter} says something of its own." for letter in "abc")
    origin = Origin(draft.text.runs, draft.page_starts)
    assert [origin.page(at, at + 1) for at in (0, 45, 90)] == [1, 2, 3]


def test_a_sentence_runs_on_over_the_page():
    assert text_of([(50, 500, "The barge struck the old")], [(50, 500, "pier and sank.")]) == (
        "The barge struck the old pier and sank."
    )


def test_metadata_gives_title_and_author():
    data = pdf([(50, 500, "Words.")], info="/Title (A Barge) /Author (Ann Berg, Tom Hale) /CreationDate (D:20240312)")
    assert read_pdf(data).facts == SourceFacts("A Barge", ("Ann Berg", "Tom Hale"))


@pytest.mark.parametrize("title", ["Microsoft Word - barge.docx", "untitled", "barge.pdf", "..."])
def test_a_title_that_is_none_is_left_out(title):
    assert read_pdf(pdf([(50, 500, "Words.")], info=f"/Title ({title})")).facts.title is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no PDF, or a broken one; save or download it again"),
        (b"%PDF-1.4 nothing more", "it is no PDF, or a broken one; save or download it again"),
        ((DATA / "locked.pdf").read_bytes(), "it is locked with a password; save a copy without one"),
        (pdf([]), "it has no text layer, only pictures of pages; run it through text recognition"),
    ],
)
def test_what_cannot_be_read_is_refused(data, reason):
    with pytest.raises(UnreadablePdf, match=reason):
        read_pdf(data)


def test_too_many_pages_are_refused():
    with pytest.raises(UnreadablePdf, match="it has 5,001 pages, more than 5,000; split it"):
        read_pdf(pdf(*[[] for _ in range(MAX_PAGES + 1)]))


@pytest.mark.parametrize(
    ("title", "size", "expected"),
    [
        ("", 20, "Wells of the north slope"),
        ("1 January 1930", 20, "Wells of the north slope"),
        ("Wells", 20, "Wells of the north slope"),
        ("Wells of the north slope: a report", 20, "Wells of the north slope"),
        ("A report on wells", 11, "A report on wells"),
        ("3 March 2021", 11, None),
    ],
)
def test_the_title_is_the_headline_of_the_first_page(title, size, expected):
    page = Page().text(60, 800, "Yearbook", 8).text(60, 760, "Wells of the north slope", size)
    page.lines(60, 720, ["They were dug in a dry year by people who", "had no other water. Most are covered now."])
    assert read_pdf(drawn(page, info=f"/Title ({title})")).facts.title == expected


@pytest.mark.parametrize("name", ["jteal", "user1", "Administrator", "Windows User", "Microsoft Office User"])
def test_an_account_is_no_author(name):
    data = drawn(Page().text(60, 700, "Words."), info=f"/Author ({name})")
    assert read_pdf(data).facts.authors == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [("7", 7), ("\u0663\u0664", 34), ("xiv", 14), ("XL", 40), ("Mix", 0), ("ic", 99), ("十", 10), ("二十三", 23), ("一〇四", 104), ("二〇", 20)],
)  # fmt: skip
def test_numbers_of_pages_are_read_in_several_scripts(word, value):
    assert dict(_values(word)).get((0, len(word)), 0) == value
