"""PDF files as certain programs make them, with what a person sees in them: printed pages, magazines, reports."""

from tests.eval.documents.pdf_writer import A4, LETTER, Pdf, width
from tests.eval.documents.pdfs import facts
from tests.eval.documents.prose import paragraphs
from tests.eval.documents.typesetting import Frame, Style, lines_of, set_paragraphs


def printed_page():
    """A web page as a browser prints it: its title and the time at the head, its address and "1/2" at the foot."""
    body = paragraphs(301, 6, 6, 6, 6, 6, 6, 6)
    pdf = Pdf(A4, {"Title": "Goats in the chapel - The Sarn Observer", "Creator": "Mozilla/5.0"})
    style = Style("Times-Roman", 12, 18, "flipped", after=14)
    frames = [Frame(pdf.page(), 60, top, 475, 60) for top in (690, 790)]
    for number, page in enumerate(pdf.pages, start=1):
        page.text(24, 818, "02/11/2021, 18:40", "Times-Roman", 8, how="flipped")
        page.text(230, 818, "Goats in the chapel - The Sarn Observer", "Times-Roman", 8, how="flipped")
        page.text(24, 18, "https://observer.example/goats", "Times-Roman", 8, how="flipped")
        page.text(560, 18, f"{number}/2", "Times-Roman", 8, how="flipped")
    pdf.pages[0].text(60, 770, "Goats in the chapel", "Times-Bold", 24, how="flipped")
    pdf.pages[0].text(60, 735, "By Hesper Vale", "Times-Italic", 12, how="flipped")
    pdf.pages[0].text(60, 715, "29 October 2021", "Times-Roman", 10, how="flipped")
    set_paragraphs([(one, style) for one in body], frames)
    gold = {"facts": {"title": "Goats in the chapel", "authors": ["Hesper Vale"], "published": "2021-10-29", "language": "en"},
            "head": ["By Hesper Vale", "29 October 2021"], "blocks": body,
            "forbidden": ["02/11/2021", "18:40", "https://observer.example/goats", "1/2", "2/2"]}  # fmt: skip
    return pdf, gold


def rules_of_the_house():
    """A numbered list with hanging numbers, wrapped items and a second level, in a font of one point, scaled."""
    body = paragraphs(307, 3, 3)
    items = [("1.", 0, "Whoever opens the sluice rings the bell twice and waits until the answer comes from the other side of the water."),
             ("2.", 0, "The key is kept"), ("a)", 1, "in summer by the miller, or by whoever does his work while he is at the market;"),
             ("b)", 1, "in winter by nobody."), ("3.", 0, "Fines go to the school.")]  # fmt: skip
    pdf = Pdf(LETTER, {"Title": "rules_final.pdf"})
    page = pdf.page()
    page.text(90, 720, "Rules of the sluice house", "Helvetica-Bold", 20, how="scaled")
    style = Style("Helvetica", 10, 13.5, "scaled", after=3)
    at = set_paragraphs([(body[0], style)], [Frame(page, 90, 700, 380, 60)]) - 8
    for number, level, text in items:
        page.text(90 + 22 * level, at - 10, number, "Helvetica", 10, how="scaled")
        at = set_paragraphs([(text, style)], [Frame(page, 112 + 22 * level, at, 300, 60)])
    set_paragraphs([(body[1], style)], [Frame(page, 90, at - 8, 380, 60)])
    listed = [f"{number} {text}" for number, _, text in items]
    return pdf, {"facts": facts("Rules of the sluice house"), "blocks": [body[0], {"items": listed}, body[1]],
                 "apart": [["Fines go", body[1][:25]]]}  # fmt: skip


def two_stories():
    """Two stories on one page, one above the other, each under a headline over both of its columns; a pull quote."""
    first, second = paragraphs(311, 5, 5), paragraphs(312, 4, 4)
    pdf = Pdf(A4)
    page = pdf.page()
    page.text(45, 780, "Clerk finds eleven crowns", "Times-Bold", 28)
    page.text(45, 758, "They lay under the minutes of 1911, and nobody wants them", "Times-Italic", 13)
    style = Style("Times-Roman", 10, 12.5, justified=True, after=4)
    for x, text in ((45, first[0]), (305, first[1])):
        set_paragraphs([(text, style)], [Frame(page, x, 740, 240, 500)])
    page.rule(45, 575, 545, thick=1.5)
    page.text(45, 545, "A dog at the election", "Helvetica-Bold", 19)
    for x, text in ((45, second[0]), (305, second[1])):
        set_paragraphs([(text, style)], [Frame(page, x, 525, 240, 300)])
    page.text(110, 385, "\u201cIt went along, that is all.\u201d", "Times-Italic", 22)
    page.by_rows()
    blocks = ["They lay under the minutes of 1911, and nobody wants them", *first, "A dog at the election", *second,
              {"text": "\u201cIt went along, that is all.\u201d", "floats": True}]  # fmt: skip
    return pdf, {"facts": facts("Clerk finds eleven crowns"), "blocks": blocks,
                 "apart": [[first[1][-25:], "A dog at"], ["A dog at", second[0][:25]]]}  # fmt: skip


