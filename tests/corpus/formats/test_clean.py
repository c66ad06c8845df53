import unicodedata

import pytest
from hypothesis import given

from corpus.draft import Draft, SourceFacts
from corpus.formats.clean import clean, tidy
from corpus.offset_map import MappedText, Origin
from tests.corpus.hostile import assert_conforms, hostile_texts

BODY = (
    "The harbour at Lindholm was closed on Tuesday after a barge struck the pier.\n\nNobody was hurt, the police said."
)


def cleaned(text: str, facts: SourceFacts | None = None) -> Draft:
    return clean(Draft(MappedText.of(text), facts or SourceFacts()))


@pytest.mark.parametrize(
    ("raw", "final"),
    [
        ("a\r\nb\rc\u2028d\x0be\x0cf\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("nul\0 bell\x07 zero\u200bwidth bom\ufeff soft\xadhyphen", "nul bell zerowidth bom softhyphen"),
        ("e\u0301te\u0301", "été"),
        ("\u1112\u1161\u11ab", "한"),
        ("trailing \t\xa0\nline  ", "trailing\nline"),
        ("one\n\n\n\n \n\ntwo", "one\n\ntwo"),
        ("10\xa0km", "10\xa0km"),
        ("👩‍👩‍👧 می\u200cخواهم \u200fש", "👩‍👩‍👧 می\u200cخواهم \u200fש"),
        ("\n\n  text \n", "text"),
        ("cafÃ© itâ€™s", "café it’s"),
        ("lone \udc00 surrogate", "lone \ufffd surrogate"),
        ("UPPER  two spaces\twords", "UPPER  two spaces\twords"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_characters(raw, final):
    assert cleaned(raw).text.text == final


@given(hostile_texts)
def test_the_text_is_nfc_without_stray_white_space_and_maps_back(raw):
    text = cleaned(raw).text
    assert unicodedata.is_normalized("NFC", text.text)
    assert text.text == text.text.strip()
    assert "\n\n\n" not in text.text
    assert "\r" not in text.text
    assert all(line == line.rstrip() for line in text.text.split("\n"))
    text.text.encode()  # no surrogate
    assert_conforms(text.text, Origin(text.runs), raw)


@given(hostile_texts)
def test_cleaning_twice_changes_no_character(raw):
    once = cleaned(raw).text.text
    assert cleaned(once).text.text.replace("\n", "") in once.replace("\n", "")


@pytest.mark.parametrize(
    "line",
    [
        "No comments:",
        "3 Comments",
        "Leave a comment",
        "Aucun commentaire :",
        "Share this:",
        "Share on Facebook",
        "Facebook Twitter Email",
        "Follow us on Twitter @planet, on Facebook at The Planet or on Instagram at planet",
        "Follow Ann Berg on Twitter.",
        "Follow Obama’s second term",
        "Sign up for our weekly newsletter",
        "Advertisement",
        "Story continues below advertisement",
        "Read more:",
        "Related: Another barge sinks",
        "Go to planet.example.com for more news from the coast.",
        "Image caption",
        "Getty Images",
        "Image: Ann Berg.",
        "This website uses cookies to improve your experience.",
        "© 2024 The Planet",
        "Copyright 2020 The Planet. All rights reserved.",
        "Newer Post Older Post Home",
        "Posted by Ann at 9:14 AM",
        "Have an opinion on this story? Share it!",
        "Skip to content",
    ],
)
def test_boilerplate_is_dropped(line):
    above, below = BODY.split("\n\n")
    assert cleaned(f"{above}\n\n{line}\n\n{below}").text.text == BODY
    assert cleaned(f"{BODY}\n\n{line}\n").text.text == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Police said there were no comments from the company.",
        "Like many on Twitter, she was angry.",
        "Share prices rose.",
        "Follow the money",
        "Comments by the minister were aired on Monday.",
        "Related work",
        "Reuters reported that the pier was closed.",
        "Read more slowly, she told them.",
        "Advertising",
        "Copyright law is old.",
        "“Follow us on Facebook,” he said.",
        "She asked: “Do we use cookies?”",
        "An urgent threat",
        "By the time he arrived, the pier was closed.",
    ],
)
def test_the_articles_own_lines_stay(line):
    above, below = BODY.split("\n\n")
    text = f"{above}\n\n{line}\n\n{below}"
    assert cleaned(text).text.text == text


def test_a_line_of_a_wrapped_paragraph_stays():
    text = (
        "The banner over the entrance to the harbour office had read, in red,\nShare this:\nand nothing more for years."
    )
    assert cleaned(text).text.text == text


def test_the_head_of_a_capture_becomes_facts():
    head = "Tuesday, March 12, 2024\n\nA Barge Sinks at Lindholm\n\nThe pier may stay closed for weeks, officials said.\n\n"
    draft = cleaned(f"{head}March 12, 2024\n\nHarbour Post\n\nBy Ann Berg\n\n{BODY}\n\nBy Ann Berg\n\nNo comments:")
    assert draft.facts == SourceFacts("A Barge Sinks at Lindholm", ("Ann Berg",), "Harbour Post", "2024-03-12")
    assert draft.text.text == f"The pier may stay closed for weeks, officials said.\n\n{BODY}"


def test_the_biography_of_an_author_goes_from_the_end_only():
    bio = "Ann Berg is the Harbour Post's coast correspondent. Before that she was a diver."
    assert cleaned(f"{BODY}\n\nBy Ann Berg\n\n{bio}", SourceFacts(authors=("Ann Berg",))).text.text == BODY
    assert bio in cleaned(f"{bio}\n\n{BODY}", SourceFacts(authors=("Ann Berg",))).text.text
    assert bio in cleaned(f"{BODY}\n\n{bio}").text.text


def test_lines_that_repeat_known_facts_go_from_the_head():
    facts = SourceFacts("A Barge Sinks", ("Ann Berg",), "Harbour Post", "2024-03-12")
    assert cleaned(f"A BARGE SINKS\n\nby Ann Berg\n12 March 2024\n\n{BODY}", facts).text.text == BODY


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("The Harbour Post, Sunday 3 May 2026", SourceFacts("A title", (), "The Harbour Post", "2026-05-03")),
        ("LINDHOLM, 3 May 2026", SourceFacts("A title", (), None, "2026-05-03")),
        ("Issued by Lindholm Town Council on Sunday 3 May 2026", SourceFacts("A title", (), None, "2026-05-03")),
        ("By Ann Berg at the quay, published on", SourceFacts("A title", ("Ann Berg",))),
        ("By Ann Berg at Lindholm Quay", SourceFacts("A title", ("Ann Berg",))),
        ("By Ann Berg, published on", SourceFacts("A title", ("Ann Berg",))),
    ],
)
def test_head_lines_of_several_facts(line, facts):
    assert cleaned(f"A title\n\n{line}\n\n{BODY}").facts == facts


