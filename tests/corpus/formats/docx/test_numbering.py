import pytest

from corpus.formats.docx.number_forms import formatted
from tests.corpus.formats.docx.made import NAMES, cell, p, r, row, text_of


def level(place: int, text: str, form: str = "decimal", more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(*levels: str, lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>') -> str:
    abstract = f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
    return f"<w:numbering {NAMES}>{abstract}{lists}</w:numbering>"


def item(words: str, place: int = 0, number: int = 1, more: str = "") -> str:
    return p(
        r(words) if words else "", f'{more}<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'
    )


CLAUSES = (level(0, "%1."), level(1, "%1.%2"), level(2, "(%3)", "lowerLetter"), level(3, "(%4)", "upperRoman"))


def test_clauses_are_numbered_as_on_the_page():
    body = "".join(
        item(words, place)
        for words, place in [
            ("Rent", 0), ("Amount", 1), ("in cash", 2), ("by cheque", 2), ("Term", 1), ("on Monday", 2), ("Pets", 0), ("Dogs", 1),
        ]
    )  # fmt: skip
    assert text_of(body, numbering=numbering(*CLAUSES)) == (
        "1. Rent\n1.1 Amount\n(a) in cash\n(b) by cheque\n1.2 Term\n(a) on Monday\n2. Pets\n2.1 Dogs"
    )


def test_the_numbers_are_no_characters_of_the_document():
    from corpus.formats.docx.reader import read_docx
    from tests.corpus.formats.docx.made import document

    text = read_docx(document(item("Rent") + item("Pets"), numbering=numbering(*CLAUSES))).text
    assert [text.text[run.start : run.end] for run in text.runs] == ["Rent", "Pets"]


def test_a_list_goes_on_after_other_paragraphs_and_counts_empty_items():
    body = item("One") + p(r("Between.")) + item("") + item("Three")
    assert text_of(body, numbering=numbering(level(0, "%1)"))) == "1) One\n\nBetween.\n\n3) Three"


def test_a_list_begins_again_where_it_says_so():
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    body = item("a") + item("b") + item("c", number=2) + item("d", number=2) + item("e", number=3)
    assert text_of(body, numbering=numbering(level(0, "%1."), lists=lists)) == "1. a\n2. b\n5. c\n6. d\n7. e"


def test_a_level_may_never_begin_again_and_levels_may_stay_out():
    levels = (level(0, "%1."), level(1, "No. %2", more='<w:lvlRestart w:val="0"/>'))
    body = item("a") + item("b", 1) + item("c") + item("d", 1)
    assert text_of(body, numbering=numbering(*levels)) == "1. a\nNo. 1 b\n2. c\nNo. 2 d"
    assert text_of(item("b", 1), numbering=numbering(level(0, "%1."), level(1, "%1.%2"))) == "1.1 b"


def test_legal_numbers_and_what_stands_after_a_number():
    levels = (level(0, "Article %1 – ", "upperRoman"), level(1, "%1.%2", more="<w:isLgl/>"))
    levels += (level(2, "§%3", more='<w:suff w:val="nothing"/>'),)
    body = item("Rent") + item("Amount", 1) + item("in cash", 2)
    assert text_of(body, numbering=numbering(*levels)) == "Article I – Rent\n1.1 Amount\n§1in cash"


def test_bullets_have_no_number_and_forms_of_newer_programs_their_usual_one():
    assert text_of(item("coal") + item("tar"), numbering=numbering(level(0, "•", "bullet"))) == "coal\ntar"
    newer = (
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002"/></mc:Choice><mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    assert text_of(item("coal"), numbering=numbering(newer)) == "03 coal"


def test_a_style_may_number_its_paragraphs_and_a_paragraph_may_decline():
    styles = (
        f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/><w:basedOn w:val="Clause"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:basedOn w:val="Clause"/>'
        "</w:style></w:styles>"
    )
    levels = (level(0, "%1."), level(1, "%1.%2", more='<w:pStyle w:val="Sub"/>'))
    body = (
        p(r("Rent"), '<w:pStyle w:val="Clause"/>')
        + p(r("Amount"), '<w:pStyle w:val="Sub"/>')
        + item("Plain.", 0, 0, '<w:pStyle w:val="Clause"/>')
        + p(r("Pets"), '<w:pStyle w:val="H"/>')
        + p(r("Words."))
    )
    assert text_of(body, styles=styles, numbering=numbering(*levels)) == (
        "1. Rent\n1.1 Amount\n\nPlain.\n\n2. Pets\n\nWords."
    )


def test_a_deleted_item_does_not_count():
    gone = p(
        "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>",
        '<w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>',
    )
    assert text_of(item("a") + gone + item("c"), numbering=numbering(level(0, "%1."))) == "1. a\n2. c"


def test_numbers_stand_in_cells_too():
    table = f"<w:tbl>{row('Rule', 'Day')}{row(cell(item('No fires') + item('No nets')), 'Monday')}</w:tbl>"
    assert text_of(table, numbering=numbering(level(0, "%1."))) == "Rule | Day\n1. No fires; 2. No nets | Monday"


def test_a_column_of_numbers_has_its_numbers():
    rows = "".join(row(cell(item("")), ship) for ship in ("Alma", "Bris"))
    table = f"<w:tbl>{row('No.', 'Ship')}{rows}</w:tbl>"
    assert text_of(table, numbering=numbering(level(0, "%1."))) == "No. | Ship\n1. | Alma\n2. | Bris"


def test_what_no_list_defines_is_a_paragraph():
    assert text_of(item("a", 0, 99) + item("b", 77), numbering=numbering(level(0, "%1."))) == "a\n\nb"
    assert text_of(item("a") + item("b"), numbering=f"<w:document {NAMES}/>") == "a\n\nb"


def test_a_long_label_is_cut():
    assert len(text_of(item("a"), numbering=numbering(level(0, "x" * 100_000)))) < 200


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (1, "lowerLetter", "a"), (26, "lowerLetter", "z"), (28, "upperLetter", "BB"), (99_999, "upperLetter", "99999"),
        (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (5000, "upperRoman", "5000"), (7, "decimalZero", "07"),
        (1, "ordinal", "1st"), (12, "ordinal", "12th"), (23, "ordinal", "23rd"), (42, "cardinalText", "Forty-two"),
        (3, "ordinalText", "Third"), (20, "ordinalText", "Twentieth"), (21, "ordinalText", "Twenty-first"),
        (12, "thaiNumbers", "๑๒"), (3, "decimalEnclosedCircle", "③"), (3, "nothing known", "3"), (0, "lowerLetter", "0"),
    ],
)  # fmt: skip
def test_forms_of_numbers(number, form, shown):
    assert formatted(number, form) == shown