def long_table():
    """A table over two pages whose head stands on both, with cells of two lines, numbers to the right and a sum."""
    names = "Ashby Brook Crane Dell Easton Fenby Grange Holt Inby Jarrow Kell Lund Moor Nab".split()
    rows = [[name, f"{412 + 37 * number:,}", f"{9 + number}.{number % 10}",
             ("counted twice, as the first list was lost in the flood", "", "estimate", "with the goats of the chapel")[number % 4]]
            for number, name in enumerate(names)]  # fmt: skip
    rows.append(["All", f"{sum(412 + 37 * number for number in range(len(names))):,}", "", ""])
    head = ["Parish", "Sheep", "Per farm", "Remarks"]
    pdf = Pdf(A4, {"Author": "statistics"})
    pages = [pdf.page(), pdf.page()]
    pages[0].text(70, 780, "Sheep of the fourteen parishes", "Times-Bold", 16)
    intro = paragraphs(313, 3)[0]
    set_paragraphs([(intro, Style("Times-Roman", 10.5, 14))], [Frame(pages[0], 70, 765, 455, 60)])
    lefts, rights = (70, 160, 225, 300), (150, 210, 285, 480)
    for number, (page, top, part) in enumerate(((pages[0], 690, rows[:9]), (pages[1], 780, rows[9:])), start=1):
        at = top
        for row in (head, *part):
            font = "Times-Bold" if row in (head, rows[-1]) else "Times-Roman"
            deep = 1
            for column, text in enumerate(row):
                for line, words in enumerate(lines_of(text, Style(font, 10), 180) if text else ()):
                    x = rights[column] - width(words, font, 10) if column in {1, 2} else lefts[column]
                    page.text(x, at - 12 * line, words, font, 10)
                    deep = max(deep, line + 1)
            at -= 12 * deep + 5
            if row is head:
                page.rule(70, at + 11, 480)
        page.text(270, 40, f"Page {number} of 2", "Times-Roman", 9)
    return pdf, {"facts": facts("Sheep of the fourteen parishes"), "blocks": [intro, {"rows": [head, *rows]}],
                 "forbidden": ["Page 1 of 2", "Page 2 of 2"]}  # fmt: skip


def turned_page():
    """An upright page of text, and a wide table on a page that is turned by a quarter."""
    body = paragraphs(317, 5, 5)
    rows = [["Gauge", "May", "June", "July", "August", "Remark"], ["Low Sarn", "88", "71", "54", "49", "rope replaced"],
            ["Kiln Lock", "101", "97", "", "60", ""], ["Tarn Hill", "", "35", "33", "31", "read at noon"]]  # fmt: skip
    pdf = Pdf(A4, with_widths=True)
    first, second = pdf.page(), pdf.page()
    second.turned = True
    first.text(80, 760, "How high the water stood", "Helvetica-Bold", 18)
    set_paragraphs([(one, Style("Helvetica", 11, 15)) for one in body], [Frame(first, 80, 735, 430, 60)])
    second.text(80, 500, "Table 1. Water in the summer, in centimetres", "Helvetica-Bold", 11)
    for number, row in enumerate(rows):
        for x, cell in zip((80, 220, 310, 400, 490, 600), row, strict=True):
            if cell:
                second.text(x, 470 - 22 * number, cell, "Helvetica-Bold" if number == 0 else "Helvetica", 11)
    return pdf, {"facts": facts("How high the water stood"),
                 "blocks": [*body, {"text": "Table 1. Water in the summer, in centimetres", "floats": True}, {"rows": rows}]}  # fmt: skip


