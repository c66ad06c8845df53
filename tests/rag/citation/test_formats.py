import json
import re
import uuid
from dataclasses import asdict, replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.answer import Context, Excerpt, Quote, Related, RetrievalScores, Scores
from rag.citation.cite import BrokenQuote
from rag.citation.formats import MEDIA_TYPES, format_citation

# Before the words: signs of two UTF-16 units and of two code points, and a mark that composes with no letter into one.
TEXT = "🛥️🦀 Q\u0323 The ferry Saint Brannoc ran aground on Monday.\n\nNobody on board was hurt, said A*B & Co."
DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
WORDS = "Saint Brannoc ran aground on Monday.\n\nNobody on board"
HOSTILE = (
    "x\r\nER  - \r\n\r\nTY  - JOUR\nTI  - other",
    "](javascript:alert(1)) [x](javascript:alert(1)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "&lt;script&gt; &#60;b&#62; &amp;",
    "# heading\n## heading",
    "title\n=====\nother\n---",
    "- a\n+ b\n* c\n1. d\n2) e",
    "```\ncode\n```\n~~~\ncode\n    code",
    "[a]: javascript:alert(1)\n[a]\n![i](x.png)",
    "https://evil.example www.evil.example a@evil.example <https://evil.example>",
    "> [!NOTE]\n> quoted",
    "a | b\n--- | ---\nc | d",
    "**a** _b_ `c` ~~d~~ \\ \\* $x$ ==y==",
    "a\u2028ER  - \u2029b\x85c\x0bd\x0ce\x1cf",
    "{:title:other} {{ site }}",
)


def excerpt(words=WORDS, text=TEXT, **facts):
    start = text.index(words)
    known = {
        "article_id": "ferry", "title": "Aground: the [ferry]", "source": "/news/ferry.pdf",
        "url": "https://example.com/ferry?a=1&copy;=2", "outlet": "The Bell", "authors": ("Ann Lee", "J. van_Dam"),
        "published": "2026-02-02", "page": 3, "start": start, "end": start + len(words), "text": words, "source_start": None,
        "source_end": None, "sha256": DIGEST, "fragment_url": "https://example.com/ferry?a=1&copy;=2#:~:text=Saint",
    }  # fmt: skip
    return Excerpt(**(known | facts))


def bare(words="Nobody", text=TEXT, **facts):
    """An excerpt of which nothing is known that need not be."""
    nothing = {"url": None, "outlet": None, "authors": (), "published": None, "page": None, "fragment_url": None}
    return excerpt(words, text, **({**nothing, "title": "", "source": "ferry.txt", "sha256": ""} | facts))


def test_every_form_has_its_media_type():
    assert MEDIA_TYPES == {
        "markdown": "text/markdown; charset=utf-8",
        "w3c": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        "csl-json": "application/vnd.citationstyles.csl+json",
        "ris": "application/x-research-info-systems",
    }


def test_markdown_is_a_block_quote_and_a_line_that_says_whose():
    assert format_citation(excerpt(), TEXT, "markdown") == (
        "> Saint Brannoc ran aground on Monday.\n"
        ">\n"
        "> Nobody on board\n"
        "\n"
        "— Ann Lee, J. van\\_Dam, [Aground: the \\[ferry\\]](<https://example.com/ferry?a=1&amp;copy;=2#:~:text=Saint>), "
        "The Bell, 2026-02-02, page 3\n"
    )


def test_an_annotation_finds_the_words_in_three_ways():
    made = format_citation(excerpt(), TEXT, "w3c")
    assert made == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:uuid:00ea2934-e613-56b1-9aa8-e3400e359aed",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "source": "https://example.com/ferry?a=1&copy;=2",
            "state": {"type": "TimeState", "cached": "ni:///sha-256;X3C_GKCGAHAW6UiwSu07ghA6Nr6kF1W2zd-vEKzjxu8"},
            "renderedVia": {"type": "Software", "name": "Pullquote"},
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": WORDS,
                    "prefix": "🛥️🦀 Q\u0323 The ferry ",
                    "suffix": " was hurt, said A*B & Co.",
                },
                {"type": "TextPositionSelector", "start": 17, "end": 70},
                {
                    "type": "FragmentSelector",
                    "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
                    "value": "page=3",
                    "refinedBy": {"type": "TextQuoteSelector", "exact": WORDS},
                },
            ],
        },
    }


