"""The Word files of the set, with what a person sees in them."""

from tests.eval.documents.docx_writer import Docx, cell, control, note_mark, paragraph, row, run, table
from tests.eval.documents.pdfs import facts
from tests.eval.documents.prose import paragraphs

DEFAULTS = (("dc:title", "Word Document"), ("dc:creator", "Microsoft Office User"))


def controls():
    """A table whose cells, rows and words are in content controls, with empty and merged cells, and a form below it."""
    body = paragraphs(201, 2, 2)
    rows = table(
        row(cell("Ferry"), cell("Crew", span=2), cell("Fare")),
        row("Heron", "Lise Orrin", control(cell("mate")), "6"),
        control(row("Coot", "", "cook", "")),
        row(cell("Grebe", merged="restart"), "Abel Tran", "", "8"),
        row(
            cell("", merged="continue"),
            control(cell(paragraph("Bea") + paragraph("Nolan"))),
            "mate",
            cell(paragraph(control(run("9")))),
        ),
    )
    other = table(row("Season", "From"), row("summer", "1 May"), row("winter", ""))
    text = (
        paragraph("The ferries of Lake Orm", "Title")
        + paragraph(body[0])
        + rows
        + paragraph("", None)
        + other
        + control(paragraph(body[1]))
        + paragraph(run("Asked for by: ") + control(run("the parish clerk")))
    )
    gold = {
        "facts": facts("The ferries of Lake Orm"),
        "blocks": [
            body[0],
            {"rows": [["Ferry", "Crew", "", "Fare"], ["Heron", "Lise Orrin", "mate", "6"], ["Coot", "", "cook", ""],
                      ["Grebe", "Abel Tran", "", "8"], ["", "Bea Nolan", "mate", "9"]]},
            {"rows": [["Season", "From"], ["summer", "1 May"], ["winter", ""]]},
            body[1],
            "Asked for by: the parish clerk",
        ],
        "apart": [["Heron", "Season"], ["winter", body[1][:25]]],
    }  # fmt: skip
    return Docx(text), gold


def notes():
    """Footnotes and endnotes, whose marks stand behind a number and a word."""
    body = paragraphs(203, 3, 3)
    text = (
        paragraph("What the dyke cost", "Heading1")
        + paragraph(
            run("The dyke was finished in 1904")
            + note_mark(1)
            + run(" and cost 21,300 crowns")
            + note_mark(2)
            + run(".")
        )
        + paragraph(body[0])
        + paragraph(
            run("A second one was planned") + note_mark(1, "endnote") + run(", three metres higher, and never begun.")
        )
        + paragraph(body[1])
    )
    foot = ("The stone in the wall says 1905.", "Without the land, which was given.")
    end = ("In the papers of the surveyor, box 12.",)
    gold = {
        "facts": facts("What the dyke cost"),
        "blocks": ["The dyke was finished in 1904 and cost 21,300 crowns.", body[0],
                   "A second one was planned, three metres higher, and never begun.", body[1],
                   *({"text": one, "floats": True} for one in (*foot, *end))],
        "forbidden": ["19041", "crowns2", "planned1"],
        "apart": [["finished in 1904", "1905"], ["second one", "box 12"]],
    }  # fmt: skip
    return Docx(text, foot, end), gold


def tracked():
    """Insertions, deletions and moves, as they read when all are accepted."""
    who = 'w:id="1" w:author="B. Nolan" w:date="2021-01-01T00:00:00Z"'
    gone = f"<w:del {who}>{run('forty', tag='w:delText')}</w:del>"
    cells = "".join(cell(paragraph(f"<w:del {who}>{run(words, tag='w:delText')}</w:del>")) for words in ("week", "200"))
    removed = f"<w:tr><w:trPr><w:del {who}/></w:trPr>{cells}</w:tr>"
    text = (
        paragraph("The new rules of the bath house", "Title")
        + paragraph(run("A ticket costs ") + gone + f"<w:ins {who}>{run('fifty-five')}</w:ins>" + run(" crowns from January."))
        + paragraph(f"<w:moveFrom {who}>{run('Dogs wait at the door. ')}</w:moveFrom>" + run("The sauna is shut on Mondays."))
        + paragraph(run("Towels are lent. ") + f"<w:moveTo {who}>{run('Dogs wait at the door.')}</w:moveTo>")
        + paragraph(f"<w:del {who}>{run('Children swim free until noon.', tag='w:delText')}</w:del>",
                    more=f"<w:rPr><w:del {who}/></w:rPr>")
        + table(row("Ticket", "Price"), row("day", cell(paragraph(gone + f"<w:ins {who}>{run('55')}</w:ins>"))), removed)
    )  # fmt: skip
    gold = {
        "facts": facts("The new rules of the bath house"),
        "blocks": ["A ticket costs fifty-five crowns from January.", "The sauna is shut on Mondays.",
                   "Towels are lent. Dogs wait at the door.", {"rows": [["Ticket", "Price"], ["day", "55"]]}],
        "forbidden": ["forty", "Children swim free", "week", "200"],
    }  # fmt: skip
    return Docx(text), gold


