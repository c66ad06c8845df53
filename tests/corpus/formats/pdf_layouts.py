"""PDFs in the layouts that papers, reports and forms have, each with the text that a person reads in it.

`python -m tests.corpus.formats.pdf_layouts FOLDER` writes them with gold files for `python -m eval.documents FOLDER`.
"""

import json
import sys
from pathlib import Path

from tests.corpus.formats.pdf_writer import Page, pdf

LEFT = (
    "The orchard on the north slope was planted",
    "with forty pears, and most of them still",
    "bear fruit, the gardener told the society",
    "on Sunday. Grafts are given away in March",
    "to whoever brings a pot and a label.",
)
RIGHT = (
    "Hail broke the panes of the glass house in",
    "May, so that nobody could sow before the",
    "glazier had come. The bill was higher than",
    "anybody thought, and the society paid it",
    "from the money that was meant for bees.",
)
WIDE = (
    "The society of gardeners met in the old pump room and heard a long report about the wells, which",
    "are deeper than they were, and about the pond, which is not. Nobody asked for a vote, and the tea",
    "was served before the report had ended.",
)


def both(one, other, *, drop=0.0):
    """Two columns whose lines are drawn row by row."""
    page = Page()
    for number in range(max(len(one), len(other))):
        if number < len(one):
            page.text(60, 740 - 14 * number, one[number])
        if number < len(other):
            page.text(310, 740 - drop - 14 * number, other[number])
    return page


def said(lines):
    return " ".join(lines)


def three_columns():
    page = Page()
    thirds = [
        ("Pears keep until the", "new year if the cellar", "is dry and dark."),
        ("Quinces want a wall", "that faces south, and", "a late frost kills them."),
        ("Medlars are eaten when", "they look spoilt, and", "few people like them."),
    ]
    for number in range(3):
        for x, third in zip((60, 220, 380), thirds, strict=True):
            page.text(x, 740 - 14 * number, third[number])
    return pdf(page), "\n\n".join(map(said, thirds))


def headline_over_columns():
    page = both(LEFT, RIGHT).text(60, 785, "A summer of pears and of broken glass", 22)
    return pdf(page), f"A summer of pears and of broken glass\n\n{said(LEFT)}\n\n{said(RIGHT)}"


def unequal_columns():
    page = Page()
    notice = ("Seeds are sold in", "the pump room, and", "cost two crowns.")
    for number, line in enumerate(LEFT + RIGHT):
        page.text(60, 740 - 14 * number, line)
        if number < len(notice):
            page.text(340, 740 - 14 * number, notice[number], 9)
    return pdf(page), f"{said(LEFT)}\n\n{said(RIGHT)}\n\n{said(notice)}"


def columns_out_of_step():
    return pdf(both(LEFT, RIGHT, drop=7)), f"{said(LEFT)}\n\n{said(RIGHT)}"


def sidebar():
    page = Page()
    wide = (
        "The society told the parish on Friday that the old well",
        "behind the chapel would be cleaned in autumn. People",
    )
    wide += (
        "had carried water from the river since the pump broke,",
        "and the carter asked a crown for each barrel. The",
    )
    page.lines(60, 740, wide)
    for number, line in enumerate(("AT A GLANCE", "Depth: nine metres", "Built: 1804")):
        page.text(400, 740 - 14 * number, line, 9)
    rest = (
        "mason, Jory Teal, expects to find the old oak lining under the mud, and he will need a week and",
        "two men.",
    )
    page.lines(60, 684, rest)
    return pdf(page), f"{said(wide + rest)}\n\nAT A GLANCE\nDepth: nine metres\nBuilt: 1804"