def test_a_csl_item_has_the_facts_and_the_words():
    assert format_citation(excerpt(), TEXT, "csl-json") == {
        "id": "ferry:17-70",
        "type": "article-newspaper",
        "title": "Aground: the [ferry]",
        "container-title": "The Bell",
        "author": [{"literal": "Ann Lee"}, {"literal": "J. van_Dam"}],
        "issued": {"date-parts": [[2026, 2, 2]]},
        "URL": "https://example.com/ferry?a=1&copy;=2",
        "page": "3",
        "note": "“Saint Brannoc ran aground on Monday. Nobody on board”",
        "custom": {"quote": WORDS, "start": 17, "end": 70, "sha256": DIGEST},
    }


def test_a_ris_record_has_the_facts_and_the_words():
    assert format_citation(excerpt(), TEXT, "ris") == (
        "TY  - NEWS\r\n"
        "TI  - Aground: the [ferry]\r\n"
        "AU  - Ann Lee\r\n"
        "AU  - J. van_Dam\r\n"
        "T2  - The Bell\r\n"
        "PY  - 2026\r\n"
        "DA  - 2026/02/02/\r\n"
        "UR  - https://example.com/ferry?a=1&copy;=2\r\n"
        "SP  - 3\r\n"
        "N1  - “Saint Brannoc ran aground on Monday. Nobody on board”\r\n"
        "ER  - \r\n"
    )


def test_a_quote_and_a_related_passage_are_cited_as_any_excerpt():
    one = asdict(excerpt("Nobody"))
    quote = Quote(**one, context=Context(0, 1, "T"), scores=Scores(0.5, 2.0, 0.75, 1.5, 0.25, 1.25))
    related = Related(**one, scores=RetrievalScores(0.5, 2.0, 0.75))
    for style in MEDIA_TYPES:
        assert (
            format_citation(quote, TEXT, style)
            == format_citation(related, TEXT, style)
            == format_citation(Excerpt(**one), TEXT, style)
        )


def test_what_is_not_known_is_left_out():
    one = bare()
    assert format_citation(one, TEXT, "markdown") == "> Nobody\n\n— ferry.txt\n"
    assert format_citation(one, TEXT, "ris") == "TY  - GEN\r\nTI  - ferry.txt\r\nN1  - “Nobody”\r\nER  - \r\n"
    assert format_citation(one, TEXT, "csl-json") == {
        "id": "ferry:55-61", "type": "document", "title": "ferry.txt", "note": "“Nobody”",
        "custom": {"quote": "Nobody", "start": 55, "end": 61},
    }  # fmt: skip
    assert format_citation(one, TEXT, "w3c")["target"] == {
        "source": "ferry.txt",
        "renderedVia": {"type": "Software", "name": "Pullquote"},
        "selector": [
            {
                "type": "TextQuoteSelector", "exact": "Nobody", "prefix": "Brannoc ran aground on Monday.\n\n",
                "suffix": " on board was hurt, said A*B & C",
            },
            {"type": "TextPositionSelector", "start": 55, "end": 61},
        ],
    }  # fmt: skip


def test_an_annotation_of_a_whole_text_has_nothing_around_it():
    quote, position = format_citation(bare(TEXT), TEXT, "w3c")["target"]["selector"]
    assert quote == {"type": "TextQuoteSelector", "exact": TEXT, "prefix": "", "suffix": ""}
    assert (position["start"], position["end"]) == (0, len(TEXT))


def test_the_same_words_of_the_same_bytes_have_the_same_name():
    one = excerpt()
    name = format_citation(one, TEXT, "w3c")["id"]
    assert uuid.UUID(name).version == 5
    assert format_citation(replace(one, title="Other"), TEXT, "w3c")["id"] == name
    others = [excerpt("Saint"), replace(one, sha256="0" * 64), replace(one, url="https://example.com/other")]
    assert len({name, *(format_citation(other, TEXT, "w3c")["id"] for other in others)}) == 4


