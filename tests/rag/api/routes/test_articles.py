import json
import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from corpus.article import Span
from index.ingest import add
from rag.api.article_page import article_page
from rag.citation.cite import Citer
from rag.citation.formats import MEDIA_TYPES, format_citation
from tests.fakes import HashEncoder
from tests.rag.api.conftest import HERE, settings
from tests.rag.conftest import FERRY, article

POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HOSTILE = article(
    "hostile", 'Before </p></article><script>alert(1)</script> & "quoted" <img src=x onerror=alert(2)>.\n\nAfter \u202eLTR\u202c it &lt;b&gt; ends.',
    url='javascript:alert(3)//"><script>', outlet="<b>\u202eOutlet</b>", authors=("<i>One</i>", 'Two" onclick="x'), published="2026-01-01", language="en",
)  # fmt: skip


@pytest.fixture
def filled(library, pipeline):
    """The small library with a few articles more."""
    facts = {
        "one": {"published": "2025-01-31", "outlet": "The Bell", "authors": ("Ada Lind",), "language": "en"},
        "two": {"published": "2025-02", "outlet": "Zür Glocke", "authors": ("Ada Lind", "Bo Ek"), "language": "de"},
        "three": {"published": "2024", "outlet": "the bell", "authors": ("Émile Roy",), "language": "fr"},
    }
    list(
        add(
            library,
            HashEncoder(),
            [article(name, f"Words of article {name}.", **known) for name, known in facts.items()],
        )
    )
    return library


