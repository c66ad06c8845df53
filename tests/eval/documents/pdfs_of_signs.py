"""The other PDF files of the set, with what a person sees in them: tables, letters and signs."""

from tests.eval.documents.pdf_writer import A4, A5, LETTER, Pdf, width
from tests.eval.documents.pdfs import facts
from tests.eval.documents.prose import paragraphs
from tests.eval.documents.typesetting import SOFT, Frame, Style, draw_line, lines_of, plain, set_paragraphs


def table_with_rules():
    """A table in a grid, with empty cells, a cell of two lines, and numbers set to the right."""
    rows = [["Lock", "Built", "Lift (m)", "Keeper"], ["Low Sarn", "1871", "2.4", "D. Weatherby"],
            ["Kiln Lock", "", "1.9", "none since the great frost"], ["Nether Lane", "1902", "", "R. Havel"],
            ["Tarn Hill", "1888", "3.1", ""]]  # fmt: skip
    body = paragraphs(101, 4, 3)
    pdf = Pdf(A4, {"Title": "Slide 1", "Author": "User"})
    page = pdf.page()
    page.text(64, 765, "Four locks and their keepers", "Helvetica-Bold", 17)
    text = Style("Helvetica", 10.5, 14)
    at = set_paragraphs([(body[0], text)], [Frame(page, 64, 745, 460, 60)])
    page.text(64, at - 16, "Table 3. Locks on the Sarn, from the mouth upwards", "Helvetica-Bold", 9)
    edges, tall = [64, 174, 244, 314, 424], 30
    top = at - 24
    for number, row in enumerate(rows):
        low = top - tall * (number + 1)
        for column, cell in enumerate(row):
            font = "Helvetica-Bold" if number == 0 else "Helvetica"
            lines = lines_of(cell, Style(font, 9.5), edges[column + 1] - edges[column] - 12) if cell else []
            for line_number, line in enumerate(lines):
                x = edges[column] + 6
                if column in {1, 2} and number:
                    x = edges[column + 1] - 6 - width(line, font, 9.5)
                page.text(x, low + tall - 12 - 11 * line_number, line, font, 9.5)
        page.rule(edges[0], low, edges[-1])
    page.rule(edges[0], top, edges[-1])
    for edge in edges:
        page.rule(edge, top, edge, top - tall * len(rows))
    set_paragraphs([(body[1], text)], [Frame(page, 64, top - tall * len(rows) - 18, 460, 60)])
    blocks = [
        body[0],
        {"text": "Table 3. Locks on the Sarn, from the mouth upwards", "floats": True},
        {"rows": rows},
        body[1],
    ]
    return pdf, {"facts": facts("Four locks and their keepers"), "blocks": blocks,
                 "apart": [["1888", body[1][:25]], ["Table 3", "Weatherby"]]}  # fmt: skip


def table_over_pages():
    """A table without rules that goes on over the page, words drawn one by one as an office program does."""
    names = "Alder Birch Cedar Dogwood Elm Fir Gorse Hazel Ivy Juniper Kelp Larch Maple Nettle Oak Pine Quince Rowan".split()
    rows = [["Boat", "Owner", "Sunk on", "Raised"]]
    for number, name in enumerate(names):
        raised = "" if number % 4 == 2 else f"{3 + number % 25} May {1931 + number}"
        rows.append(
            [
                name,
                ("Sven Tull", "Ida Marsh", "the parish", "G. Orme")[number % 4],
                f"{1 + number} January {1930 + number}",
                raised,
            ]
        )
    pdf = Pdf(LETTER, {"Title": "1 January 1930"})
    pages = [pdf.page(), pdf.page()]
    pages[0].text(54, 740, "Boats that were sunk on the Orm", "Helvetica-Bold", 14, how="words")
    body = paragraphs(103, 3, 3)
    set_paragraphs([(body[0], Style("Helvetica", 9, 12, "words"))], [Frame(pages[0], 54, 722, 480, 60)])
    at, page = 650, pages[0]
    for number, row in enumerate(rows):
        if number == 11:
            at, page = 740, pages[1]
        for x, cell in zip((54, 150, 270, 410), row, strict=True):
            page.text(x, at, cell, "Helvetica-Bold" if number == 0 else "Helvetica", 9, how="words")
        at -= 15
    set_paragraphs([(body[1], Style("Helvetica", 9, 12, "words"))], [Frame(pages[1], 54, at - 20, 480, 60)])
    return pdf, {"facts": facts("Boats that were sunk on the Orm"), "blocks": [body[0], {"rows": rows}, body[1]],
                 "apart": [["Rowan", body[1][:25]]]}  # fmt: skip