@pytest.mark.parametrize(("published", "parts", "ris"), [
    ("2026-02-02", [2026, 2, 2], ["PY  - 2026", "DA  - 2026/02/02/"]), ("2026-02", [2026, 2], ["PY  - 2026", "DA  - 2026/02//"]),
    ("2026", [2026], ["PY  - 2026", "DA  - 2026///"]), ("spring 2026", None, []), ("2026-02-02\nER  - ", None, []), ("", None, []),
    (None, None, []),
])  # fmt: skip
def test_a_date_is_stated_as_far_as_it_is_known(published, parts, ris):
    one = bare(published=published)
    assert format_citation(one, TEXT, "csl-json").get("issued") == (parts and {"date-parts": [parts]})
    assert re.findall(r"^(?:PY|DA)  - \S*", format_citation(one, TEXT, "ris"), re.MULTILINE) == ris


@pytest.mark.parametrize(("facts", "csl", "ris"), [
    ({"outlet": "The Bell"}, "article-newspaper", "NEWS"), ({"url": "https://x.org"}, "webpage", "ELEC"), ({}, "document", "GEN"),
    ({"url": "javascript:alert(1)"}, "document", "GEN"),
])  # fmt: skip
def test_the_type_follows_from_what_is_known(facts, csl, ris):
    assert format_citation(bare(**facts), TEXT, "csl-json")["type"] == csl
    assert format_citation(bare(**facts), TEXT, "ris").startswith(f"TY  - {ris}\r\n")


@pytest.mark.parametrize(("url", "source", "expected"), [
    ("https://x.org/a b", "ferry.txt", "https://x.org/a%20b"), (None, "https://x.org/a", "https://x.org/a"),
    ("javascript:alert(1)", "javascript:alert(1)", "javascript%3Aalert%281%29"), (None, "a b/ferry.txt", "a%20b/ferry.txt"),
    (None, "/news/été 1#2.txt", "file:///news/%C3%A9t%C3%A9%201%232.txt"), (None, "/news/all.jsonl#a/b c", "file:///news/all.jsonl#a%2Fb%20c"),
    ("https://zürich.example/é?q=%20#top", "x", "https://zürich.example/é?q=%20#top"),
    ("https://x.org/>)\n\"'\u202e\u00a0\\`", "x", "https://x.org/%3E)%0A%22'%E2%80%AE%C2%A0%5C%60"),
])  # fmt: skip
def test_the_source_of_an_annotation_is_an_address(url, source, expected):
    assert format_citation(bare(url=url, source=source), TEXT, "w3c")["target"]["source"] == expected


@pytest.mark.parametrize("sha256", ["", "digest of ferry", DIGEST[:-1], DIGEST + "\n"])
def test_a_state_needs_a_digest(sha256):
    assert "state" not in format_citation(excerpt(sha256=sha256), TEXT, "w3c")["target"]


@pytest.mark.parametrize("style", MEDIA_TYPES)
@pytest.mark.parametrize("text", ["x" + TEXT, TEXT[:30], TEXT.replace("Saint", "Snait")])
def test_words_that_do_not_stand_in_the_article_are_not_cited(text, style):
    with pytest.raises(BrokenQuote, match="17-70 of article ferry"):
        format_citation(excerpt(), text, style)


def test_a_note_cannot_set_fields_of_a_csl_item():
    words = "{:title:other}\nDOI: 10.1/x"
    made = format_citation(bare(words, words), words, "csl-json")
    assert made["note"] == "“{ :title:other} DOI: 10.1/x”"
    assert made["custom"]["quote"] == words


class Rendered(HTMLParser):
    """What a page of CommonMark and GitHub's additions shows: the text in and after the quote, its tags, its links."""

    def __init__(self, markdown):
        super().__init__()
        self.quote, self.line, self.tags, self.links, self._inside = "", "", [], [], False
        page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for _, value in attributes]
        self._inside = self._inside or tag == "blockquote"

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "blockquote"
        self.handle_data("\n" if tag == "p" else "")

    def handle_data(self, data):
        if self._inside:
            self.quote += data
        else:
            self.line += data


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_rendered_markdown_has_the_words_and_no_markup_of_others(hostile):
    one = bare(hostile, f"a {hostile} b", title=hostile, authors=(hostile, "Ann"), outlet=hostile, published=hostile, url="https://x.org/?a&copy;")  # fmt: skip
    page = Rendered(format_citation(one, f"a {hostile} b", "markdown"))
    assert lines(page.quote) == lines(hostile)
    assert one_line(page.line) == one_line(f"— {hostile}, Ann, {hostile}, {hostile}, {hostile}")
    assert set(page.tags) == {"blockquote", "p", "a"}
    assert page.tags.count("a") == 1
    assert page.links == ["https://x.org/?a&copy;"]