def notes_in_columns():
    """Two columns, each with a note of its own in small letters at its foot, and a running head on both pages."""
    body = paragraphs(331, 5, 5, 5, 5)
    notes = ["1 The list is in the box of the clerk.", "2 Not to be confused with her sister.",
             "3 So the inspector, in a letter.", "4 The price of a lamp in that year."]  # fmt: skip
    heads = ["Sarn Studies 12 (1998)", "G. Ferrand, Keys and Lamps"]
    pdf = Pdf((482, 680))
    style = Style("Times-Roman", 9.5, 11.5, justified=True, after=0)
    for number, head in enumerate(heads):
        page = pdf.page()
        page.text(50, 650, head, "Times-Italic", 8)
        page.text(420, 650, str(204 + number), "Times-Roman", 8)
        for column in (0, 1):
            x, which = 50 + 200 * column, 2 * number + column
            lines = lines_of(body[which], style, 180)
            at = 590 if number == 0 else 620
            for place, line in enumerate(lines):
                is_last = place == len(lines) - 1
                gap = 0 if is_last else (180 - width(line, style.font, style.size)) / line.count(" ")
                page.text(x, at, line, style.font, style.size, gap=gap)
                if is_last:
                    page.text(x + width(line, style.font, style.size), at + 3.5, notes[which][0], "Times-Roman", 6)
                at -= style.leading
            page.text(x, 62, notes[which][0], "Times-Roman", 5.5)
            page.text(x + 5, 60, notes[which][2:], "Times-Roman", 7.5)
    pdf.pages[0].text(50, 615, "Keys and lamps of Nether Lane", "Times-Bold", 15)
    return pdf, {"facts": facts("Keys and lamps of Nether Lane"),
                 "blocks": [*body, *({"text": note, "floats": True} for note in notes)],
                 "forbidden": [*heads, "204", "205", ".1", ".2", ".3", ".4"],
                 "apart": [[text[:25], note[2:25]] for text in body for note in notes]}  # fmt: skip


def contents():
    """A list of contents with dots that lead to numbers of pages, and then the text."""
    parts = [
        ("The weir and its builders", "3"),
        ("What the flood took", "11"),
        ("Letters to the county", "27"),
        ("List of lamps", "40"),
    ]
    body = paragraphs(337, 4, 4)
    pdf = Pdf(A4, {"Title": "Untitled-1"})
    page = pdf.page()
    page.text(100, 760, "The Sarn book", "Times-Bold", 24)
    page.text(100, 700, "Contents", "Times-Bold", 13)
    for number, (name, leaf) in enumerate(parts):
        dots = "." * int((380 - width(name + leaf, "Times-Roman", 11) - 8) / width(".", "Times-Roman", 11))
        page.text(100, 675 - 16 * number, name, "Times-Roman", 11)
        page.text(104 + width(name, "Times-Roman", 11), 675 - 16 * number, dots, "Times-Roman", 11)
        page.text(480 - width(leaf, "Times-Roman", 11), 675 - 16 * number, leaf, "Times-Roman", 11)
    set_paragraphs([(one, Style("Times-Roman", 11, 14.5)) for one in body], [Frame(page, 100, 580, 380, 60)])
    return pdf, {"facts": facts("The Sarn book"),
                 "blocks": ["Contents", {"items": [f"{name} {leaf}" for name, leaf in parts]}, *body]}  # fmt: skip


def raised_signs():
    """Raised and lowered signs that are no notes: powers, formulas, ordinal numbers; and notes marked by stars."""
    lines = [
        [("The dyke holds 4,600 m", 0), ("3", 1), (" of earth, and in a dry year 10", 0), ("6", 1), (" litres of H", 0), ("2", -1), ("O behind it.", 0)],
        [("On the 3", 0), ("rd", 1), (" of June the inspector came", 0), ("*", 1), (", as he had on the 21", 0), ("st", 1), (" of May.", 0)],
    ]  # fmt: skip
    note = "* He came on foot."
    pdf = Pdf(LETTER)
    page = pdf.page()
    page.text(72, 720, "What the dyke holds", "Helvetica-Bold", 16)
    for number, parts in enumerate(lines):
        x = 72
        for words, raised in parts:
            size = 11 if raised == 0 else 7
            page.text(x, 690 - 30 * number + 4 * raised, words, "Helvetica", size)
            x += width(words, "Helvetica", size)
    more = paragraphs(347, 4)[0]
    set_paragraphs([(more, Style("Helvetica", 11, 15))], [Frame(page, 72, 640, 440, 60)])
    page.text(72, 70, note, "Helvetica", 8)
    joined = ["".join(words for words, _ in parts if words != "*") for parts in lines]
    joined[0] = joined[0].replace("106", "10^6")
    return pdf, {"facts": facts("What the dyke holds"), "blocks": [*joined, more, {"text": note, "floats": True}],
                 "apart": [["inspector came", "on foot"]]}  # fmt: skip