def forms_side_by_side():
    page = Page()
    for number, (label, value) in enumerate((("Plot:", "17 b"), ("Tenant:", "Ona Brill"), ("Since:", "1998"))):
        page.row(740 - 18 * number, (60, label), (130, value))
    for number, (label, value) in enumerate(
        (("Visit:", "4 June 2023"), ("Place:", "North slope"), ("By:", "Jory Teal"))
    ):
        page.row(740 - 18 * number, (320, label), (390, value))
    first = "Plot: | 17 b\nTenant: | Ona Brill\nSince: | 1998"
    return pdf(page), f"{first}\n\nVisit: | 4 June 2023\nPlace: | North slope\nBy: | Jory Teal"


def table_without_rules():
    rows = [
        ("Sown on", "Bed", "Seed", "Grams"),
        ("3 March 2021", "east", "leek", "12.5"),
        ("17 March 2021", "wall", "", "9"),
        ("2 April 2021", "", "broad bean", "140"),
        ("11 April 2021", "east", "chard", ""),
        ("29 April 2021", "pond", "water mint", "3.25"),
    ]
    page = Page().text(60, 785, "Sowings of the year", 16)
    for number, row in enumerate(rows):
        page.row(750 - 15 * number, *[(x, cell) for x, cell in zip((60, 170, 260, 380), row, strict=True) if cell])
    shown = ["Sown on | Bed | Seed | Grams", "3 March 2021 | east | leek | 12.5", "17 March 2021 | wall | | 9"]
    shown += [
        "2 April 2021 | | broad bean | 140",
        "11 April 2021 | east | chard |",
        "29 April 2021 | pond | water mint | 3.25",
    ]
    return pdf(page), "Sowings of the year\n\n" + "\n".join(shown)


def numbers_to_the_right():
    rows = [("Bed", "2019", "2020", "2021"), ("East", "1,200", "980", "1,004"), ("Wall", "45", "51", "7")]
    rows += [("Pond and the ditch behind it", "10,020", "", "9,411"), ("All", "11,265", "1,031", "10,422")]
    page = Page()
    for number, (name, *cells) in enumerate(rows):
        page.text(60, 740 - 14 * number, name)
        for x, cell in zip((290, 360, 430), cells, strict=True):
            page.text(x - 5.5 * len(cell), 740 - 14 * number, cell)
    shown = ["Bed | 2019 | 2020 | 2021", "East | 1,200 | 980 | 1,004", "Wall | 45 | 51 | 7"]
    shown += ["Pond and the ditch behind it | 10,020 | | 9,411", "All | 11,265 | 1,031 | 10,422"]
    return pdf(page), "\n".join(shown)


def wrapped_cells():
    page = Page().row(750, (60, "Tree"), (160, "What became of it"), (380, "Year"))
    page.row(730, (60, "Old Margery"), (160, "Split by lightning, and tied"), (380, "1911")).text(
        160, 717, "together with a chain"
    )
    page.row(697, (60, "The Twins"), (160, "Sold as firewood"), (380, "1934"))
    page.row(677, (60, "Bishop"), (160, "Moved on a cart to where it"), (380, "1952")).text(160, 664, "stands now")
    rows = "Tree | What became of it | Year\nOld Margery | Split by lightning, and tied together with a chain | 1911\n"
    return pdf(
        page
    ), f"{rows}The Twins | Sold as firewood | 1934\nBishop | Moved on a cart to where it stands now | 1952"


def table_with_rules():
    page = (
        Page().rule(55, 450, 762).row(750, (60, "Tree"), (160, "What became of it"), (380, "Year")).rule(55, 450, 745)
    )
    page.row(733, (60, "Old Margery"), (160, "Split by lightning"), (380, "1911")).text(160, 719, "Tied with a chain")
    page.rule(55, 450, 714).row(702, (60, "The Twins"), (160, "Sold as firewood"), (380, "1934")).rule(55, 450, 697)
    page.row(685, (60, "Bishop"), (160, "Moved on a cart"), (380, "1952")).text(160, 671, "Stands now by the pond")
    page.rule(55, 450, 666)
    rows = "Tree | What became of it | Year\nOld Margery | Split by lightning Tied with a chain | 1911\n"
    return pdf(
        page
    ), f"{rows}The Twins | Sold as firewood | 1934\nBishop | Moved on a cart Stands now by the pond | 1952"


