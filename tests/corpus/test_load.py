import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from corpus.article import Article
from corpus.formats.encoding import decode
from corpus.load import Refusal, load, load_page
from corpus.sandbox.reading import slug

DATA = Path(__file__).parent / "data"
WORDS = (
    "The harbour at Lindholm was closed on Tuesday after a barge struck the eastern pier.",
    "Nobody was hurt, the wärden’s office said & the 👩‍👩‍👧 crew swam ashore.",
    "The pumps were started at dawn.",
    "The pumps were started at dawn.",
    "A last paragraph, with ten\xa0words in it, ends the story.",
)


def plain() -> str:
    return (
        "A Barge Sinks\r\n\r\nBy Ann Berg\r\n\r\n12 March 2024\r\n\r\n"
        + "\r\n\r\n".join(WORDS)
        + "\r\n\r\nNo comments:\r\n"
    )


def markdown() -> str:
    body = (
        "\n\n".join(WORDS)
        .replace("Nobody", "**Nobody**")
        .replace("pier", "[pier](http://x.example)")
        .replace(" & ", " &amp; ")
    )
    return f"---\nauthor: Ann Berg\ndate: 2024-03-12\n---\n# A *Barge* Sinks\n\n{body}\n"


def page() -> str:
    body = "".join(f"<p>{text}</p>\n" for text in WORDS).replace("&", "&amp;").replace("Nobody", "<b>No</b>body")
    body = body.replace("\xa0", "&nbsp;").replace("ä", "&auml;").replace("the eastern", "the\n   eastern")
    head = '<title>A Barge Sinks</title><meta name="author" content="Ann Berg"><meta name="date" content="2024-03-12">'
    return f"<html><head>{head}</head><body><nav><p>{WORDS[0]}</p></nav><article><h1>A Barge Sinks</h1>{body}</article></body></html>"


def line() -> str:
    record = {
        "author": "Ann Berg",
        "date": "2024-03-12",
        "text": "\n\n".join(WORDS),
        "title": "A Barge Sinks",
        "_id": "b1",
    }
    return '{"text": "another", "_id": "a"}\n' + json.dumps(record) + "\n"


def document() -> bytes:
    made = docx.Document()
    made.add_heading("A Barge Sinks", 0)
    for text in ("By Ann Berg", "12 March 2024", *WORDS):
        made.add_paragraph(text)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


FILES = {
    "story.txt": plain().encode("utf-8-sig"),
    "story.text": plain().encode("utf-16"),
    "story.md": markdown().encode(),
    "story.html": page().encode(),
    "story.jsonl": line().encode(),
    "story.jsonl.gz": gzip.compress(line().encode()),
    "story.docx": document(),
}


def article_of(tmp_path: Path, name: str) -> Article:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    *_, article = load(path)
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_article(tmp_path, name):
    article = article_of(tmp_path, name)
    assert article.text == "\n\n".join(WORDS)
    assert (article.title, article.authors, article.published) == ("A Barge Sinks", ("Ann Berg",), "2024-03-12")
    assert article.language == "en"


def _folded(text: str) -> str:
    for escape, char in (
        ("&amp;", "&"),
        ("&nbsp;", " "),
        ("&auml;", "ä"),
        ("<b>", ""),
        ("</b>", ""),
        ("](http://x.example)", ""),
    ):
        text = text.replace(escape, char)
    text = re.sub(r"</?(?:b|p)>", "", text)
    if "\\" in text:
        text = json.loads(f'"{text}"')
    return "".join(text.replace("*", "").replace("[", "").split())


@pytest.mark.parametrize("name", [name for name in FILES if name != "story.docx"])
def test_every_span_cuts_its_words_out_of_the_source(tmp_path, name):
    article = article_of(tmp_path, name)
    data = gzip.decompress(FILES[name]) if name.endswith(".gz") else FILES[name]
    source = decode(data).text
    assert article.origin.is_text
    at = [index for index, char in enumerate(article.text) if not char.isspace() and char != "\u200d"]
    for start in at[::3]:
        for end in (index + 1 for index in at if start <= index < start + 60):
            found = article.origin.source_range(start, end)
            assert _folded(source[slice(*found)]) == "".join(article.text[start:end].split())


def test_repeated_paragraphs_keep_their_own_places(tmp_path):
    for name in ("story.txt", "story.md", "story.html", "story.jsonl"):
        article = article_of(tmp_path, name)
        first = article.text.index("The pumps")
        second = article.text.index("The pumps", first + 1)
        assert article.origin.source_range(first, first + 9)[1] < article.origin.source_range(second, second + 9)[0]