def numbered():
    """Numbers of lists: decimal, letters and Roman below, a list that begins at 5, bullets, and headings with a sign."""
    body = paragraphs(207, 2, 2)
    text = (
        paragraph("How the sluice is opened", "Title")
        + paragraph(body[0])
        + paragraph("Ring the bell twice.", "ListParagraph", number=1)
        + paragraph("Look at the gauge:", "ListParagraph", number=1)
        + paragraph("above two metres, wait;", "ListParagraph", number=1, level=1)
        + paragraph("below, go on", "ListParagraph", number=1, level=1)
        + paragraph("slowly,", "ListParagraph", number=1, level=2)
        + paragraph("and never alone.", "ListParagraph", number=1, level=2)
        + paragraph("Turn the wheel.", "ListParagraph", number=1)
        + paragraph(body[1])
        + paragraph("Shut the gate.", number=4)
        + paragraph("Write down the hour.", number=4)
        + paragraph("Who may do it", "Legal")
        + paragraph("the lock keeper", number=2)
        + paragraph("his widow", number=2)
        + paragraph("Who may not", "Legal")
        + paragraph("Everybody else.")
    )
    gold = {
        "facts": facts("How the sluice is opened"),
        "blocks": [
            body[0],
            {"items": ["1. Ring the bell twice.", "2. Look at the gauge:", "a) above two metres, wait;", "b) below, go on",
                       "(i) slowly,", "(ii) and never alone.", "3. Turn the wheel."]},
            body[1],
            {"items": ["5. Shut the gate.", "6. Write down the hour."]},
            "§ 1 Who may do it",
            {"items": ["the lock keeper", "his widow"]},
            "§ 2 Who may not",
            "Everybody else.",
        ],
        "apart": [["Turn the wheel", body[1][:25]]],
        "forbidden": ["\uf0b7"],
    }  # fmt: skip
    return Docx(text), gold


def hidden():
    """Hidden words, by their own mark and by a style, a hidden paragraph, fields with their codes, a bookmark's text."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF _Toc12 \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("12") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    text = (
        paragraph("Who keeps the third key", "Title")
        + paragraph(run("The third key hangs ") + run("behind the stove ", "<w:vanish/>") + run("in the vestry."))
        + paragraph(run("Internal: do not print.", "<w:vanish/>"))
        + paragraph(run("Whoever takes it signs the book") + run(" (see the other book)", '<w:rStyle w:val="Secret"/>')
                    + run(", page ") + field + run("."))
        + paragraph(run("This is ") + run("visible", '<w:vanish w:val="0"/>') + run(" to all, and so is the bell, ")
                    + run("capitals", "<w:smallCaps/>") + run(" or not."))
    )  # fmt: skip
    gold = {
        "facts": facts("Who keeps the third key"),
        "blocks": ["The third key hangs in the vestry.", "Whoever takes it signs the book, page 12.",
                   "This is visible to all, and so is the bell, capitals or not."],
        "forbidden": ["behind the stove", "Internal", "other book", "PAGEREF", "_Toc12"],
    }  # fmt: skip
    return Docx(text), gold


def text_box():
    """A text box, given twice as Word does for older programs, a page head, and a box in a table's cell."""
    inside = "The box says that the mill is for sale. " + paragraphs(211, 1)[0]
    body = paragraphs(212, 3, 3)
    shape = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:extent cx="1" cy="1"/>'
        '<wp:docPr id="1" name="Text Box 1" descr="A box on the right"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent>'
        f"{paragraph(inside)}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{paragraph(inside)}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    text = (
        paragraph("The mill of Low Sarn", "Title")
        + paragraph(run(body[0]) + shape)
        + paragraph(body[1])
        + paragraph(
            run("First line of an address")
            + "<w:r><w:br/></w:r>"
            + run("second line")
            + "<w:r><w:tab/></w:r>"
            + run("end")
        )
    )
    gold = {
        "facts": facts("The mill of Low Sarn", ["Ebba Thorne"]),
        "blocks": [
            body[0],
            {"text": inside, "floats": True},
            body[1],
            {"items": ["First line of an address", "second line end"]},
        ],
        "apart": [[body[0][:25], "mill is for sale"], [body[1][:25], "mill is for sale"]],
        "forbidden": ["Mill papers, volume 3", "Text Box 1"],
    }
    return Docx(
        text,
        head="Mill papers, volume 3",
        properties=(("dc:creator", "Ebba Thorne"), ("dc:title", "The mill of Low Sarn")),
    ), gold