def table_in_a_grid():
    page = Page()
    for x in (55, 158, 300, 345):
        page.upright(x, 660, 760)
    for y in (760, 735, 710, 660):
        page.rule(55, 345, y)
    page.row(742, (60, "Tree, by its name"), (160, "What became of it in time"), (303, "Year"))
    page.row(717, (60, "The Twins"), (303, "1934"))
    page.lines(160, 697, ("Split by lightning, and then", "tied with a chain", "Felled")).row(
        683, (60, "Old Margery"), (303, "1911")
    )
    rows = "Tree, by its name | What became of it in time | Year\nThe Twins | | 1934\n"
    return pdf(page.lines(60, 630, WIDE)), (
        f"{rows}Old Margery | Split by lightning, and then tied with a chain Felled | 1911\n\n{said(WIDE)}"
    )


def framed_cells_and_drawn_bullets():
    page = Page()
    for left, right in ((56, 130), (131, 290)):
        for bottom, top in ((740, 760), (710, 739)):
            page.drawn.append(f"0 G 0.5 w {left} {bottom} {right - left} {top - bottom} re S")
    page.row(746, (60, "Tree"), (134, "What became of it")).text(60, 721, "The Twins").lines(
        134, 728, ("Sold as firewood in", "winter")
    )
    for number, line in enumerate(("bring a pot", "bring a label and a note", "leave before noon")):
        page.drawn.append(f"0 g {62} {673 - 14 * number} 4 4 re f")
        page.text(72, 670 - 14 * number, line)
    text = "Tree | What became of it\nThe Twins | Sold as firewood in winter\n\n"
    return pdf(page), f"{text}bring a pot\nbring a label and a note\nleave before noon"


def table_with_groups():
    page = Page().row(740, (60, "Seedling"), (260, "Members"), (360, "Others"))
    page.text(60, 724, "Spring").row(710, (60, "Pear, one year"), (260, "14"), (360, "16")).row(
        696, (60, "Quince"), (260, "9"), (360, "11")
    )
    page.text(60, 682, "Autumn").row(668, (60, "Pear, one year"), (260, "12"), (360, "13"))
    rows = "Seedling | Members | Others\nSpring | |\nPear, one year | 14 | 16\nQuince | 9 | 11\n"
    return pdf(page), f"{rows}Autumn | |\nPear, one year | 12 | 13"


def table_in_a_column():
    page = Page().lines(60, 740, LEFT + LEFT).lines(310, 740, RIGHT)
    for number, row in enumerate((("Seedling", "Crowns"), ("Pear", "14"), ("Quince", "9"))):
        page.row(656 - 14 * number, (310, row[0]), (450, row[1]))
    return pdf(page), f"{said(LEFT)}\n\n{said(LEFT)}\n\n{said(RIGHT)}\n\nSeedling | Crowns\nPear | 14\nQuince | 9"


def odd_and_even_heads():
    parts = (
        ("The report of the wells was read by the", "mason, and the key of the pump went to"),
        ("Ona Brill, who lives nearest. She will lend", "it to whoever asks, but the rope was made by"),
        ("a man in Tolva and is lent to nobody. The", "bucket is from the year"),
        ("1804 and leaks.",),
    )
    pages = []
    for number, part in enumerate(parts):
        head = f"{30 + number}   Brill and Teal" if number % 2 else f"Yearbook of the Gardeners   {30 + number}"
        pages.append(Page().text(60, 800, head, 9).lines(60, 760, part))
    return pdf(*pages), said(line for part in parts for line in part)


def section_heads_and_feet():
    parts = (
        ("The pond is fed by a spring that nobody", "has found, and it is emptied by"),
        ("the ditch of the mill. Its fish belong to", "the school, which sells them in"),
        ("Lent. Bees are kept behind the wall, where", "the wind is broken by"),
        ("a hedge of hazel. Their honey is dark.",),
    )
    heads = ("The Pond", "The Pond", "The Bees", "The Bees")
    pages = [
        Page().text(60, 800, head, 9).lines(60, 760, part).text(290, 40, "i ii iii iv".split()[number], 9)
        for number, (part, head) in enumerate(zip(parts, heads, strict=True))
    ]
    return pdf(*pages), said(line for part in parts for line in part)