def test_a_docx_has_no_source_to_point_into(tmp_path):
    assert not article_of(tmp_path, "story.docx").origin.is_text


def test_a_pdf_knows_its_pages():
    [article] = load(DATA / "harbour.pdf")
    assert (article.title, article.authors, article.published) == (
        "The Harbour Report",
        ("Mina Ostrova",),
        "2024-03-12",
    )
    start = article.text.index("Gravel on the bed")
    assert article.origin.page(start, start + 6) == 2
    assert not article.origin.is_text


def test_source_and_digest(tmp_path):
    article = article_of(tmp_path, "story.txt")
    assert article.source == str((tmp_path / "story.txt").resolve())
    assert article.sha256 == hashlib.sha256(FILES["story.txt"]).hexdigest()
    article = article_of(tmp_path, "story.jsonl")
    assert article.source == f"{(tmp_path / 'story.jsonl').resolve()}#b1"
    assert article.sha256 == hashlib.sha256(line().splitlines()[1].encode()).hexdigest()


def test_an_id_outlives_the_content(tmp_path):
    path = tmp_path / "Zürich — a story.txt"
    path.write_text("One text, then.")
    [before] = load(path)
    path.write_text("Another text, now.")
    [after] = load(path)
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    assert before.id == after.id == f"zurich-a-story-{digest}"


def test_equal_names_in_two_folders_have_two_ids(tmp_path):
    ids = set()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("Words.")
        ids.update(article.id for article in load(tmp_path / folder / "x.txt"))
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A  Story!", "a-story"), ("日本", "article"), ("", "article"), ("x" * 99, "x" * 40), ("a" * 39 + " b", "a" * 39)],
)
def test_slug(name, expected):
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One sentence. And another.", "One sentence."),
        ("word " * 50, "word " * 19 + "word…"),
        ("x" * 300, "x" * 100 + "…"),
        ("Title line\n\nThen the text.", "Title line"),
    ],
)
def test_there_is_always_a_title(tmp_path, text, title):
    path = tmp_path / "a.txt"
    path.write_text(text)
    [article] = load(path)
    assert article.title == title


def test_bad_lines_are_named_and_the_others_load(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"_id": "x", "text": "One."}\nnonsense\n{"_id": "x", "text": "Two."}\n{"_id": "y", "text": "\\u200b"}\n[]\n{"text": "End."}\n'
    )
    source = str(path.resolve())
    one, nonsense, twice, void, array, end = load(path)
    assert (one.text, one.source, end.text, end.source) == ("One.", f"{source}#x", "End.", f"{source}#line-6")
    assert nonsense == Refusal(f"{source}#line-2", "a.jsonl: line 2 is not JSON; write one object a line.")
    assert twice == Refusal(f"{source}#x", "a.jsonl: more than one line has the id 'x'; give each its own.")
    assert void == Refusal(f"{source}#y", "a.jsonl, y has no text; put the article in it.")
    assert array == Refusal(f"{source}#line-5", "a.jsonl: line 5 is not a JSON object; write one object a line.")


def test_a_fetched_page_is_an_article_of_its_address():
    url = "https://planet.example/news/barge-sinks.html?x=1"
    [article] = load_page(page().encode("cp1252", "xmlcharrefreplace"), url, "iso-8859-1")
    digest = hashlib.sha256(url.encode()).hexdigest()[:12]
    assert (article.id, article.source, article.url) == (f"barge-sinks-{digest}", url, url)
    assert article.text == "\n\n".join(WORDS)


def test_a_fetched_pdf_is_read_as_one():
    [article] = load_page((DATA / "harbour.pdf").read_bytes(), "https://planet.example/r.pdf")
    assert article.title == "The Harbour Report"


def test_a_fetched_page_without_an_article_is_refused():
    [refused] = load_page(b"", "https://planet.example/")
    assert refused == Refusal(
        "https://planet.example/",
        "https://planet.example/: the page shows no text; save the article itself as text or HTML.",
    )


def test_importing_the_loader_loads_no_heavy_library():
    heavy = [
        "trafilatura",
        "lxml",
        "pypdfium2",
        "docx",
        "dateparser",
        "yaml",
        "httpx",
        "numpy",
        "py3langid",
        "charset_normalizer",
    ]
    code = f"import sys, corpus.load; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