def equation():
    """Equations in a line and on their own: a fraction, powers and a root."""

    def text(words):
        return f"<m:r><m:t>{words}</m:t></m:r>"

    fraction = f"<m:f><m:num>{text('M')}</m:num><m:den>{text('4')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{text('v')}</m:e><m:sup>{text('2')}</m:sup></m:sSup>"
    root = f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{text("19")}</m:e></m:rad>'
    body = (
        paragraph("How fast the wheel turns", "Heading1")
        + paragraph(run("The wheel turns with ") + f"<m:oMath>{text('n=30')}</m:oMath>" + run(" turns in an hour."))
        + paragraph(f"<m:oMathPara><m:oMath>{text('E=')}{fraction}{power}</m:oMath></m:oMathPara>")
        + paragraph(run("Of ") + f"<m:oMath>{root}</m:oMath>" + run(" metres a third is lost, says the miller."))
    )
    gold = {
        "facts": facts("How fast the wheel turns"),
        "blocks": ["The wheel turns with n=30 turns in an hour."],
        "forbidden": ["turns with turns", "Of metres"],
    }
    gold["blocks"] += [{"text": "E = M 4 v 2"}, "Of 19 metres a third is lost, says the miller."]
    return Docx(body), gold


def defaults():
    """A file whose properties are a program's, with dateline and byline under its title, and a nested table."""
    body = paragraphs(219, 3, 3)
    inner = table(row("oats", "3"), row("rye", "4"))
    text = (
        paragraph("Oats are dear again in Low Sarn")
        + paragraph("By Caspar Wren and Ottilie Voss, market reporters")
        + paragraph("LOW SARN, 22 October 2016")
        + paragraph(body[0])
        + paragraph("Prices in crowns", "Caption")
        + table(row("Sort", "Price"), row("barley", "5"))
        + paragraph(body[1])
        + table(row(cell(paragraph("Sacks sold") + inner + paragraph("")), "in all 7"))
        + paragraph("The market opens again on 29 October 2016.")
    )
    gold = {
        "facts": facts("Oats are dear again in Low Sarn", ["Caspar Wren", "Ottilie Voss"], "2016-10-22"),
        "head": ["By Caspar Wren and Ottilie Voss, market reporters", "LOW SARN, 22 October 2016"],
        "blocks": [body[0], "Prices in crowns", {"rows": [["Sort", "Price"], ["barley", "5"]]}, body[1],
                   "Sacks sold", {"rows": [["oats", "3"], ["rye", "4"]]}, "in all 7", "The market opens again on 29 October 2016."],
        "apart": [["Prices in crowns", "barley"]],
    }  # fmt: skip
    return Docx(text, properties=DEFAULTS), gold


def plain_article():
    """An article as a newsroom writes it, with true properties, a link, bold words and a quotation."""
    body = paragraphs(223, 4, 4, 4)
    link = f'<w:hyperlink w:anchor="minutes">{run("the minutes")}</w:hyperlink>'
    text = (
        paragraph("The sale of the brick kiln", "Title")
        + paragraph(body[0])
        + paragraph(run("It is all in ") + link + run(", says ") + run("the clerk", "<w:b/>") + run("."))
        + paragraph("A long shadow", "Heading1")
        + paragraph(body[1])
        + paragraph(body[2])
    )
    properties = (
        ("dc:title", "The sale of the brick kiln"),
        ("dc:creator", "Marit Solbakk;Jean-Luc Perrault"),
        ("dc:language", "en-GB"),
    )
    gold = {
        "facts": facts("The sale of the brick kiln", ["Marit Solbakk", "Jean-Luc Perrault"]),
        "blocks": [body[0], "It is all in the minutes, says the clerk.", "A long shadow", body[1], body[2]],
    }
    return Docx(text, properties=properties), gold


