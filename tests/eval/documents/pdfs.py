"""The PDF files of the set, with what a person sees in them: text in columns, and what stands around a text."""

from tests.eval.documents.pdf_writer import A4, A5, LETTER, Pdf, width
from tests.eval.documents.prose import paragraphs
from tests.eval.documents.typesetting import Frame, Style, plain, set_paragraphs


def facts(title, authors=(), published=None, outlet=None):
    return {
        "title": title,
        "authors": list(authors),
        "published": published,
        "outlet": outlet,
        "url": None,
        "language": "en",
    }


def one_column():
    """A report on two sheets with headings, ragged right, and the metadata of a word processor."""
    pdf = Pdf(A4, {"Title": "Microsoft Word - bericht_final2.doc", "Author": "Administrator", "Producer": "Printer 4"})
    body = paragraphs(11, 5, 6, 5, 7, 6, 6)
    head, text = Style("Helvetica-Bold", 12, 16, before=8), Style("Helvetica", 11, 15.5, after=9)
    first, second = pdf.page(), pdf.page()
    first.text(72, 752, "The weir at Low Sarn, ten years after the flood", "Helvetica-Bold", 18)
    first.text(72, 728, "By Philippa Dray, 12 May 2019", "Helvetica", 10)
    order = [(body[0], text), (body[1], text), ("What was paid", head), (body[2], text), (body[3], text),
             ("What is left to do", head), (body[4], text), (body[5], text)]  # fmt: skip
    frames = [Frame(first, 72, 702, 451, 330), Frame(second, 72, 770, 451, 72)]
    set_paragraphs(order, frames)
    blocks = [text for text, _ in order]
    gold = {"facts": facts("The weir at Low Sarn, ten years after the flood", ["Philippa Dray"], "2019-05-12"),
            "head": ["By Philippa Dray, 12 May 2019"], "blocks": blocks, "forbidden": ["bericht_final2", "Administrator"]}  # fmt: skip
    return pdf, gold


def two_columns_by_columns():
    """A journal's page in justified Times with broken words, each column drawn to its end."""
    body = paragraphs(23, 6, 7, 6, 6)
    body = [one.replace("committee", "com\u00admit\u00adtee").replace("measured", "mea\u00adsured") for one in body]
    body = [
        one.replace("council's", "coun\u00adcil's")
        .replace("carried", "car\u00adried")
        .replace("election", "elec\u00adtion")
        for one in body
    ]
    pdf = Pdf(LETTER, {"Title": "On the price of oats in Low Sarn"}, with_widths=True)
    page = pdf.page()
    page.text(60, 720, "On the price of oats in Low Sarn", "Times-Bold", 20)
    page.text(60, 698, "Hartwin Sele and Jessamy Pook", "Times-Italic", 12)
    text = Style("Times-Roman", 10, 12, justified=True, indent=12, after=0)
    set_paragraphs([(one, text) for one in body], [Frame(page, 60, 670, 236, 458), Frame(page, 316, 670, 236, 72)])
    gold = {"facts": facts("On the price of oats in Low Sarn", ["Hartwin Sele", "Jessamy Pook"]),
            "head": ["Hartwin Sele and Jessamy Pook"], "blocks": list(map(plain, body))}  # fmt: skip
    return pdf, gold


def two_columns_by_rows():
    """A newsletter whose words are drawn one by one, from left to right over both columns."""
    body = paragraphs(37, 5, 5, 5, 5)
    pdf = Pdf(A4)
    page = pdf.page()
    text = Style("Helvetica", 9.5, 13, "words", after=5)
    head = Style("Helvetica-Bold", 11, 15, "words", before=4, after=3)
    set_paragraphs([(body[0], text), (body[1], text)], [Frame(page, 50, 720, 235, 60)])
    set_paragraphs([("The brick kiln", head), (body[2], text), (body[3], text)], [Frame(page, 310, 720, 235, 60)])
    page.text(50, 760, "News from the upper valley", "Helvetica-Bold", 22, how="words")
    page.by_rows()
    gold = {
        "facts": facts("News from the upper valley"),
        "blocks": [body[0], body[1], "The brick kiln", body[2], body[3]],
    }
    return pdf, gold


def three_columns():
    """A leaflet in three narrow columns under a headline, lines drawn row by row."""
    body = paragraphs(41, 4, 4, 4, 4, 4, 4)
    pdf = Pdf((842, 595))
    page = pdf.page()
    text = Style("Times-Roman", 11, 13, after=6)
    page.text(48, 530, "Six walks from the toll house", "Times-Bold", 26)
    for number in range(3):
        set_paragraphs(
            [(one, text) for one in body[2 * number : 2 * number + 2]], [Frame(page, 48 + 255 * number, 500, 232, 40)]
        )
    page.by_rows()
    return pdf, {"facts": facts("Six walks from the toll house"), "blocks": body}


