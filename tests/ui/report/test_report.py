"""The page of a report: what stands in it, and that no text can break out of it."""

import re
from dataclasses import replace
from html import unescape

import pytest
from lxml import html

from corpus.article import Passage, Span
from eval.datasets.example import Example, Gold
from eval.metrics.report import report
from eval.run import Record
from index.hit import Hit
from rag.answer import Reading, Trace
from tests.eval import example_runs
from ui.report.report import report_html
from ui.report.words import counted, duration, percent, when

HOSTILE = "</mark><script>hacked()</script> \"'&amp; \u202eesrever\u202c \u200f \ud800\x00 <img src=x onerror=hacked()> 🐮\u0301"
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "h1", "h2", "h3",
    "h4", "h5", "p", "span", "dl", "div", "dt", "dd", "bdi", "table", "thead", "tbody", "tr", "th", "td", "code", "details",
    "summary", "figure", "figcaption", "blockquote", "mark", "cite", "ul", "li", "q", "small", "svg", "desc", "line",
    "polyline", "circle", "rect", "text",
}  # fmt: skip


def page_of(run, source="made-open.jsonl.gz"):
    """The page as a browser would have it."""
    return html.document_fromstring(report_html(report(run), source).encode("utf-8"))


def text_of(element):
    return " ".join(element.text_content().replace("\u202f", " ").split())


def one(page, xpath):
    (found,) = page.xpath(xpath)
    return text_of(found)


def table(page, section):
    """The folded values of a section."""
    return [[text_of(cell) for cell in row] for row in page.xpath(f"//section[@id='{section}']//details//tbody/tr")]


def hostile_run(text=HOSTILE, **changes):
    """A run in which every text that a set, an article or a file can bring is hostile."""
    passage = Passage(text, text, Span(0, 2 * len(text) + 3), f"{text} x {text}")
    reading = Reading(passage, Span(0, len(text)), 3.0, 0.0)
    trace = Trace(text, (Hit(passage, 1.0, 0.5, 0.5),), (reading,), {text: 0.1}, text)
    records = [Record(Example(text, text, golds, text), trace) for golds in ((Gold(text, text, Span(0, 1)),), ())]
    records.append(Record(Example(text, text, (Gold("gold" + text, text, Span(0, 1)),)), trace))
    header = {"set": text, "digest": text, "encoder": text, "started": text, "versions": {text: text}}
    return example_runs.run(*records, **header, reader=replace(example_runs.HEADER.reader, name=text), **changes)


def test_the_headline_says_what_was_measured():
    page = page_of(example_runs.mixed_run())
    assert one(page, "//h1") == "4 of 6 questions answered, 2 of them rightly"
    assert one(page, "//p[@class='standfirst']") == (
        "Set made, 1 April 2026, 12:00 UTC: a library of the set’s own articles was asked. An answer is given from a "
        "confidence of 0.62 on, and is right if a gold answer stands in its words. Nothing answers 2 of the questions; 1 of "
        "these were refused."
    )
    facts = {text_of(row.find("dt")): text_of(row.find("dd")) for row in page.xpath("//dl/div")}
    assert facts == {
        "Set": "made (squad), digest d",
        "Mode": "open: a library of the set’s own articles was asked",
        "Questions": "6 of 9, a seeded sample",
        "Passages a question": "10",
        "Asked": "1 April 2026, 12:00 UTC, in 1.5 s",
        "Encoder": "hash@0",
        "Reader": "fake",
        "Threshold": "0.6225",
        "Versions": "numpy 2",
    }


def test_key_figures_have_their_intervals():
    page = page_of(example_runs.mixed_run())
    (row,) = page.xpath("//tr[@data-metric='noans']")
    cells = [text_of(cell) for cell in row]
    assert cells[0] == "of the questions that nothing answers: refused noans"
    assert (cells[1], cells[3], cells[4]) == ("50.0 %", "9.5 % to 90.5 %", "2")
    assert ["success@1", "0.5000", "0.1500 to 0.8500", "4"] in table(page, "figures")
    assert {row[0] for row in table(page, "figures")} == report(example_runs.mixed_run()).figures.keys()