def test_the_foot_of_a_blog_goes_line_by_line():
    foot = (
        "Posted by Ann at 21:14\nLabels: harbour, barges, gravel and the fate of the pier\nNo comments:\nPost a Comment\n"
        "Share this: Facebook | Twitter\nNewer Post   Home   Older Post\n\nAbout the author\nAnn Berg is secretary of the club."
        "\n\nSubscribe to our newsletter: enter your e-mail address\n© 2025 The Club. All rights reserved."
    )
    assert cleaned(f"{BODY}\n\n{foot}", SourceFacts(authors=("Ann Berg",))).text.text == BODY


def test_another_authors_byline_stays():
    assert "By Tom Hale" in cleaned(f"By Tom Hale\n\n{BODY}", SourceFacts(authors=("Ann Berg",))).text.text


def test_the_days_of_a_timeline_stay():
    text = "1 March 2024\nThe barge sails.\n\n2 March 2024\nIt sinks.\n\n3 March 2024\nDivers arrive."
    draft = cleaned(text)
    assert draft.text.text == text
    assert draft.facts.published is None


def test_the_outlet_is_read_from_the_line_that_goes():
    draft = cleaned(f"{BODY}\n\nFollow us on Twitter @planet, on Facebook at The Planet or on Instagram at planet")
    assert (draft.facts.outlet, draft.text.text) == ("The Planet", BODY)


def test_a_first_line_over_a_blank_line_is_the_title():
    draft = cleaned(f"A barge sinks\n\n{BODY}")
    assert (draft.facts.title, draft.text.text) == ("A barge sinks", BODY)


def test_a_first_sentence_is_no_title():
    assert cleaned(BODY).facts.title is None


def test_a_text_of_nothing_but_boilerplate_stays():
    assert cleaned("No comments:").text.text == "No comments:"
    assert cleaned("12 March 2024").text.text == "12 March 2024"


def test_running_headers_go():
    pages = "\n\n".join(f"Harbour Post Weekend\n\nPage {number}{' goes on and on' * 40}." for number in range(6))
    assert "Weekend" not in cleaned(f"{BODY}\n\n{pages}").text.text


@pytest.mark.parametrize("line", ["Nobody was hurt, they sang.", "Nobody was hurt"])
def test_a_refrain_stays(line):
    song = "\n\n".join([line, "A verse of its own."] * 6)
    assert cleaned(f"{BODY}\n\n{song}").text.text == f"{BODY}\n\n{song}"


def test_a_list_of_sources_goes_from_the_end():
    sources = (
        "Sources\n\nAnn Berg. “Barge sinks” — Harbour Post, March 12, 2024\n\nTom Hale. “Pier shut” — Planet, 2024"
    )
    assert (
        cleaned(f"{BODY}\n\nThe end of it came soon.\n\n{sources}").text.text == f"{BODY}\n\nThe end of it came soon."
    )


def test_a_heading_called_sources_over_prose_stays():
    text = f"{BODY}\n\nSources\n\nThe river has two springs in the hills.\n\nThe larger one is dry in summer."
    assert cleaned(text).text.text == text


def test_tidy_puts_a_title_on_one_clean_line():
    assert tidy(" A\u200b  tÃ©st\r\nof\xadit ") == "A tést ofit"
