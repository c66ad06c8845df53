import pytest

from tests.corpus.formats.docx.made import NAMES, OFFICE, control, p, r, raised, text_of

BOX = "<w:txbxContent>{}</w:txbxContent>"
TWICE = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def mark(kind: str) -> str:
    return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"


def code(words: str) -> str:
    return f"<w:r><w:instrText>{words}</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (r("built in 1931") + raised("7") + r(" by hand"), "built in 1931 by hand"),
        (r("the mayor") + raised("2") + raised(",") + raised("3") + r("."), "the mayor."),
        (r("the mayor ") + raised("2") + r("."), "the mayor."),
        (r("a hall of 90 m") + raised("2") + r(" and"), "a hall of 90 m2 and"),
        (r("some 10") + raised("6") + r(" cells"), "some 10^6 cells"),
        (r("the 1") + raised("st") + r(" of May"), "the 1st of May"),
        (r("H") + r("2", '<w:vertAlign w:val="subscript"/>') + r("O"), "H2O"),
        (r("in 1931") + r("7", '<w:rStyle w:val="FootnoteReference"/>'), "in 1931"),
        (r("in 1931⁷ and 90 m²"), "in 1931 and 90 m²"),
        (r("in 1931") + r("7", '<w:position w:val="8"/><w:sz w:val="12"/>'), "in 1931"),
    ],
)
def test_marks_of_notes_are_left_out(inside, words):
    styles = (
        f'<w:styles {NAMES}><w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>'
    )
    assert text_of(p(inside), styles=styles) == words


def test_a_text_box_comes_once_after_its_paragraph():
    drawn = TWICE.format(BOX.format(p(r("A box.")) + p(r("Its second."))))
    assert (
        text_of(p(r("Before") + drawn + r(" it.")) + p(r("After."))) == "Before it.\n\nA box.\n\nIts second.\n\nAfter."
    )
    old = f"<w:r><w:pict><v:textbox>{BOX.format(p(r('An old box.')))}</v:textbox></w:pict></w:r>"
    assert text_of(p(old)) == "An old box."


def test_the_words_of_a_diagram_come_after_its_paragraph():
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    shape = "<d:pt><d:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:t></d:pt>".format
    data = f'<d:dataModel xmlns:d="{drawing}/diagram" xmlns:a="{drawing}/main">{shape("Sow")}<d:pt/>{shape("Reap")}</d:dataModel>'
    shown = f'<w:r><w:drawing><d:relIds xmlns:d="{drawing}/diagram" xmlns:r="{OFFICE}/relationships" r:dm="made0"/></w:drawing></w:r>'
    assert text_of(p(r("As drawn:") + shown) + p(r("End.")), diagramData=data) == "As drawn:\n\nSow\nReap\n\nEnd."


def test_a_sign_that_only_older_programs_get_as_text_is_read():
    sign = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='w16se'><w:x/></mc:Choice><mc:Fallback><w:t>☺</w:t></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert text_of(p(r("well ") + sign)) == "well ☺"


def test_tracked_changes_are_accepted():
    went = "<w:del><w:r><w:delText>40</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>away </w:t></w:r></w:moveFrom>"
    came = f"<w:ins>{r('44')}</w:ins><w:moveTo>{r(' pounds')}</w:moveTo>"
    assert text_of(p(r("It costs ") + went + came)) == "It costs 44 pounds"


@pytest.mark.parametrize("gone", ["<w:rPr><w:del/></w:rPr>", "<w:rPr><w:moveFrom/></w:rPr>"])
def test_a_deleted_end_of_a_paragraph_joins_two(gone):
    three = p(r("The pier was "), gone) + p(r("clo"), gone) + p(r("sed.")) + p(r("Then"))
    assert text_of(three) == "The pier was closed.\n\nThen"
    assert text_of(p(r("The end"), gone)) == "The end"


def test_a_hidden_end_of_a_paragraph_goes_on_with_the_next():
    head = p(r("Scope."), "<w:rPr><w:vanish/><w:specVanish/></w:rPr>")
    assert text_of(head + p(r("These rules hold on the quay."))) == "Scope. These rules hold on the quay."


def test_a_large_first_letter_belongs_to_the_next_paragraph():
    drop = p(r("T"), '<w:framePr w:dropCap="drop" w:lines="3"/>')
    assert text_of(drop + p(r("he old ice house burned."))) == "The old ice house burned."