def sidebar():
    """A wide column with a narrow grey box beside it, drawn after its first paragraph."""
    body, side = paragraphs(53, 5, 5, 5, 5), paragraphs(54, 2, 2)
    pdf = Pdf(A4, {"Title": "The clock that was mended with a spoon", "Author": "Ludo Farthing"})
    page = pdf.page()
    page.text(56, 770, "The clock that was mended with a spoon", "Helvetica-Bold", 16)
    text, note = Style("Times-Roman", 11, 14, justified=True, after=8), Style("Helvetica", 8.5, 11, after=6)
    at = set_paragraphs([(body[0], text)], [Frame(page, 56, 745, 330, 60)])
    page.box(405, 470, 140, 278, 0.9)
    set_paragraphs([("The clock in figures", Style("Helvetica-Bold", 9, 12)), *((one, note) for one in side)],
                   [Frame(page, 412, 741, 126, 470)])  # fmt: skip
    set_paragraphs([(one, text) for one in body[1:]], [Frame(page, 56, at, 330, 60)])
    blocks = [*body, {"text": "The clock in figures", "floats": True}, *({"text": one, "floats": True} for one in side)]
    gold = {"facts": facts("The clock that was mended with a spoon", ["Ludo Farthing"]), "blocks": blocks,
            "apart": [[one[:30], two[:30]] for one in body for two in side]}  # fmt: skip
    return pdf, gold


def form():
    """Two addresses side by side and a list of labels with their values, as in a lending form."""
    left = ["Lender", "Reading Room of Tarn Hill", "Nether Lane 3", "4410 Tarn Hill"]
    right = ["Borrower", "Wenna Lusk", "Kiln Cottage", "4417 Low Sarn"]
    pairs = [
        ("Object", "Brass barometer, 1871"),
        ("Lent on", "3 October 2022"),
        ("Back by", "31 March 2023"),
        ("Value", "2,600 crowns"),
    ]
    pdf = Pdf(A4, {"Title": "Form 7b"})
    page = pdf.page()
    page.text(70, 770, "Loan of an object", "Helvetica-Bold", 15)
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        font = "Helvetica-Bold" if number == 0 else "Helvetica"
        page.text(70, 735 - 14 * number, one, font, 10)
        page.text(330, 735 - 14 * number, other, font, 10)
    for number, (label, value) in enumerate(pairs):
        page.text(70, 640 - 20 * number, label, "Helvetica-Bold", 10)
        page.text(170, 640 - 20 * number, value, "Helvetica", 10)
        page.rule(168, 637 - 20 * number, 420)
    text = paragraphs(61, 3)
    set_paragraphs([(text[0], Style("Helvetica", 9, 12))], [Frame(page, 70, 530, 450, 60)])
    gold = {"facts": facts("Loan of an object"),
            "blocks": [{"items": left}, {"items": right}, {"rows": [list(pair) for pair in pairs]}, text[0]],
            "apart": [["Lender", "Borrower"], ["Tarn Hill", "Wenna Lusk"], ["4417 Low Sarn", "Brass barometer"]]}  # fmt: skip
    return pdf, gold


def _booklet(seed, info, heads, feet, style):
    """Four small pages of one text. Heads and feet, or None, are (x, y, words, font, size), y from the page's edge."""
    body = paragraphs(seed, 6, 7, 6, 7, 6, 6)
    high = round(136 + 18.2 * style.leading)
    pdf = Pdf((A5[0], high), info)
    frames = [Frame(pdf.page(), 48, high - 70, A5[0] - 96, 66) for _ in range(4)]
    for page, head, foot in zip(pdf.pages, heads, feet, strict=True):
        if head:
            page.text(head[0], high - head[1], *head[2:])
        if foot:
            page.text(*foot)
    set_paragraphs([(one, style) for one in body], frames)
    return pdf, body


def heads_constant():
    """The same head on all pages, and the page's number in the middle of the foot."""
    head = (48, 34, "Tarn Hill Yearbook 2014", "Times-Italic", 9)
    feet = [(204, 36, f"- {number} -", "Times-Roman", 9) for number in range(61, 65)]
    style = Style("Times-Roman", 11, 14, justified=True, after=0, indent=14)
    pdf, body = _booklet(71, {}, [None, head, head, head], feet, style)
    pdf.pages[0].text(48, pdf.size[1] - 50, "How the lamp came to Low Sarn", "Times-Bold", 16)
    return pdf, {"facts": facts("How the lamp came to Low Sarn"), "blocks": body,
                 "forbidden": ["Tarn Hill Yearbook 2014", "- 62 -", "64"]}  # fmt: skip


def heads_odd_even():
    """On even pages the author and on odd pages the story stand in the head, each with the page's number outside."""
    even, odd = "Edric Molesworth", "A key for the second door"
    heads = [None, (48, 28, f"118   {even}", "Helvetica", 8), (250, 28, f"{odd}   119", "Helvetica", 8),
             (48, 28, f"120   {even}", "Helvetica", 8)]  # fmt: skip
    style = Style("Helvetica", 10.5, 14.5, after=0, indent=16)
    pdf, body = _booklet(
        73, {"Author": "Edric Molesworth"}, heads, [(205, 30, "117", "Helvetica", 8), None, None, None], style
    )
    pdf.pages[0].text(48, pdf.size[1] - 52, "A key for the second door", "Helvetica-Bold", 15)
    return pdf, {"facts": facts("A key for the second door", ["Edric Molesworth"]), "blocks": body,
                 "forbidden": ["117", "118", "119", "120", "Edric Molesworth", "A key for the second door"]}  # fmt: skip