def test_every_chart_has_its_values_in_a_table():
    page = page_of(example_runs.mixed_run())
    reordered = ["0.0 %", "0.0 % to 49.0 %"]  # equal scores: the passages stand by their ids, and the gold's is second
    assert table(page, "success")[0] == ["1", "50.0 %", "15.0 % to 85.0 %", *reordered, *reordered]
    assert len(table(page, "success")) == 10
    assert table(page, "reliability")[-1] == ["withheld", "0.5 to 0.6", "51.2 %", "50.0 %", "9.5 % to 90.5 %", "2"]
    assert ["0.8808", "50.0 %", "33.3 %"] in table(page, "risk")
    assert table(page, "time") == [["retrieve", "1 ms", "1 ms", "6"], ["read", "300 ms", "300 ms", "6"]]


def test_captions_say_what_the_charts_do_not():
    page = page_of(example_runs.mixed_run())
    success, reliability, risk, _ = (text_of(caption) for caption in page.xpath("//figcaption"))
    assert "Dense and lexical re-rank the very passages that the fused search returned" in success
    assert (
        "they do not show what a search by that score would have found, and at the last k all curves meet." in success
    )
    error = report(example_runs.mixed_run()).figures["ece"]
    assert f"(ECE) of the 4 answers given is {error.value:.3f} ({error.low:.3f} to {error.high:.3f})." in reliability
    assert risk.endswith("0.6225, 66.7 % of the questions are answered, and 50.0 % of these answers are wrong.")


def test_a_worst_question_shows_its_quote_in_its_passage():
    page = page_of(example_runs.mixed_run())
    (case,) = page.xpath("//section[@class='kind wrong']//article")
    assert text_of(case.find("h4")) == "When?"
    assert text_of(case.find("blockquote")) == example_runs.PASSAGES[0].text
    assert text_of(case.find("blockquote/mark")) == "north"
    assert [text_of(gold) for gold in case.xpath(".//li")] == ["1912"]
    assert text_of(case.xpath("./p[@class='sure']")[0]) == "88 % sure"
    assert text_of(case.xpath(".//*[@class='place']")[0]) == "a:19-24"
    assert text_of(case.xpath("./p[@class='rank']")[0]) == "No gold passage was retrieved."
    counts = [text_of(count) for count in page.xpath("//p[@class='count']")]
    assert counts == [
        "1 of 4 answerable questions were answered without a gold answer in the quote; the surest come first.",
        "1 of 2 unanswerable questions were answered; the surest come first.",
        "1 of 4 answerable questions were refused though the best reading held a gold answer; the least sure come first.",
    ]


def test_a_long_passage_is_cut_around_its_quote():
    text = "word " * 400 + "1912" + " word" * 400
    passage = Passage("a", "T", Span(0, len(text)), text)
    trace = Trace("q", (Hit(passage, 1.0),), (Reading(passage, Span(2000, 2004), 9.0, 0.0),))
    quote = one(page_of(example_runs.run(Record(Example("q", "q"), trace))), "//blockquote")
    assert re.fullmatch(r"… (word )+1912( word)+ …", quote)
    assert len(quote) < 600


def test_nothing_on_the_page_is_fetched_or_run():
    written = report_html(report(example_runs.mixed_run()), "run")
    assert not re.search(r"(?i)<script|<link|<img|\bsrc=|\bhref=|url\(|@import|\bon\w+=|https?:", written)
    assert "default-src 'none'; style-src 'unsafe-inline'" in written


@pytest.mark.parametrize("mode", ["open", "given", "without", "library", HOSTILE])
@pytest.mark.parametrize("kind", ["squad", "jsonl", "beir", HOSTILE])
def test_no_text_breaks_out(mode, kind):
    written = report_html(report(hostile_run(mode=mode, kind=kind)), HOSTILE)
    written.encode("utf-8")
    page = html.document_fromstring(written)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ELEMENTS
    names = {name for element in page.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in {"src", "href", "style"}}
    assert "hacked()" in page.text_content()
    assert "\x00" not in written


