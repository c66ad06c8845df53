"""PDF files of other kinds of text, with what a person sees in them: verse, speech, slides, numbered lines, margins."""

from tests.eval.documents.pdf_writer import A4, LETTER, Pdf, width
from tests.eval.documents.pdfs import facts
from tests.eval.documents.prose import paragraphs
from tests.eval.documents.typesetting import Frame, Style, lines_of, set_paragraphs


def verse():
    """A poem of two stanzas with short lines of many lengths between two paragraphs of prose."""
    stanzas = [["The weir has counted every boat", "and let them go by one by one,", "the lamp, the ladder and the goat,", "and none of them was ever done."],
               ["I asked the clerk. The clerk was wet.", "He had a list, and it was long;", "he has not come to our names yet", "and hums the while a market song."]]  # fmt: skip
    body = paragraphs(401, 4, 4)
    pdf = Pdf(LETTER)
    page = pdf.page()
    page.text(90, 715, "A song that was found in the toll house", "Times-Bold", 17)
    text = Style("Times-Roman", 11.5, 15, justified=True, after=10)
    at = set_paragraphs([(body[0], text)], [Frame(page, 90, 690, 430, 60)])
    for stanza in stanzas:
        for line in stanza:
            page.text(150, at - 11, line, "Times-Italic", 11.5)
            at -= 15
        at -= 12
    set_paragraphs([(body[1], text)], [Frame(page, 90, at, 430, 60)])
    blocks = [body[0], *({"items": stanza} for stanza in stanzas), body[1]]
    return pdf, {"facts": facts("A song that was found in the toll house"), "blocks": blocks,
                 "apart": [[stanzas[1][-1], body[1][:25]]]}  # fmt: skip


def hearing():
    """Minutes of a hearing: the names of the speakers in a column of their own, what they say beside it."""
    talk = [("CHAIR", "Was the gate open when you came to the weir on the night of the flood?"),
            ("WITNESS", "It was open as far as a gate can be that has no hinge on its upper side. I saw water in the yard and a lamp on the other bank, and I heard the bell."),
            ("CHAIR", "Who rang it?"), ("WITNESS", "Nobody, sir."),
            ("CLERK", "I should like it to be written down that the bell has no rope, and has had none since the year of the great frost.")]  # fmt: skip
    pdf = Pdf(A4, {"Title": "hearing-3.rtf"})
    page = pdf.page()
    page.text(70, 770, "Hearing about the gate, third day", "Helvetica-Bold", 15)
    at = 735
    for name, words in talk:
        page.text(70, at - 10, name, "Helvetica-Bold", 9)
        at = set_paragraphs([(words, Style("Helvetica", 10, 14, after=9))], [Frame(page, 160, at, 340, 60)])
    return pdf, {
        "facts": facts("Hearing about the gate, third day"),
        "blocks": [f"{name} {words}" for name, words in talk],
    }


def slides():
    """Two slides of a talk: large headings, bullets in two levels, the talk's name and a number at the foot."""
    shown = [("Why the gate leaks", [("\u2022", 0, "The hinge was lent in 1987"), ("\u2013", 1, "to the chapel"), ("\u2013", 1, "without a receipt, as the clerk was ill"),
                                    ("\u2022", 0, "Wood swells")]),
             ("What we propose", [("\u2022", 0, "A new hinge"), ("\u2022", 0, "No more lending of hinges, ladders, lamps or goats to anybody")])]  # fmt: skip
    pdf = Pdf((720, 405), {"Title": "PowerPoint Presentation", "Author": "Idris Pell"})
    blocks = []
    for number, (title, points) in enumerate(shown, start=1):
        page = pdf.page()
        page.box(0, 345, 720, 60, 0.88)
        page.text(40, 362, title, "Helvetica-Bold", 30)
        at = 310
        for sign, level, words in points:
            size = 22 - 4 * level
            page.text(50 + 30 * level, at - size, sign, "Helvetica", size)
            at = set_paragraphs(
                [(words, Style("Helvetica", size, size * 1.25, after=6))], [Frame(page, 75 + 30 * level, at, 480, 30)]
            )
        page.text(40, 14, "The gate: a talk to the parish", "Helvetica", 10)
        page.text(670, 14, str(number), "Helvetica", 10)
        blocks += [title, {"items": [words for _, _, words in points]}]
    return pdf, {"facts": {"title": "Why the gate leaks", "authors": ["Idris Pell"], "published": None, "language": "en"},
                 "blocks": blocks[1:], "forbidden": ["The gate: a talk to the parish", "PowerPoint Presentation"]}  # fmt: skip