def drop_cap():
    """A large first letter three lines deep, under a heading whose letters are set wide apart."""
    body = paragraphs(107, 7, 6)
    pdf = Pdf(A5)
    page = pdf.page()
    page.text(50, 530, "THE ROPEMAKERS", "Times-Bold", 16, spacing=5)
    style = Style("Times-Roman", 12, 15, justified=True)
    cap, rest = body[0][0], body[0][1:]
    page.text(50, 462, cap, "Times-Bold", 50)
    beside = width(cap, "Times-Bold", 50) + 4
    narrow = lines_of(rest, style, 320 - beside)[:3]
    taken = " ".join(narrow)
    for number, line in enumerate(narrow):
        draw_line(Frame(page, 50 + beside, 0, 320 - beside, 0), 492 - 15 * number, line, style, first=False, last=False)
    below = rest[len(taken) :].strip()
    page.text(50, 300, "N O T E S   O N   T H E   C R A F T", "Times-Roman", 11)
    set_paragraphs([(below, style)], [Frame(page, 50, 462, 320, 310)])
    set_paragraphs([(body[1], style)], [Frame(page, 50, 290, 320, 60)])
    return pdf, {"facts": facts("THE ROPEMAKERS"), "blocks": [body[0], "NOTES ON THE CRAFT", body[1]],
                 "forbidden": ["T H E", "N O T E S", "R O P E"]}  # fmt: skip


def hyphens():
    """Words broken at line ends, words with hyphens of their own at line ends, and letters drawn one by one."""
    texts = (
        (
            "The half-timbered toll-house of Low Sarn has a north-east corner that sinks by a finger's breadth every year, and the well-"
            "known cracks in its plas~ter~work have been meas~ured since the twenty-fifth of May."
        ),
        (
            "An in~de~pend~ent sur~vey~or from the up~per val~ley rec~om~mend~ed a stone-built but~tress in place of the tim~ber one; the "
            "par~ish coun~cil, half-hearted as ever, ap~point~ed a sub-com~mit~tee, whose mem~bers meet in the low-lying room be~neath "
            "the north-east cor~ner on the twenty-fifth of each month."
        ),
        (
            "Its re-elected chair~man prom~ised a de~ci~sion be~fore the au~tumn rains. The mid-nine~teenth-cen~tu~ry win~dows are to be "
            "re~paired in any case."
        ),
    )
    body = [text.replace("~", SOFT) for text in texts]
    pdf = Pdf(A4, {"Title": "The corner that sinks"}, with_widths=True)
    page = pdf.page()
    page.text(150, 740, "The corner that sinks", "Times-Bold", 16)
    set_paragraphs(
        [(one, Style("Times-Roman", 12, 15, "letters", justified=True)) for one in body],
        [Frame(page, 150, 720, 198, 60)],
    )
    return pdf, {"facts": facts("The corner that sinks"), "blocks": list(map(plain, body))}


def watermark():
    """A grey word across each page, drawn over the text, in metres of paper that says DRAFT."""
    body = paragraphs(109, 6, 6, 6, 6)
    pdf = Pdf(A4, {"Author": "Windows User"})
    first, second = pdf.page(), pdf.page()
    first.text(72, 760, "Plan for the repair of the dyke", "Helvetica-Bold", 16)
    style = Style("Helvetica", 11, 15)
    set_paragraphs([(body[0], style), (body[1], style)], [Frame(first, 72, 735, 450, 60)])
    set_paragraphs([(body[2], style), (body[3], style)], [Frame(second, 72, 770, 450, 60)])
    for page in (first, second):
        page.text(130, 330, "CONFIDENTIAL", "Helvetica-Bold", 64, angle=50, gray=0.85)
        page.text(300, 60, "Copy for the parish clerk only", "Helvetica", 8, gray=0.6)
    return pdf, {"facts": facts("Plan for the repair of the dyke"), "blocks": body,
                 "forbidden": ["CONFIDENTIAL", "Copy for the parish clerk only"]}  # fmt: skip


def caption():
    """A picture in the middle of a paragraph that runs over two columns, with its caption and credit."""
    body = paragraphs(113, 5, 8, 5)
    pdf = Pdf(A4)
    page = pdf.page()
    page.text(50, 770, "The bell under the floor", "Times-Bold", 20)
    style = Style("Times-Roman", 10.5, 13, after=5)
    page.box(50, 470, 235, 130, 0.7)
    note = Style("Helvetica", 7.5, 9.5)
    set_paragraphs([("The bell on the morning after it was found, with the ladder. Photograph: Nye Colliver", note)],
                   [Frame(page, 50, 466, 235, 430)])  # fmt: skip
    frames = [Frame(page, 50, 745, 235, 612), Frame(page, 50, 440, 235, 300), Frame(page, 310, 745, 235, 300)]
    set_paragraphs([(one, style) for one in body], frames)
    words = "The bell on the morning after it was found, with the ladder. Photograph: Nye Colliver"
    return pdf, {"facts": facts("The bell under the floor"), "blocks": [*body, {"text": words, "floats": True}],
                 "apart": [[words[:20], one[:30]] for one in body]}  # fmt: skip