def signs():
    """Signs that are elements: hyphens that do not break or are not shown, tabs, symbols, a comment, ruby, an old tag."""
    inside = "<w:r><w:t>low</w:t><w:noBreakHyphen/><w:t>lying parts of the val</w:t><w:softHyphen/><w:t>ley</w:t></w:r>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
    comment = (
        '<w:commentRangeStart w:id="0"/>'
        + run("nine barrels")
        + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    )
    old = f'<w:smartTag w:element="place">{run("Nether Lane")}</w:smartTag>'
    text = (
        paragraph("Where the water goes", "Title")
        + paragraph(run("It fills the ") + inside + run(" first and goes to ") + old + run("."))
        + paragraph(run("The cooper lost ") + comment + run(" and found eight") + run("a", '<w:vertAlign w:val="superscript"/>') + run("."))
        + paragraph(run("Height in m") + run("2", '<w:vertAlign w:val="superscript"/>') + run(": none. Width in CO")
                    + run("2", '<w:vertAlign w:val="subscript"/>') + run(": a joke of the clerk."))
        + paragraph(run("From the mill") + symbol + run("to the sea"))
        + paragraph(run("Kept by:") + "<w:r><w:tab/></w:r>" + run("the parish clerk"))
    )  # fmt: skip
    gold = {
        "facts": facts("Where the water goes"),
        "blocks": ["It fills the low-lying parts of the valley first and goes to Nether Lane.", "The cooper lost nine barrels and found eight.",
                   "Height in m2: none. Width in CO2: a joke of the clerk.", "From the mill", "to the sea", "Kept by: the parish clerk"],
        "forbidden": ["eighta", "milltothe", "millto"],
    }  # fmt: skip
    return Docx(text), gold


def contents():
    """A table of contents that is a field, a caption with a counted number, a head row, and a cell with a list."""

    def field(code, shown):
        parts = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
        return f'{parts[0]}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{parts[1]}{run(shown)}{parts[2]}'

    body = paragraphs(231, 3, 3)
    lines = [("The mill", "2"), ("The weir", "5")]
    listed = "".join(
        paragraph(run(name) + "<w:r><w:tab/></w:r>" + field("PAGEREF _Toc1", page), "TOC1") for name, page in lines
    )
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Duty')}{cell('Who')}{cell('Tools')}</w:tr>"
    tools = paragraph("rope", number=2) + paragraph("two lamps", number=2)
    text = (
        paragraph("Duties at the weir", "Title")
        + control(listed)
        + paragraph("The mill", "Heading1")
        + paragraph(body[0])
        + paragraph("The weir", "Heading1")
        + paragraph(body[1])
        + paragraph(run("Table ") + field("SEQ Table", "1") + run(": Who does what"), "Caption")
        + table(head, row("open", "miller", cell(tools)), row("close", "", "key"))
    )
    gold = {
        "facts": facts("Duties at the weir"),
        "blocks": [{"items": [" ".join(line) for line in lines]}, "The mill", body[0], "The weir", body[1], "Table 1: Who does what",
                   {"rows": [["Duty", "Who", "Tools"], ["open", "miller", "rope; two lamps"], ["close", "", "key"]]}],
        "forbidden": ["PAGEREF", "SEQ", "_Toc1"],
        "apart": [["Who does what", "miller"]],
    }  # fmt: skip
    return Docx(text), gold


def minutes():
    """Minutes with numbered headings, boxes to tick, a list whose item has two paragraphs, and columns made by tabs."""

    def box(ticked):
        sign = "\u2612" if ticked else "\u2610"
        return f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox></w:sdtPr><w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>'

    def tabbed(*parts):
        return paragraph("<w:r><w:tab/></w:r>".join(run(part) for part in parts))

    body = paragraphs(241, 2)
    text = (
        paragraph("Minutes of 9 May 2011", "Title")
        + tabbed("Chair:", "Ulla Brack")
        + tabbed("Present:", "eleven members", "one goat")
        + paragraph("The gate", "Legal")
        + paragraph(body[0])
        + paragraph(box(True) + run(" hinge ordered"))
        + paragraph(box(False) + run(" rope ordered"))
        + paragraph("The key", "Legal")
        + paragraph("It is with the miller.", number=2)
        + paragraph("He wants to keep it.", number=2, level=1)
        + paragraph(run("Closed at ten.", "<w:b/>"))
    )
    gold = {
        "facts": {"title": "Minutes of 9 May 2011", "authors": [], "outlet": None, "language": "en"},
        "blocks": [{"items": ["Chair: Ulla Brack", "Present: eleven members one goat"]}, "§ 1 The gate", body[0],
                   {"items": ["hinge ordered", "rope ordered"]}, "§ 2 The key",
                   {"items": ["It is with the miller.", "He wants to keep it."]}, "Closed at ten."],
        "apart": [["wants to keep it", "Closed at ten"]],
    }  # fmt: skip
    return Docx(text), gold