def numbered_lines():
    """A page whose lines are numbered at the margin, every fifth one, beside paragraphs in typewriter letters."""
    body = paragraphs(409, 5, 5)
    pdf = Pdf(LETTER)
    page = pdf.page()
    page.text(110, 730, "Statement of the lock keeper", "Courier", 14)
    style = Style("Courier", 11, 18)
    at, number = 690, 1
    for text in body:
        for line in lines_of(text, style, 420):
            if number % 5 == 0:
                page.text(70, at, str(number), "Courier", 8)
            page.text(110, at, line, "Courier", 11)
            at, number = at - 18, number + 1
        at -= 18
    return pdf, {"facts": facts("Statement of the lock keeper"), "blocks": body, "forbidden": ["5", "10", "15", "20"]}


def margins():
    """Short notes in the margin beside two of four paragraphs, in small italics."""
    body = paragraphs(419, 4, 4, 4, 4)
    sides = {0: "First told by the miller, and since by everybody", 2: "Compare the list of lamps"}
    pdf = Pdf(A4)
    page = pdf.page()
    page.text(180, 775, "The year of the two floods", "Times-Bold", 18)
    at = 745
    for number, text in enumerate(body):
        if number in sides:
            set_paragraphs([(sides[number], Style("Times-Italic", 8, 10))], [Frame(page, 60, at - 2, 100, 60)])
        at = set_paragraphs(
            [(text, Style("Times-Roman", 11, 14, justified=True, after=9))], [Frame(page, 180, at, 350, 60)]
        )
    blocks = [*body, *({"text": words, "floats": True} for words in sides.values())]
    return pdf, {"facts": facts("The year of the two floods"), "blocks": blocks,
                 "apart": [[words, text[:25]] for words in sides.values() for text in body]}  # fmt: skip


def accounts():
    """A table with a head of two lines, years over two columns, sums, negative numbers, and a note under it."""
    head = ["Expense", "1901", "", "1902", ""]
    under = ["", "planned", "paid", "planned", "paid"]
    rows = [["Gates and hinges", "120", "134", "60", "\u2013"], ["Lamps", "11", "11", "12", "48"], ["Goats, net", "(5)", "(7)", "", "(2)"],
            ["Sum", "126", "138", "72", "46"]]  # fmt: skip
    body = paragraphs(421, 3, 3)
    pdf = Pdf(LETTER, {"Title": "1901", "Author": "clerk1"})
    page = pdf.page()
    page.text(72, 720, "What the weir committee spent", "Helvetica-Bold", 16)
    style = Style("Helvetica", 10, 13.5)
    at = set_paragraphs([(body[0], style)], [Frame(page, 72, 700, 440, 60)]) - 14
    rights = (0, 270, 340, 410, 480)
    for number, row in enumerate((head, under, *rows)):
        font = "Helvetica-Bold" if number in {0, 5} else "Helvetica"
        for column, cell in enumerate(row):
            if cell:
                x = 72 if column == 0 else rights[column] - width(cell, font, 9)
                page.text(x, at - 14 * number, cell, font, 9)
    page.rule(72, at - 18, 480)
    page.rule(72, at - 60, 480)
    low = at - 14 * 6
    page.text(72, low, "In crowns. Numbers in brackets are what was taken in.", "Helvetica", 7.5)
    set_paragraphs([(body[1], style)], [Frame(page, 72, low - 16, 440, 60)])
    return pdf, {"facts": facts("What the weir committee spent"),
                 "blocks": [body[0], {"rows": [head, under, *rows]}, {"text": "In crowns. Numbers in brackets are what was taken in.", "floats": True}, body[1]],
                 "apart": [["In crowns", "126"]]}  # fmt: skip