def heads_on_some_pages():
    pages, texts = [], []
    for number, name in enumerate(("Anise", "Borage", "Chervil", "Dill", "Elder")):
        part = (f"{name} was sown by the east wall, and it came", "up before the others did.")
        page = Page().lines(60, 740, part).text(290, 40, f"- {number + 7} -", 9)
        pages.append(page.text(60, 800, "Herbs of the garden", 9) if number in {1, 3, 4} else page)
        texts.append(said(part))
    return pdf(*pages), "\n\n".join(texts)


def a_refrain_is_no_head():
    pages, texts = [], []
    for number in "one", "two", "three":
        part = (
            "O the wind, the wind on the wall.",
            f"Verse {number} is sung by the children alone, and",
            "the others hum.",
        )
        pages.append(Page().lines(60, 780, part))
        texts.append(f"{part[0]}\n\n{part[1]} {part[2]}")
    return pdf(*pages), "\n\n".join(texts)


def notes_at_the_foot():
    first = Page().lines(60, 780, LEFT[:4])
    first.runs(60, 724, "and the chain was paid for in 1911", ("1", 4), " by the").rule(60, 160, 120)
    first.runs(60, 105, ("1", 3), "The receipt is kept in the pump room.", size=8)
    second = Page().lines(60, 780, ("Bishop family, who wanted no thanks.",))
    text = f"{said(LEFT[:4])} and the chain was paid for in 1911 by the Bishop family, who wanted no thanks."
    return pdf(first, second), f"{text}\n\n1 The receipt is kept in the pump room."


def raised_and_lowered():
    water = (" of it froze, as H", ("2", -3), "O does on the 1", ("st", 4), " of May, 10", ("6", 4), " times.")
    page = Page().runs(60, 740, "In 1911", ("2", 4), ", 40 m", ("2", 4), *water)
    return pdf(page), "In 1911, 40 m2 of it froze, as H2O does on the 1st of May, 10^6 times."


def raised_characters():
    page = Page().text(60, 740, "In 1911\xb2 a stretch of 40 m\xb2 froze, and R\xb2 was low.\xb3 It was cold.")
    return pdf(page), "In 1911 a stretch of 40 m\xb2 froze, and R\xb2 was low. It was cold."


def drop_cap():
    lines = (
        "n the garden behind the chapel the bees",
        "fly late, and the sexton leaves a lamp out",
        "for them, as he believes they see.",
    )
    page = Page().text(60, 700, "I", 40).lines(74, 721, lines).text(60, 679, "Nobody has told him that they do not.")
    return pdf(page), f"I{said(lines)} Nobody has told him that they do not."


def letters_set_apart():
    page = Page().text(60, 740, "T H E   W E L L S   O F   T O L V A", 14).lines(60, 700, LEFT)
    return pdf(page), f"THE WELLS OF TOLVA\n\n{said(LEFT)}"


def printed_twice():
    page = Page().text(60, 740, "The wells of Tolva", 14).text(60.3, 740, "The wells of Tolva", 14).lines(60, 700, LEFT)
    return pdf(page), f"The wells of Tolva\n\n{said(LEFT)}"


def watermarks():
    page = Page().text(150, 300, "DRAFT", 120, angle=45, grey=0.8).text(40, 610, "COPY FOR FRIENDS", 50, grey=0.85)
    page.text(20, 200, "Printed in the pump room", 8, angle=90).lines(60, 700, LEFT).lines(60, 630, RIGHT)
    return pdf(page), f"{said(LEFT)}\n\n{said(RIGHT)}"