def fake_bold():
    """Headings and a sentence made bold by drawing them twice, and a shadow under the title."""
    body = paragraphs(127, 5, 5)
    pdf = Pdf(LETTER)
    page = pdf.page()
    page.text(73, 708.8, "Minutes of the weir committee", "Courier", 16, gray=0.7)
    page.text(72, 710, "Minutes of the weir committee", "Courier", 16)
    style = Style("Courier", 10, 13)
    at = 680
    for heading, text in zip(("Item 1: The second key", "Item 2: Any other business"), body, strict=True):
        page.text(72, at - 12, heading, "Courier", 11)
        page.text(72.4, at - 12, heading, "Courier", 11)
        at = set_paragraphs([(text, style)], [Frame(page, 72, at - 20, 460, 60)]) - 12
    for offset in (0, 0.25, 0.5):
        page.text(72 + offset, at - 14, "The clerk will write to the county.", "Courier", 10, how="words")
    blocks = [
        "Item 1: The second key",
        body[0],
        "Item 2: Any other business",
        body[1],
        "The clerk will write to the county.",
    ]
    return pdf, {"facts": facts("Minutes of the weir committee"), "blocks": blocks}


def ligatures():
    """The signs for fi and fl in words, dashes and curly quotation marks, in pieces whose spaces are distances."""
    body = [
        "The \ufb01rst \ufb02ood of the year \ufb01lled the of\ufb01ce of the \ufb01shery board up to its \ufb01fth shelf \u2013 \u201cand the \ufb01les \ufb02oated,\u201d said the clerk.",
        "Five of\ufb01cers carried the \ufb02ags, the con\ufb01dential papers and a stuf\ufb02ess armchair to the \ufb01eld above the caf\u00e9. The pro\ufb01t of \ufb01fteen years, 4,850 crowns, was found in a \ufb02our tin.",
        "The board will meet on the upper \ufb02oor from now on. Its stove has been \ufb01xed \u2014 twice.",
    ]
    pdf = Pdf(A5, {"Title": "The \ufb02ood in the of\ufb01ce", "Author": "Merewen Skaife; Obadiah Clunn"})
    page = pdf.page()
    page.text(60, 520, "The \ufb02ood in the of\ufb01ce", "Times-Italic", 18, how="kerned")
    set_paragraphs([(one, Style("Times-Roman", 11, 14.5, "kerned", justified=True, indent=10, after=0)) for one in body],
                   [Frame(page, 60, 490, 300, 60)])  # fmt: skip
    return pdf, {"facts": facts("The flood in the office", ["Merewen Skaife", "Obadiah Clunn"]), "blocks": body}


def letter():
    """A letter with a letterhead, a date to the right, a list with bullets and a wrapped item, and a signature."""
    items = ["the ladder, which was lent for a day and has been gone since the harvest;", "two lamps;",
             "the minutes of the meeting at which it was decided that nobody may borrow anything."]  # fmt: skip
    pdf = Pdf(A4, {"Title": "Untitled"})
    page = pdf.page()
    lines = ["Weir Committee of Low Sarn", "Kiln Cottage, 4417 Low Sarn"]
    page.text(340, 780, lines[0], "Helvetica-Bold", 9)
    page.text(340, 768, lines[1], "Helvetica", 9)
    page.text(340, 730, "Low Sarn, 9 November 2020", "Times-Roman", 11)
    page.text(85, 690, "What the chapel should give back", "Times-Bold", 13)
    text = Style("Times-Roman", 11, 14.5, after=8)
    body = paragraphs(131, 3, 3)
    at = set_paragraphs(
        [("Dear neighbours,", text), (body[0], text), ("We ask for:", text)], [Frame(page, 85, 670, 420, 60)]
    )
    for item in items:
        page.text(97, at - 11, "\u2022", "Times-Roman", 11)
        at = set_paragraphs([(item, Style("Times-Roman", 11, 14.5, after=2))], [Frame(page, 112, at, 330, 60)])
    set_paragraphs([(body[1], text), ("Yours, Ottoline Crabbe", text)], [Frame(page, 85, at - 8, 420, 60)])
    blocks = [
        {"items": lines, "floats": True},
        "Dear neighbours,",
        body[0],
        "We ask for:",
        {"items": items},
        body[1],
        "Yours, Ottoline Crabbe",
    ]
    return pdf, {"facts": {"title": "What the chapel should give back", "published": "2020-11-09", "language": "en"},
                 "head": ["Low Sarn, 9 November 2020"], "blocks": blocks}  # fmt: skip