class Seen(HTMLParser):
    """What a browser makes of a page: the text of the body and of its marks, the elements, all attributes."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.body, self.marked, self.tags, self.attributes, self._open = "", "", [], {}, []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "article" in self._open and "header" not in self._open:
            self.body += data
            if "mark" in self._open:
                self.marked += data


def listed(client, **asked):
    found = client.get("/v1/articles", params=asked).json()
    return found["total"], [one["id"] for one in found["articles"]]


@pytest.mark.parametrize(("asked", "ids"), [
    ({}, ["cannery", "ferry", "one", "three", "two"]), ({"since": "2025"}, ["ferry", "one", "two"]), ({"until": "2025-01"}, ["one", "three"]),
    ({"since": "2025-01", "until": "2025-02"}, ["one", "two"]), ({"since": "2025-02-01"}, ["ferry", "two"]), ({"outlet": "THE BELL"}, ["ferry", "one", "three"]),
    ({"outlet": ["zur glocke", "none"]}, ["two"]), ({"author": "ada lind"}, ["one", "two"]), ({"author": ["bo ek", "emile roy"]}, ["three", "two"]),
    ({"language": "EN"}, ["one"]), ({"language": ["en", "fr"]}, ["one", "three"]), ({"article": ["two", "cannery"]}, ["cannery", "two"]),
    ({"author": "ada lind", "language": "de", "since": "2025"}, ["two"]), ({"outlet": "Nobody's"}, []), ({"since": "2027"}, []),
])  # fmt: skip
def test_the_list_is_of_the_articles_that_pass_in_pages_of_which_the_total_is_told(client, filled, asked, ids):
    assert listed(client, **asked) == (len(ids), ids)
    for limit in (1, 2):
        pages = [listed(client, limit=limit, offset=offset, **asked) for offset in range(0, len(ids) + limit, limit)]
        assert {total for total, _ in pages} == {len(ids)}
        assert [one for _, page in pages for one in page] == ids
    assert listed(client, offset=2**31, **asked) == (len(ids), [])


@pytest.mark.parametrize(("asked", "status", "detail"), [
    ({"since": "soon"}, 422, "The date 'soon' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    ({"language": "english"}, 422, "The language 'english' is no ISO 639-1 code; write two letters such as en or fr."),
    ({"author": ""}, 422, "The name '' is empty; name an outlet or an author, or leave it out."),
    ({"article": "gone"}, 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ({"limt": 1}, 422, "The field 'limt' cannot be taken: Extra inputs are not permitted; see /docs for what can."),
])  # fmt: skip
def test_a_list_that_cannot_be_made_is_told_in_one_sentence(client, asked, status, detail):
    response = client.get("/v1/articles", params=asked)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_an_article_is_taken_out_once(client, library):
    header = client.get("/v1/articles").json()["articles"][1]
    gone = client.delete("/v1/articles/ferry")
    assert (gone.status_code, gone.json()) == (200, header)
    again = client.delete("/v1/articles/ferry")
    assert (again.status_code, again.json()) == (
        404,
        {"detail": "There is no article 'ferry' in the library; `pullquote list` shows those there are."},
    )
    assert client.get("/health").json() == {"status": "ok", "articles": 1, "passages": 1, "generation": 2}  # it was 1
    assert client.get("/v1/articles/ferry").status_code == 404
    assert client.get("/v1/articles/ferry/view").status_code == 404
    reply = client.post("/v1/answer", json={"question": "Was anybody on board hurt?", "threshold": 0}).json()
    assert [one["article_id"] for answer in reply["answers"] for one in answer["quotes"]] == ["cannery"] * len(
        reply["answers"]
    )


def test_a_view_marks_the_words_and_shows_them_all(client):
    start, end = FERRY.index("Nobody"), FERRY.index("hurt.") + 5
    response = client.get("/v1/articles/ferry/view", params={"start": start, "end": end})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert POLICY.fullmatch(response.headers["content-security-policy"])
    seen = Seen(response.text)
    assert (seen.marked, seen.body) == ("Nobody on board was hurt.", FERRY)
    assert [one.get("id") for one in seen.attributes["mark"]] == ["quoted"]
    assert seen.attributes["a"] == [{"href": "https://example.com/ferry", "rel": "noopener noreferrer nofollow"}]
    assert f"characters {start}–{end} of {len(FERRY)} marked" in response.text


@pytest.mark.parametrize(("place", "words"), [
    ({}, ""), ({"start": 0}, FERRY), ({"end": 9}, "The ferry"), ({"start": 74}, "The owner blames a silenced alarm."), ({"start": 4, "end": 5}, "f"),
    ({"start": 0, "end": len(FERRY)}, FERRY), ({"start": 47, "end": 90}, FERRY[47:90]),
])  # fmt: skip
def test_a_view_without_a_start_or_an_end_begins_or_ends_with_the_text(client, place, words):
    seen = Seen(client.get("/v1/articles/ferry/view", params=place).text)
    assert (seen.marked, seen.body) == (words, FERRY)


@pytest.mark.parametrize(("place", "said"), [
    ({"start": 9, "end": 4}, "9-4"), ({"start": 4, "end": 4}, "4-4"), ({"start": 0, "end": len(FERRY) + 1}, f"0-{len(FERRY) + 1}"), ({"start": 2**31}, f"{2**31}-108"),
    ({"end": 0}, "0-0"), ({"start": 108}, "108-108"),
])  # fmt: skip
def test_a_place_that_is_not_there_is_told_in_one_sentence(client, place, said):
    detail = f"The place {said} is not in article ferry, which has 108 characters; give the start and end of a quote."
    response = client.get("/v1/articles/ferry/view", params=place)
    assert (response.status_code, response.json()) == (422, {"detail": detail})
    if len(place) == 2:  # a citation needs both
        cited_there = client.get("/v1/articles/ferry/citation", params=place | {"format": "ris"})
        assert (cited_there.status_code, cited_there.json()) == (422, {"detail": detail})


@pytest.mark.parametrize(("place", "field"), [
    ({"start": -1}, "start"), ({"end": -1}, "end"), ({"start": "x"}, "start"), ({"end": 2**31 + 1}, "end"), ({"start": 1.5}, "start"),
])  # fmt: skip
def test_a_place_that_is_none_is_told_in_one_sentence(client, place, field):
    response = client.get("/v1/articles/ferry/view", params=place)
    assert response.status_code == 422
    assert response.json()["detail"].startswith(f"The field '{field}' cannot be taken: ")


def test_a_hostile_article_is_shown_and_does_nothing(client, library):
    list(add(library, HashEncoder(), [HOSTILE]))
    plain = Seen(client.get("/v1/articles/ferry/view?start=0&end=3").text)
    start, end = HOSTILE.text.index("<script>"), HOSTILE.text.index(" & ")
    response = client.get(f"/v1/articles/hostile/view?start={start}&end={end}")
    seen = Seen(response.text)
    assert seen.marked == "<script>alert(1)</script>"
    assert seen.body == HOSTILE.text
    assert set(seen.tags) <= {*plain.tags, "bdi", "span"}
    assert seen.tags.count("script") == 1
    assert "a" not in seen.tags  # javascript: is no address of the web
    names = {name for found in seen.attributes.values() for one in found for name in one}
    assert names <= {"lang", "charset", "name", "content", "dir", "class", "id"}
    assert response.text.count("\u202e") == 2  # in the outlet and the text, each apart from what stands beside it
    assert "<bdi>&lt;b&gt;\u202eOutlet&lt;/b&gt;</bdi>" in response.text
    assert POLICY.fullmatch(response.headers["content-security-policy"])


@given(st.data())
def test_what_is_marked_is_the_quote_whatever_stands_around_it(data):
    pieces = [
        *"ab <>&\"'\n",
        "\N{CRAB}",
        "e\u0301",
        "\u202e",
        "\u00ad",
        "\u200d",
        "\u00a0",
        "\U0001f468\u200d\U0001f469",
        "ש",
    ]
    words = st.lists(st.sampled_from(pieces), min_size=1, max_size=60).map("".join)
    text = data.draw(words.filter(str.strip))
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    seen = Seen(article_page(article("any", text), span).body.decode())
    assert (seen.marked, seen.body) == (span.cut(text), text)


def test_an_article_of_five_megabytes_on_one_line_is_shown_soon(client, library):
    words = "Nobody heard the bell of Merrin ring 🦀 & <twice>. "
    text = (words * (5_000_000 // len(words))).strip()
    with library.writing():
        library.put(article("long", text), [Span(0, len(words))])
    began = time.monotonic()
    seen = client.get("/v1/articles/long/view", params={"start": 4_000_000, "end": 4_000_040}).text
    assert time.monotonic() - began < 10
    marked = re.search(r'<mark id="quoted" class="current">(.*?)</mark>', seen)
    assert unescape(marked[1]) == text[4_000_000:4_000_040]


def test_the_policy_is_the_pages_own_behind_the_chat_page_too(pipeline):
    from ui.server import create_server

    client = TestClient(create_server(pipeline, settings()), base_url=HERE)
    headers = client.get("/v1/articles/ferry/view", params={"start": 0, "end": 9}).headers
    assert [
        POLICY.fullmatch(value) is not None
        for name, value in headers.multi_items()
        if name == "content-security-policy"
    ] == [True]
    assert headers["x-content-type-options"] == "nosniff"


def test_only_the_pages_own_style_and_script_run(client):
    from base64 import b64encode
    from hashlib import sha256

    response = client.get("/v1/articles/ferry/view")
    policy = response.headers["content-security-policy"]
    for tag in ("style", "script"):
        (code,) = re.findall(f"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize("style", MEDIA_TYPES)
def test_a_citation_is_the_librarys_in_its_media_type(client, library, style):
    response = client.get("/v1/articles/ferry/citation", params={"start": 47, "end": 72, "format": style})
    assert response.status_code == 200
    assert response.headers["content-type"].replace(" ", "") == MEDIA_TYPES[style].replace(" ", "")
    made = format_citation(Citer(library, ()).excerpt("ferry", Span(47, 72), "Nobody on board was hurt."), FERRY, style)
    if style in {"w3c", "csl-json"}:
        assert response.json() == json.loads(json.dumps([made] if style == "csl-json" else made))
    else:
        assert response.content == made.encode()


@pytest.mark.parametrize(("asked", "field"), [
    ({"start": 0, "end": 4}, "format"), ({"start": 0, "format": "ris"}, "end"), ({"end": 4, "format": "ris"}, "start"),
    ({"start": 0, "end": 4, "format": "bibtex"}, "format"),
])  # fmt: skip
def test_a_citation_needs_a_place_and_a_format(client, asked, field):
    response = client.get("/v1/articles/ferry/citation", params=asked)
    assert response.status_code == 422
    assert response.json()["detail"].startswith(f"The field '{field}' cannot be taken: ")


def test_an_article_that_is_not_there_is_told_of_everywhere(client):
    place = {"start": 0, "end": 4, "format": "ris"}
    detail = {"detail": "There is no article 'gone' in the library; `pullquote list` shows those there are."}
    for path in ("", "/view", "/citation"):
        response = client.get(f"/v1/articles/gone{path}", params=place if path else None)
        assert (response.status_code, response.json()) == (404, detail)


def test_of_a_very_long_article_a_part_is_shown_and_a_citation_is_bounded(client, pipeline):
    library = pipeline.library
    with library.writing():
        library.put(article("long", "a\n\n" * 100_000), ())
    for place, first in (({}, 0), ({"start": 0, "end": 300_000}, 0), ({"start": 4, "end": 5, "at": 90_000}, 90_000)):
        page = client.get("/v1/articles/long/view", params=place).text
        assert f"Characters {first:,}–" in page
    assert client.get("/v1/articles/long/view", params={"at": -1}).status_code == 422
    cited = [
        client.get("/v1/articles/long/citation", params={"start": 0, "end": end, "format": "markdown"})
        for end in (100_000, 100_001)
    ]
    assert [one.status_code for one in cited] == [200, 422]
    sentence = "The stretch has 100,001 characters; cite one of at most 100,000 characters."
    assert cited[1].json() == {"detail": sentence}