def hyphens_over_columns():
    left = ("Nobody could say whether the old lining", "was of oak or of elm, and so the commit-")
    right = ("tee asked the mason, who is a well-", "known judge of wood, and well-known for it.")
    page = both(left, right)
    text = "Nobody could say whether the old lining was of oak or of elm, and so the committee asked the mason, "
    return pdf(page), f"{text}who is a well-known judge of wood, and well-known for it."


def turned_page():
    page = Page(turn=90)
    for number, line in enumerate(LEFT):
        page.text(100 + 14 * number, 60, line, angle=90)
    return pdf(page), said(LEFT)


def list_of_points():
    page = Page().lines(60, 740, WIDE)
    for number, line in enumerate(("bring a pot", "bring a label", "leave the gate shut")):
        page.text(72, 690 - 14 * number, "\u2022").text(100, 690 - 14 * number, line)
    return pdf(page), f"{said(WIDE)}\n\n\u2022 bring a pot\n\u2022 bring a label\n\u2022 leave the gate shut"


def address():
    lines = ("Society of Gardeners", "Pump Lane 4", "4410 Tolva")
    return pdf(Page().lines(380, 790, lines).lines(60, 700, WIDE)), "\n".join(lines) + f"\n\n{said(WIDE)}"


def heads_of_two_pages():
    first = (*LEFT[:4], "and the key went to")
    second = ("Ona Brill, who lives nearest to it and who", "has a dog.")
    pages = Page().text(60, 800, "Yearbook of Gardeners   30").lines(60, 760, first)
    return pdf(pages, Page().text(60, 800, "31   Brill and Teal").lines(60, 760, second)), said(first + second)


def a_small_head_for_each_page():
    parts = (
        ("The Pond", "The pond is fed by a spring that nobody has", "found, and it is emptied by"),
        ("The Bees", "the ditch of the mill, whose fish belong to the", "school and are sold by"),
        ("The Well", "the sexton in Lent, when nobody eats meat and", "all eat fish."),
    )
    pages = [Page().text(60, 800, head, 9).lines(60, 760, part) for head, *part in parts]
    return pdf(*pages), said(line for _, *part in parts for line in part)


def grey_banner():
    page = Page().text(60, 760, "DRAFT", 70, grey=0.85).text(60, 720, "Wells of the slope", 18).lines(60, 690, LEFT)
    return pdf(page), f"Wells of the slope\n\n{said(LEFT)}"


def questions_and_answers():
    rows = (
        (
            "Who may draw water from",
            "the well behind the chapel?",
            "Whoever lives in the parish",
            "and has paid the crown.",
        ),
        ("When is the pump locked", "for the winter months?", "On the first of November,", "or when it freezes."),
        ("Where is the key kept when", "Ona Brill is away?", "In the bread oven of the", "mill, wrapped in a cloth."),
    )
    page = Page().row(760, (60, "Question"), (300, "Answer"))
    for number, (one, two, three, four) in enumerate(rows):
        page.lines(60, 735 - 40 * number, (one, two)).lines(300, 735 - 40 * number, (three, four))
    shown = [f"{one} {two} | {three} {four}" for one, two, three, four in rows]
    return pdf(page), "\n".join(["Question | Answer", *shown])


def table_over_columns():
    page = both(LEFT, RIGHT)
    for number, row in enumerate((("Seedling", "Crowns", "Members"), ("Pear", "14", "12"), ("Quince", "9", "8"))):
        page.row(815 - 14 * number, *zip((60, 230, 320), row, strict=True))
    return pdf(page), f"Seedling | Crowns | Members\nPear | 14 | 12\nQuince | 9 | 8\n\n{said(LEFT)}\n\n{said(RIGHT)}"


def caption_inside_a_paragraph():
    above, below = (
        (*LEFT[:4], "to whoever brings"),
        ("a pot and a label to the pump room, and there", "are many who do."),
    )
    page = (
        Page().lines(60, 740, above).text(60, 560, "The orchard in snow. Photograph: O. Brill", 8).lines(60, 530, below)
    )
    return pdf(page), f"{said(above + below)}\n\nThe orchard in snow. Photograph: O. Brill"