@given(st.text(st.sampled_from("\\`*_{}[]()<>#+-.!|~$&;:/@^='\" \t\n\u00a0aw19é🦀"), min_size=1, max_size=40))
@example("&copy;\n    code\n\n\n- \n1)\n\u00a0\n--")
@settings(deadline=None, max_examples=300)
def test_rendered_markdown_has_any_words(text):
    page = Rendered(format_citation(bare(text, text, title=text, url="https://x.org"), text, "markdown"))
    assert lines(page.quote) == lines(text)
    assert one_line(page.line) == one_line(f"— {text if text.strip() else 'ferry.txt'}")
    assert set(page.tags) <= {"blockquote", "p", "a"}
    assert page.links == ["https://x.org"]


@pytest.mark.parametrize("address", [
    "https://x.org/) [a](javascript:alert(1))", "https://x.org/><script>alert(1)</script>", "https://x.org/\n\n# heading",
    'https://x.org/" onclick="alert(1)', "https://x.org/\\",
])  # fmt: skip
def test_an_address_cannot_leave_its_link(address):
    page = Rendered(format_citation(bare(title="On", url=address), TEXT, "markdown"))
    assert page.tags == ["blockquote", "p", "p", "a"]
    assert page.line.strip() == "— On"
    assert len(page.links) == 1
    assert page.links[0].startswith("https://x.org/")


def test_an_address_that_is_none_of_the_web_is_no_link():
    for address in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org", " https://x.org"):
        one = bare(title="On", url=address, fragment_url=address)
        assert format_citation(one, TEXT, "markdown") == "> Nobody\n\n— On\n"
        assert "URL" not in format_citation(one, TEXT, "csl-json")
        assert "UR  - " not in format_citation(one, TEXT, "ris")


def fields(record):
    """The tags and values of RIS, read as plainly as a program can: any line end ends a line."""
    return [(line[:2], line[6:]) for line in record.splitlines() if re.match("[A-Z][A-Z0-9]  - ", line)]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_value_of_ris_cannot_begin_a_field(hostile):
    one = bare(hostile, hostile, title=hostile, authors=(hostile,), outlet=hostile, published=hostile, url=f"https://x.org/{hostile}")  # fmt: skip
    made = format_citation(one, hostile, "ris")
    assert [tag for tag, _ in fields(made)] == ["TY", "TI", "AU", "T2", "UR", "N1", "ER"]
    assert len(made.splitlines()) == 7
    assert all(one_line(dict(fields(made))[tag]) == one_line(hostile) for tag in ("TI", "AU", "T2"))
    assert one_line(dict(fields(made))["N1"]) == f"“{one_line(hostile)}”"


@given(st.text(min_size=1), st.text())
@settings(deadline=None)
def test_a_record_of_ris_has_a_line_a_field_whatever_they_hold(words, fact):
    made = format_citation(bare(words, words, title=f"T{fact}", authors=(f"A{fact}",), outlet=f"O{fact}", url=f"https://x.org/{fact}"), words, "ris")  # fmt: skip
    assert [line[:6] for line in made.splitlines()] == [f"{tag}  - " for tag in "TY TI AU T2 UR N1 ER".split()]
    assert made.count("\r\n") == 7


@given(st.data(), st.text(st.sampled_from("aé🦀\u0301\u202e \n\r\u00a0\u00ad<&"), min_size=1, max_size=120))
@settings(deadline=None)
def test_an_annotations_selectors_stand_in_the_text(data, text):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = replace(bare(text, text), start=start, end=end, text=text[start:end])
    made = json.loads(json.dumps(format_citation(one, text, "w3c")))
    quote, position = made["target"]["selector"]
    whole = quote["prefix"] + quote["exact"] + quote["suffix"]
    before = start - len(quote["prefix"])
    assert text[before : before + len(whole)] == whole
    assert text[position["start"] : position["end"]] == quote["exact"] == one.text
    assert len(quote["prefix"]) == min(32, start)
    assert len(quote["suffix"]) == min(32, len(text) - end)
