"""What a page shows: each case is a piece of an article and the text that is read of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.formats.webpage import UnreadablePage, read_web_page
from corpus.offset_map import Origin
from tests.corpus.hostile import assert_conforms

FIRST = "The lighthouse keeper of Ormsund wrote down every ship that passed the point during the long winter."
LAST = "The ledger was found again in the attic of the school, where nobody had looked for eighty years."


def text_of(inner):
    page = f"<html><head><title>A ledger</title></head><body><article><p>{FIRST}</p>{inner}<p>{LAST}</p></article></body></html>"
    draft = read_web_page(page.encode())
    assert_conforms(draft.text.text, Origin(draft.text.runs), page)
    text = draft.text.text
    assert text.startswith(f"{FIRST}\n\n")
    assert text.endswith(f"\n\n{LAST}")
    return text.removeprefix(f"{FIRST}\n\n").removesuffix(LAST).removesuffix("\n\n")


def sentence(marked):
    """A paragraph with the marked words in its middle, as it is read."""
    before, after = (
        "In the spring of that year the harbour board met and ",
        ", as the clerk set down in the book of the parish.",
    )
    read = text_of(f"<p>{before}{marked}{after}</p>")
    assert read.startswith(before.strip())
    return read.removeprefix(before.strip()).strip().removesuffix(after).removesuffix(after[1:].strip()).strip()


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("rebuilt the mole in 1893<sup>7</sup>", "rebuilt the mole in 1893"),
        ('paid 480<sup><a href="#n12">12</a></sup> crowns', "paid 480 crowns"),
        ('paid 480<a href="#fn3"><sup>3</sup></a> crowns', "paid 480 crowns"),
        ('paid 480<sup class="reference" id=cite_ref-5><a href="#cite_note-5">[5]</a></sup> crowns', "paid 480 crowns"),
        ("paid 480 crowns<sup>[<i><a href=/why>citation needed</a></i>]</sup>", "paid 480 crowns"),
        ('paid 480<a role="doc-noteref" href="#x">4</a> crowns', "paid 480 crowns"),
        ('paid 480<a href="#_ftn2" name="_ftnref2">[2]</a> crowns', "paid 480 crowns"),
        ('paid 480<span style="vertical-align: super; font-size: 60%">9</span> crowns', "paid 480 crowns"),
        ('paid 480<sup><a href="#a">3</a>,<a href="#b">4</a></sup>crowns', "paid 480 crowns"),
        ("paid 480 crowns.<sup>6</sup>Later it", "paid 480 crowns. Later it"),
        ("paid 480 crowns <sup>6</sup>", "paid 480 crowns"),
        ("paid 480 crowns<sup>*</sup>", "paid 480 crowns"),
        ("let a shed of 40 m<sup>2</sup> go", "let a shed of 40 m2 go"),
        ("weighed 14.5<sup>a</sup> tons", "weighed 14.5 tons"),
        ("read it as n<sup>o</sup> 4", "read it as no 4"),
        ("counted 10<sup>6</sup> eggs", "counted 10^6 eggs"),
        ("drew x<sup>2</sup> on a slate", "drew x^2 on a slate"),
        ("met on the 1<sup>st</sup> of May", "met on the 1st of May"),
        ("heard M<sup>me</sup> Holm", "heard Mme Holm"),
        ("measured CO<sub>2</sub> and H<sub>2</sub>O", "measured CO2 and H2O"),
        ("dated it by <sup>14</sup>C to", "dated it by 14C to"),
        ("took 2<sup>1</sup>/<sub>2</sub> days", "took 2 1/2 days"),
        ("asked $4<sup>99</sup> for", "asked $4 99 for"),
        ("saw Ca<sup>2+</sup> rise", "saw Ca2+ rise"),
        ("asked <del>40</del> <ins>44</ins> crowns", "asked 44 crowns"),
        ("asked <s>40</s><strike>41</strike> 44 crowns", "asked 44 crowns"),
        ('asked <span style="text-decoration:line-through">40</span> 44 crowns', "asked 44 crowns"),
        ("asked 44<span hidden> or less</span> crowns", "asked 44 crowns"),
        ('asked 44<span style="color:red;DISPLAY : none"> or less</span> crowns', "asked 44 crowns"),
        ('asked 44<i class="material-icons" aria-hidden="true">share</i> crowns', "asked 44 crowns"),
        ('asked <span aria-hidden="true">44</span> crowns', "asked 44 crowns"),
        ("asked 44<template><b>or 45</b></template> crowns", "asked 44 crowns"),
        ("asked 44<noscript> or 45</noscript> crowns", "asked 44 crowns"),
        ("asked 44<input type=hidden value=45> crowns", "asked 44 crowns"),
        ("saw <ruby>灯<rp>(</rp><rt>tou</rt><rp>)</rp></ruby> on it", "saw 灯 on it"),
        ("opened at <time datetime='10:00'>ten o’clock</time>", "opened at ten o’clock"),
        ("un<b>bel</b>iev<i>ably</i> late", "unbelievably late"),
        ("came<br>late", "came\nlate"),
        ("a <wbr>way<!-- no -->side inn", "a wayside inn"),
    ],
)
def test_words_of_a_sentence(marked, read):
    assert sentence(marked) == read


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        (
            "<div>The keeper’s office</div><div>The school of the village and its yard</div>",
            "The keeper’s office\n\nThe school of the village and its yard",
        ),
        (
            "<ul><li>Lamps<ul><li>of brass</li><li>of tin</li></ul></li><li>Ropes and <b>tar</b></li></ul>",
            "Lamps\nof brass\nof tin\nRopes and tar",
        ),
        (
            "<ol><li><p>Row out.</p><p>Wait there.</p></li><li><p>Row back.</p></li></ol>",
            "Row out. Wait there.\nRow back.",
        ),
        (
            "<dl><dt>Beacon</dt><dd>a light that stands on land</dd><dt>Buoy</dt><dd>a mark that floats</dd></dl>",
            "Beacon\na light that stands on land\nBuoy\na mark that floats",
        ),
        (
            "<p>Harbour board of Ormsund<br>3 Quay Street<br>Ormsund</p>",
            "Harbour board of Ormsund\n3 Quay Street\nOrmsund",
        ),
        (
            "<p>The first half of the story was short.<br><br>The second half of it was long.</p>",
            "The first half of the story was short.\n\nThe second half of it was long.",
        ),
        (
            "<pre>light  on   06:00\n  light off 18:40\nlamp  cleaned</pre>",
            "light  on   06:00\n  light off 18:40\nlamp  cleaned",
        ),
        (
            "<h2>The second<br>winter</h2><p>The ice came early in the second winter and stayed.</p>",
            "The second winter\n\nThe ice came early in the second winter and stayed.",
        ),
        (
            "<details><summary>What the ledger cost</summary><p>It was bought for nine crowns in the town.</p></details>",
            "What the ledger cost\n\nIt was bought for nine crowns in the town.",
        ),
        ("<p hidden>This paragraph is not shown to anybody at all, and so it is not read.</p>", ""),
        ('<div style="visibility:hidden"><p>Nobody sees this paragraph either, long as it is.</p></div>', ""),
        (
            (
                '<p>The keeper died in 1911.<sup id="r1"><a href="#n1">1</a></sup></p>'
                '<ol class="footnotes"><li id="n1">Parish register of Ormsund, page nine. <a class="footnote-backref" href="#r1">↩</a></li></ol>'
            ),
            "The keeper died in 1911.\n\nParish register of Ormsund, page nine.",
        ),
    ],
)
def test_blocks(inner, read):
    assert text_of(inner) == read


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            (
                "<tr><th>Month</th><th>Ships</th><th>Wrecks</th></tr><tr><td>May</td><td></td><td>2</td></tr>"
                "<tr><td>June</td><td>31</td><td></td></tr><tr><td></td><td>28</td><td>1</td></tr>"
            ),
            "Month | Ships | Wrecks\nMay | | 2\nJune | 31 |\n| 28 | 1",
        ),
        (
            "<tr><td></td><th>Day</th><th>Night</th></tr><tr><th>Lamps</th><td>2<td>6<tr><th>Men<td>1<td>3",
            "| Day | Night\nLamps | 2 | 6\nMen | 1 | 3",
        ),
        (
            (
                "<tr><th rowspan=2>Light</th><th colspan=2>Seen from</th></tr><tr><th>sea</th><th>land</th></tr>"
                "<tr><td>Point</td><td>18 miles</td><td>11 miles</td></tr><tr><td colspan=3>Rebuilt</td></tr>"
            ),
            "Light | Seen from |\n| sea | land\nPoint | 18 miles | 11 miles\nRebuilt | |",
        ),
        (
            "<tr><th>Isle</th><th>Boats</th></tr><tr><td rowspan=0>Hest</td><td>Tern</td></tr><tr><td>Skua</td></tr>",
            "Isle | Boats\nHest | Tern\n| Skua",
        ),
        (
            (
                "<tr><th>Day</th><th>Open</th></tr><tr><td>Monday</td><td><ul><li>8 to 12</li><li>13 to 17</li></ul></td></tr>"
                "<tr><td>Friday</td><td><p>8 to 12</p><p>not in July</p></td></tr><tr><td>Sunday<br>and feasts</td><td>closed</td></tr>"
            ),
            "Day | Open\nMonday | 8 to 12; 13 to 17\nFriday | 8 to 12 not in July\nSunday and feasts | closed",
        ),
        (
            (
                "<caption>Catch in tons</caption><thead><tr><th>Year</th><th>Cod</th></tr></thead>"
                "<tbody><tr><td>1901</td><td>12</td></tr></tbody><tfoot><tr><td>All</td><td>12</td></tr></tfoot>"
            ),
            "Catch in tons\n\nYear | Cod\n1901 | 12\nAll | 12",
        ),
        (
            (
                "<tr><th>Gear</th><th>Kept</th></tr><tr><td>Nets</td><td><table><tr><td>old</td><td>4</td></tr>"
                "<tr><td>new</td><td>6</td></tr></table></td></tr><tr><td>Hooks</td><td>90</td></tr><tr><td>Pots</td><td>7</td></tr>"
            ),
            "Gear | Kept\nNets | old 4; new 6\nHooks | 90\nPots | 7",
        ),
        (
            (
                "<tr><th>Fare</th><th>Now</th></tr><tr><td>To Hest<sup>2</sup></td><td><del>3</del> 4</td></tr>"
                "<tr hidden><td>To Skjer</td><td>9</td></tr><tr><td>To Vig</td><td>5<sup>b</sup></td></tr>"
            ),
            "Fare | Now\nTo Hest | 4\nTo Vig | 5",
        ),
        (
            (
                "<tr><td><h3>The first keeper</h3><p>He came from the south and had been at sea for thirty years before he was asked "
                "to keep the light, as his father had been.</p></td><td><p>She had lived on the point all her life and knew every "
                "rock of it by name when the board asked her, in the end.</p></td></tr>"
            ),
            (
                "The first keeper\n\nHe came from the south and had been at sea for thirty years before he was asked to keep the light, "
                "as his father had been.\n\nShe had lived on the point all her life and knew every rock of it by name when the board "
                "asked her, in the end."
            ),
        ),
        (
            "<tr><td>The light was lit for the first time in the autumn.</td></tr><tr><td>It has burnt ever since.</td></tr>",
            "The light was lit for the first time in the autumn.\n\nIt has burnt ever since.",
        ),
    ],
)
def test_tables(table, read):
    assert text_of(f"<table>{table}</table>") == read


def test_two_tables_are_two_blocks():
    one = "<table><tr><th>Ship</th><th>Year</th></tr><tr><td>{}</td><td>1902</td></tr></table>"
    assert text_of(one.format("Tern") + one.format("Skua")) == "Ship | Year\nTern | 1902\n\nShip | Year\nSkua | 1902"


def test_no_row_is_lost_from_a_long_table():
    rows = "".join(f"<tr><td><a href=/{n}>Vessel {n}</a></td><td>{n * 7 % 50 or ''}</td></tr>" for n in range(400))
    read = text_of(f"<table><tr><th>Name</th><th>Tons</th></tr>{rows}</table>")
    assert read.split("\n")[1:] == [f"Vessel {n} | {n * 7 % 50 or ''}".strip() for n in range(400)]


def test_a_table_between_two_paragraphs_is_read_whatever_trafilatura_leaves_out():
    rows = "".join(
        f'<tr><td><a href="/boat/{n}">The boat of the year {n}</a></td><td>{n}</td></tr>' for n in range(1890, 1910)
    )
    read = text_of(f"<h2>The boats</h2><table><tr><th>Boat</th><th>Year</th></tr>{rows}</table>")
    assert read.split("\n")[:4] == ["The boats", "", "Boat | Year", "The boat of the year 1890 | 1890"]
    assert read.endswith("The boat of the year 1909 | 1909")


def test_signs_of_links_to_places_of_the_page_and_links_that_edit_are_left_out():
    read = text_of(
        '<h2>The storm<a class="headerlink" href="#storm">¶</a> <span class="mw-editsection">[<a href="/e">edit</a>]</span></h2>'
        '<p>It blew for nine days and took the roof of the boat house. <a href="#top">&#8617;</a></p>'
    )
    assert read == "The storm\n\nIt blew for nine days and took the roof of the boat house."


def test_a_page_whose_article_a_script_shows_is_read():
    page = f'<html><body><div style="display:none" id=story><p>{FIRST}</p><p>{LAST}</p></div></body></html>'
    assert read_web_page(page.encode()).text.text == f"{FIRST}\n\n{LAST}"


def test_what_a_page_strikes_out_for_want_of_an_end_tag_is_read():
    page = f"<html><body><div><del>{FIRST}<br>{LAST}<br>{FIRST}</div></body></html>"
    assert LAST in read_web_page(page.encode()).text.text


HOSTILE = {
    "raised": "2021<sup>4" * 30_000,
    "raised and closed": "2021<sup>4</sup> " * 30_000,
    "linked": '<sup><a href="#n">' * 30_000,
    "struck": "<del>a" * 30_000,
    "hidden": "<div hidden>a" * 30_000,
    "items": "<li>a<ul>" * 30_000,
    "cells": "<td rowspan=9 colspan=9>a" * 30_000,
    "wide rows": "<table>" + "<tr><td colspan=1000 rowspan=1000>a" * 20_000,
    "tables": "<table><tr><td>a" * 20_000,
    "captions": "<table><caption>a" * 20_000,
    "headings": "<h1>a" * 30_000,
    "preformatted": "<pre>a" * 30_000,
    "attributes": "<p " + "hidden='" * 30_000,
    "times": "<time>a" * 30_000,
    "closing": "</p></div></td></table>" * 20_000,
    "line breaks": "<br>" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_little_time(name):
    begun = time.process_time()
    try:
        draft = read_web_page(f"<html><body><p>{FIRST}</p>{HOSTILE[name]}".encode())
    except UnreadablePage:
        pass
    else:
        assert len(draft.text.text) < 20 * (len(HOSTILE[name]) + 200)
    assert time.process_time() - begun < 20


CELL = st.sampled_from(
    ["", "7", "a b", "<ul><li>x<li>y</ul>", "<p>z</p>", "<table><tr><td>n</table>", "&nbsp;", "<br>", "|"]
)
TAG = st.sampled_from(
    [
        "<td>",
        "<th>",
        "<td colspan=2>",
        "<td rowspan=2>",
        "<td rowspan=0>",
        "<tr>",
        "</tr>",
        "<caption>",
        "</td>",
        "<tbody>",
    ]
)


@given(st.lists(st.tuples(TAG, CELL), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_table_maps_to_the_page(parts):
    table = "".join(tag + cell for tag, cell in parts)
    page = f"<html><body><article><p>{FIRST}</p><table><tr><th>Ship<th>Port<tr><td>Tern<td>Hest{table}</table><p>{LAST}</p></article></body></html>"
    draft = read_web_page(page.encode())
    assert_conforms(draft.text.text, Origin(draft.text.runs), page)
    assert draft.text.text.endswith(LAST)