def notes_on_every_page():
    first = Page().lines(60, 780, (*LEFT[:4], "to whoever brings"))
    first.lines(60, 110, ("1 See the book of the society, where it is", "told at length.", "2 Some say 1804."), 8, 10)
    second = Page().lines(60, 780, ("a pot and a label.",)).lines(60, 110, ("3 Others disagree.",), 8, 10)
    notes = "1 See the book of the society, where it is told at length.\n\n2 Some say 1804.\n\n3 Others disagree."
    return pdf(first, second), f"{said(LEFT[:4])} to whoever brings a pot and a label.\n\n{notes}"


def titles_with_numbers_of_pages():
    lines = (
        "Pear, one year old .................... 14",
        "Quince ................................. 9",
        "Medlar ..... 11",
    )
    return pdf(Page().lines(60, 740, lines)), "\n".join(lines)


def marks_after_marks():
    page = Page().runs(
        60,
        740,
        "It was closed.",
        ("12", 4),
        " In 1911",
        ("3,4", 4),
        " it opened; the bill",
        ("*", 4),
        " was 320",
        ("5", 4),
        ".",
    )
    return pdf(page), "It was closed. In 1911 it opened; the bill was 320."


def numbered_lines():
    page = Page().lines(100, 740, LEFT + RIGHT)
    for number in range(10):
        page.text(60, 740 - 14 * number, str(number + 1), 8)
    return pdf(page), f"{said(LEFT)}\n\n{said(RIGHT)}"


def verses():
    verse = (
        "The well is deep, the rope is old,",
        "the bucket has a hole,",
        "the mason says it will not hold",
        "as much as half a bowl.",
    )
    page = Page().lines(60, 740, WIDE).lines(160, 670, verse).lines(60, 590, WIDE)
    return pdf(page), said(WIDE) + "\n\n" + "\n".join(verse) + f"\n\n{said(WIDE)}"


LAYOUTS = {
    one.__name__: one
    for one in (
        three_columns, headline_over_columns, unequal_columns, columns_out_of_step, sidebar, forms_side_by_side,
        table_without_rules, numbers_to_the_right, wrapped_cells, table_with_rules, table_in_a_grid, framed_cells_and_drawn_bullets, table_with_groups, table_in_a_column,
        odd_and_even_heads, section_heads_and_feet, heads_on_some_pages, a_refrain_is_no_head, notes_at_the_foot,
        raised_and_lowered, drop_cap, letters_set_apart, printed_twice, watermarks, hyphens_over_columns, turned_page,
        list_of_points, address, heads_of_two_pages, a_small_head_for_each_page, grey_banner, questions_and_answers,
        table_over_columns, caption_inside_a_paragraph, notes_on_every_page, titles_with_numbers_of_pages,
        marks_after_marks, numbered_lines, verses, raised_characters,
    )
}  # fmt: skip


# Layouts whose first block is the headline.
TITLED = {"headline_over_columns", "letters_set_apart", "printed_twice", "table_without_rules", "grey_banner"}


def gold(text: str, *, is_titled: bool) -> dict[str, object]:
    """The gold file of a text: its blocks, those of lines with bars as tables, others of several lines as lists."""
    blocks: list[object] = []
    title, _, rest = text.partition("\n\n") if is_titled else ("", "", text)
    for block in rest.split("\n\n"):
        lines = block.split("\n")
        if "|" in block:
            blocks.append({"rows": [[cell.strip() for cell in f" {line} ".split("|")] for line in lines]})
        else:
            blocks.append({"items": lines} if len(lines) > 1 else block)
    return {"blocks": blocks, "facts": {"title": title or None}}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, layout in LAYOUTS.items():
        data, text = layout()
        (folder / f"{name}.pdf").write_bytes(data)
        (folder / f"{name}.pdf.gold.json").write_text(
            json.dumps(gold(text, is_titled=name in TITLED), indent=1), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