def test_words_that_are_struck_through_are_left_out():
    struck = r("40", "<w:strike/>") + r(" or 41", "<w:dstrike/>") + r(" 44", '<w:strike w:val="0"/>')
    assert text_of(p(r("It costs") + struck)) == "It costs 44"


@pytest.mark.parametrize(
    "hidden",
    ["<w:vanish/>", '<w:vanish w:val="1"/>', "<w:webHidden/>", "<w:specVanish/>", '<w:rStyle w:val="Secret"/>'],
)
def test_hidden_words_are_left_out(hidden):
    styles = (
        f'<w:styles {NAMES}><w:style w:type="character" w:styleId="Secret"><w:name w:val="S"/><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    assert text_of(p(r("Seen") + r(" and not", hidden) + r(".")), styles=styles) == "Seen."


def test_words_are_hidden_by_the_style_of_their_paragraph_unless_they_say_otherwise():
    styles = (
        f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Shown"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style></w:styles>'
    )
    style = '<w:pStyle w:val="Note"/>'
    body = p(r("Secret.") + "<w:r><w:t>Secret too.</w:t></w:r>", style) + p(
        r("Seen.", '<w:vanish w:val="false"/>'), style
    )
    assert text_of(body + p(r("Last.")), styles=styles) == "Seen.\n\nLast."


def test_of_a_field_the_result_is_read():
    page = mark("begin") + code(" PAGE ") + mark("separate") + r("12") + mark("end")
    assert text_of(p(r("On page ") + page + r(" it says"))) == "On page 12 it says"
    link = mark("begin") + code(' HYPERLINK "https://x.example" ') + mark("separate") + r("the list") + mark("end")
    assert text_of(p(link)) == "the list"
    simple = f"<w:fldSimple w:instr='DATE'>{r('3 May')}</w:fldSimple><w:hyperlink>{r(' at noon')}</w:hyperlink>"
    assert text_of(p(simple)) == "3 May at noon"
    inner = mark("begin") + code("MERGEFIELD x") + mark("separate") + r("not shown") + mark("end")
    outer = mark("begin") + code("IF ") + inner + code(' = "a"') + mark("separate") + r("shown") + mark("end")
    assert text_of(p(outer + r(" then"))) == "shown then"
    assert text_of(p(r("Cut off") + mark("end") + mark("begin") + code("XE")) + p(r("goes on"))) == "Cut off\n\ngoes on"


def test_symbols_tabs_hyphens_and_line_breaks():
    signs = '<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:char="20AC"/></w:r>'
    assert text_of(p(r("so ") + signs)) == "so α✓€"
    assert text_of(p(r("\uf0b0C", '<w:rFonts w:ascii="Symbol"/>'))) == "°C"
    assert text_of(p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>")) == "a\tb\u2011c"
    assert text_of(p(r("Quay 4") + "<w:r><w:br/></w:r>" + r("Pell"))) == "Quay 4\nPell"


def test_a_paragraph_that_is_wrapped_by_hand_is_one_line():
    lines = ("The harbour office has moved to the old customs house on the quay,", "where it opens on Monday at eight.")
    assert text_of(p("<w:r><w:br/></w:r>".join(map(r, lines)))) == " ".join(lines)


def test_line_ends_of_indented_xml_are_spaces():
    assert text_of(p("<w:r><w:t>The old\n      pier</w:t></w:r>")) == "The old pier"


def test_containers_are_read_and_what_is_to_be_entered_is_not():
    tags = f"<w:smartTag>{r('Pell')}</w:smartTag><w:customXml>{r(' quay')}</w:customXml><w:bdo>{r(' east')}</w:bdo>"
    assert text_of(p(tags) + control(p(r("In a control.")))) == "Pell quay east\n\nIn a control."
    asked = control(r("Click here to enter a date."), "<w:showingPlcHdr/>")
    assert text_of(p(r("Date: ") + asked)) == "Date:"
    assert text_of(control(p(r("Enter text.")), "<w:showingPlcHdr/>") + p(r("Words."))) == "Words."


def test_readings_over_a_word_and_marks_of_comments_are_left_out():
    ruby = f"<w:r><w:ruby><w:rt>{r('みなと')}</w:rt><w:rubyBase>{r('港')}</w:rubyBase></w:ruby></w:r>"
    assert text_of(p(ruby + "<w:commentRangeStart/>" + r("の") + "<w:r><w:commentReference w:id='1'/></w:r>")) == "港の"


def test_other_files_that_a_document_would_take_in_are_ignored():
    assert text_of("<w:altChunk/>" + p(r("Words."))) == "Words."