def heads_roman():
    """A preface whose pages are numbered in small roman numerals."""
    feet = [(204, 34, number, "Times-Italic", 10) for number in ("vii", "viii", "ix", "x")]
    style = Style("Times-Roman", 12, 15, "kerned", after=4)
    pdf, body = _booklet(79, {"Title": "preface_v3.qxd"}, [None] * 4, feet, style)
    pdf.pages[0].text(48, pdf.size[1] - 48, "Preface to the second edition", "Times-Bold", 17)
    return pdf, {
        "facts": facts("Preface to the second edition"),
        "blocks": body,
        "forbidden": ["vii", "viii", "ix", "x"],
    }


def heads_of_sections():
    """Each section's name stands in the head of its pages, beside a number out of all pages."""
    names = ["The Well", "The Well", "The Dyke", "The Dyke"]
    heads = [(48, 398, f"{name} | {number} / 4", "Helvetica-Bold", 8) for number, name in enumerate(names, start=1)]
    pdf = Pdf((420, 420), {"Title": "wells_and_dykes.indd"})
    body = paragraphs(84, 8, 8, 8, 8)
    style = Style("Helvetica", 10, 13.5, after=5)
    pages = [pdf.page() for _ in range(4)]
    for page, head in zip(pages, heads, strict=True):
        page.text(*head)
    pages[0].text(48, 360, "Wells and dykes of Nether Lane", "Helvetica-Bold", 16)
    title = Style("Helvetica-Bold", 12, 16, after=4)
    for first, name, parts in ((0, "The Well", body[:2]), (2, "The Dyke", body[2:])):
        frames = [Frame(pages[first], 48, 340, 324, 110), Frame(pages[first + 1], 48, 375, 324, 40)]
        set_paragraphs([(name, title), *((one, style) for one in parts)], frames)
    return pdf, {"facts": facts("Wells and dykes of Nether Lane"), "blocks": ["The Well", *body[:2], "The Dyke", *body[2:]],
                 "forbidden": ["The Well | 1", "1 / 4", "2 / 4", "The Dyke | 3", "4 / 4"]}  # fmt: skip


def footnotes():
    """Raised numbers of notes, and the notes in small letters under a rule at the foot of each of two pages."""
    pdf = Pdf(A4, with_widths=True)
    body = [
        [
            "The weir was built in 1887",
            "1",
            " and cost 412 crowns",
            "2",
            ", most of which went to the smith. Its gates are of",
        ],
        ["oak. Nobody has replaced them since, and the engineer says that nobody has to."],
        ["In the dry year of 1921", "3", " the water stood so low that the names of the builders could be read. There"],
        ["are nineteen names on the eastern wall, and a twentieth was scratched out again."],
    ]
    notes = ["1 The accounts of that year are lost.", "2 About eleven thousand crowns of today.",
             "3 Old people in the valley say 1922."]  # fmt: skip
    first, second = pdf.page(), pdf.page()
    first.text(80, 760, "The names on the eastern wall", "Times-Bold", 18)
    for number, (page, at) in enumerate(((first, 720), (first, 705), (second, 760), (second, 745))):
        _with_raised(page, 80, at, body[number], 11)
    more = paragraphs(89, 5, 5)
    set_paragraphs([(more[0], Style("Times-Roman", 11, 15))], [Frame(first, 80, 690, 430, 200)])
    set_paragraphs([(more[1], Style("Times-Roman", 11, 15))], [Frame(second, 80, 730, 430, 200)])
    first.rule(80, 110, 200)
    second.rule(80, 96, 200)
    for page, at, note in ((first, 97, notes[0]), (first, 86, notes[1]), (second, 84, notes[2])):
        _with_raised(page, 80, at, ["", note[0], note[1:]], 8.5)
    joined = [
        " ".join(("".join(part for part in line if not part.isdigit())) for line in body[at : at + 2]) for at in (0, 2)
    ]
    blocks = [joined[0], more[0], joined[1], more[1], *({"text": note, "floats": True} for note in notes)]
    gold = {"facts": facts("The names on the eastern wall"), "blocks": blocks,
            "forbidden": ["18871", "19213", "crowns2"],
            "apart": [["eastern wall", "Old people"], ["went to the smith", "accounts of that year"]]}  # fmt: skip
    return pdf, gold


def _with_raised(page, x, y, parts, size):
    """A line in Times whose second, fourth, ... part is raised and small, as the number of a note."""
    for number, part in enumerate(parts):
        is_raised = number % 2 == 1
        own = size * 0.62 if is_raised else size
        if part:
            page.text(x, y + (size * 0.33 if is_raised else 0), part, "Times-Roman", own)
            x += width(part, "Times-Roman", own)