def test_a_hostile_quote_is_shown_character_for_character():
    page = page_of(hostile_run())
    quotes = page.xpath("//section[@class='kind unanswerable']//mark")
    assert [quote.text_content() for quote in quotes] == [HOSTILE.replace("\ud800", "\ufffd").replace("\x00", "\ufffd")]
    question = page.xpath("//section[@class='kind unanswerable']//h4")[0]
    assert question.get("dir") == "auto"  # isolates what turns the direction of writing


def test_a_run_without_questions_says_so():
    page = page_of(example_runs.run())
    assert one(page, "//h1") == "No question was asked"
    reasons = {text_of(reason) for reason in page.xpath("//p[@class='left-out']")}
    assert reasons == {"No question was asked.", "No time was recorded."}
    assert page.xpath("//svg") == []


@pytest.mark.parametrize("golds", [(), (example_runs.gold("1912"),)])
@pytest.mark.parametrize(
    "readings", [(), (example_runs.reading("1912", 3.0),), (example_runs.reading("north", -3.0, 0),)]
)
@pytest.mark.parametrize("mode", ["open", "given", "library"])
def test_one_question_is_enough(golds, readings, mode):
    page = page_of(example_runs.run(example_runs.record(golds, *readings), mode=mode))
    answered = bool(readings) and readings[0].margin > 0
    right = f"{int(bool(golds))} of them rightly" if golds else "though nothing answers it"
    assert one(page, "//h1") == (f"1 of 1 question answered, {right}" if answered else "None of 1 question answered")
    assert bool(page.xpath("//section[@id='reliability']//svg")) == bool(readings)
    assert bool(page.xpath("//section[@id='risk']//svg")) == bool(readings and golds)
    assert bool(page.xpath("//section[@id='success']//svg")) == bool(golds and mode != "given")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": "given"}, "The paragraph that answers was given, so there was nothing to find."),
        ({"mode": "without"}, "The article that answers was left out each time, so there was nothing right to find."),
    ],
)
def test_what_is_missing_is_explained(changes, reason):
    page = page_of(example_runs.mixed_run(**changes))
    if changes["mode"] == "without":
        page = page_of(example_runs.run(example_runs.record((), example_runs.reading("north", 2.0, 0)), **changes))
    assert text_of(page.xpath("//section[@id='success']/p")[0]) == reason


def test_a_set_of_judged_articles_is_about_retrieval_alone():
    hits = tuple(Hit(passage, 1.0, 0.5, 0.5) for passage in example_runs.PASSAGES)
    asked = [Record(Example(name, "q", relevant={name: 1}), Trace("q", hits, (), {"retrieve": 0.1})) for name in "ab"]
    page = page_of(example_runs.run(*asked, kind="beir", depth=3))
    assert one(page, "//h1") == "1 of 2 questions find a relevant article first"
    assert len(table(page, "success")) == 1  # all three passages come from one article
    assert "all curves meet" not in one(page, "//section[@id='success']//figcaption")
    assert one(page, "//section[@id='worst']/p").startswith("Nothing was read: such a set knows relevant articles")


def test_the_same_run_gives_the_same_page():
    assert report_html(report(example_runs.mixed_run()), "r") == report_html(report(example_runs.mixed_run()), "r")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (percent(0.7312), "73.1 %"), (percent(1.0, 0), "100 %"), (duration(0.00759), "7.59 ms"), (duration(176.4), "176 s"),
        (duration(0), "0"), (counted(1, "answer"), "1 answer"), (counted(2917, "question"), "2,917 questions"),
        (when("2026-11-21T14:17:17.369147"), "21 November 2026, 14:17 UTC"), (when("<b>"), "<b>"),
    ],
)  # fmt: skip
def test_numbers_read_well(told, expected):
    assert told.replace("\u202f", " ") == expected
    assert unescape(told) == told
