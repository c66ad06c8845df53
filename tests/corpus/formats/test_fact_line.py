import pytest

from corpus.draft import Draft, SourceFacts
from corpus.formats.clean import clean
from corpus.offset_map import MappedText

BODY = (
    "The ferry company told the council on Monday that the night boat would return in June, with a crew of nine.\n\n"
    "Passengers had asked for it since the winter storms, said the director."
)


def cleaned(line, facts=None):
    return clean(Draft(MappedText.of(f"The night boat comes back\n\n{line}\n\n{BODY}"), facts or SourceFacts()))


@pytest.mark.parametrize(
    ("line", "authors", "outlet", "day"),
    [
        ("Gazette | 14 March 2025", (), "Gazette", "2025-03-14"),
        ("Reuters — 14 March 2025", (), "Reuters", "2025-03-14"),
        ("The Harbour Post, Sunday 3 May 2026", (), "The Harbour Post", "2026-05-03"),
        ("*14 March 2025*", (), None, "2025-03-14"),
        ("Published 12 March 2024", (), None, "2024-03-12"),
        ("First published in The Fell Walker, 14 February 2024", (), "The Fell Walker", "2024-02-14"),
        ("Publié dans Le Courrier de Merrin, 14 février 2024", (), "Le Courrier de Merrin", "2024-02-14"),
        ("Source: The Merrin Gazette, 14 February 2024", (), "The Merrin Gazette", "2024-02-14"),
        ("By Ada Quill | Gazette | 14 March 2025", ("Ada Quill",), "Gazette", "2025-03-14"),
        ("14 March 2025 | By Ada Quill", ("Ada Quill",), None, "2025-03-14"),
        ("By Ada Quill and Sam Okoro, 14 March 2025", ("Ada Quill", "Sam Okoro"), None, "2025-03-14"),
        ("Von Ada Quill, Merriner Zeitung, 14. März 2025", ("Ada Quill",), "Merriner Zeitung", "2025-03-14"),
        ("文/王小明  2024年3月12日", ("王小明",), None, "2024-03-12"),
        ("By Ada Quill, chief reporter", ("Ada Quill",), None, None),
        ("By Ada Quill and Sam Okoro in Old Merrin", ("Ada Quill", "Sam Okoro"), None, None),
    ],
)
def test_a_line_that_is_facts_and_nothing_else_leaves_the_text(line, authors, outlet, day):
    draft = cleaned(line)
    assert (draft.facts.authors, draft.facts.outlet, draft.facts.published) == (authors, outlet, day)
    assert draft.text.text == BODY


@pytest.mark.parametrize(
    ("line", "authors", "outlet", "day"),
    [
        ("First published in The Merrin Gazette, February 2024", (), "The Merrin Gazette", None),
        ("Zuerst erschienen in der Merriner Zeitung, Februar 2024", (), "Merriner Zeitung", None),
        ("MERRIN, 14 March 2025 —", (), None, "2025-03-14"),
        (
            "MERRIN, 14 March 2025 — The ferry sails at nine in the evening, and comes back at dawn.",
            (),
            None,
            "2025-03-14",
        ),
        ("Low Sarn, 9 November 2020", (), None, "2020-11-09"),
        ("By Ada Quill, who was there", ("Ada Quill",), None, None),
        ("By Ada Quill for the Gazette", ("Ada Quill",), None, None),
        ("PRESS RELEASE", (), None, None),
        ("Latest news", (), None, None),
        ("Merrin Life | 14 March 2025", (), None, "2025-03-14"),
        ("The Merrin Gazette · 14 March 2025 · 5 min read", (), "The Merrin Gazette", "2025-03-14"),
        ("Updated 3 September 2024", (), None, None),
        ("Updated 3 September 2024 | Published 12 March 2024", (), None, "2024-03-12"),
        ("First published 2 March 2024, last updated 14 March 2024", (), None, "2024-03-02"),
        ("Gazette, 03/12/2024", (), "Gazette", None),
        ("Issued by Lindholm Town Council on Sunday 3 May 2026", (), None, "2026-05-03"),
        ("Merrin Harbour Festival, 14 March 2025", (), None, None),
        ("By the harbour, on 14 March 2025", (), None, None),
        ("darning, by Sister Apollonia", (), None, None),
        ("On 14 March 2025 the boat came back", (), None, None),
    ],
)
def test_a_line_with_anything_else_stays(line, authors, outlet, day):
    draft = cleaned(line)
    assert (draft.facts.authors, draft.facts.outlet, draft.facts.published) == (authors, outlet, day)
    assert line in draft.text.text


def test_a_date_line_that_is_another_day_than_the_articles_stays():
    assert "3 September 2024" in cleaned("3 September 2024", SourceFacts(published="2024-03-12")).text.text


@pytest.mark.parametrize(
    "sections", ["3 March 2024\n\nIt rains.\n\n10 March 2024\n\nIt rains again.", "1 May 2024\nx\n\n2 May 2024\ny"]
)
def test_dates_that_head_sections_date_no_article(sections):
    draft = cleaned(sections)
    assert draft.facts.published is None
    assert sections.replace("\n\n", "\n").split("\n")[0] in draft.text.text


def test_the_rows_of_a_table_date_no_article():
    rows = "Boat | Owner | Sunk\nAlder | Sven Tull | 1 January 1930\nBirch | Ida Marsh | 2 January 1931"
    draft = cleaned(rows)
    assert draft.facts.published is None
    assert rows in draft.text.text


def test_the_foot_of_an_article_may_say_when_it_was_published():
    text = f"The night boat\n\nMERRIN, 6 July 2019 — It sails.\n\n{BODY}\n\nThe Observer wrote so first. Published 8 July 2019."
    draft = clean(Draft(MappedText.of(text), SourceFacts()))
    assert draft.facts.published == "2019-07-08"
    assert "Published 8 July 2019." in draft.text.text
