"""The verdict on each quotation of a draft."""

import re

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import load_folder
from corpus.sample import SAMPLE
from index.ingest import add
from rag.assemble import assemble, open_encoder
from rag.draft import check as module
from rag.draft.check import CheckOptions, check_draft
from rag.draft.draft_text import LONGEST_DRAFT, BadDraft, draft_of, read_draft
from rag.draft.letters import tokens
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.conftest import article
from tests.rag.draft.articles import ARTICLES, HARBOUR

EXACT = """
“We will keep both cranes running until the last boat is in,” said Ann Berg. "Nobody has asked us to stop, and nobody
will." «The fees have gone up three times in two years» and « I do not believe that the council knows what a litre of
diesel costs. »

„A staircase is the only room that everybody shares“, ‘People brought back books that had been overdue since 1987’ and
‚We have forgiven every fine‘. “People brought back books […] since 1987”, “The fees [at the harbour] have gone up three
times in two years”.

“Our children learned to swim here.

“They learned it from my father, who never charged a penny.”
"""
ALTERED = """
“We will keep three cranes running until the last boat is in,” said Berg. "Nobody has asked us to stop, and nobody ever
will." »The fees have gone up three times in years« and „I do … believe that the council knows what a litre of diesel
costs“. “And nobody will … The fees have gone up three times in two years.”

> A staircase is the only room that nobody shares

‚We have [not] forgiven every fine‘, 'People brought back books that had been overdue since 1978', “We have forgiven,
every fine” and “Our CHILDREN learned to swim here”.
"""
NEAR = """
“Both of the cranes are going to work until every boat has come in”, “Charges have risen three times within two years”,
"I am sure that nobody in the council understands fuel costs", «Books that were overdue since 1987 were returned by people», „Every
fine has been forgiven by us“, ‘Everybody shares only one room, the staircase’, “The kids learned how to swim at this
place”, “It was in a kettle that the blaze started”, “A man named Frey designed it and left the stairs as they were”

> Port Ellis keeps its harbour open all winter, by decision of the council
"""
NOT_FOUND = """
“Vitamin C prevents scurvy on long voyages”, "The minister will resign over the budget next week", «Le fromage est un
repas complet pour un mineur», „Der Zug nach Hamburg fällt heute leider aus“, ‘I never liked the taste of coffee with
milk’, ‚Zebras graze beside the motorway at dawn‘, “Quantum computers … will break every cipher”, “She [the surgeon]
operated for nine hours without a pause”

> The band played three encores and then smashed its guitars

> “Our team deserved the cup after such a season.”
"""


def check(pipeline, text, **options):
    return check_draft(pipeline, draft_of(text), CheckOptions(**options)).quotations


@pytest.fixture
def pipeline(library):
    encoder = HashEncoder()
    list(add(library, encoder, ARTICLES))
    return assemble(library, encoder, SentenceReader(encoder), Settings())


@pytest.fixture
def one(pipeline):
    """The one quotation of a text, checked."""

    def checked(text, **options):
        [found] = check(pipeline, text, **options)
        return found

    return checked


@pytest.mark.model
def test_each_of_forty_quotations_has_its_verdict(library):
    encoder = open_encoder(Settings(), print)
    list(add(library, encoder, ARTICLES))
    pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
    checked = check_draft(pipeline, draft_of(EXACT + ALTERED + NEAR + NOT_FOUND))
    said = [(quotation.verdict, quotation.text) for quotation in checked.quotations]
    expected = ["exact"] * 10 + ["altered"] * 10 + ["near"] * 10 + ["not_found"] * 10
    assert [one for one, right in zip(said, expected, strict=True) if one[0] != right] == []
    assert checked.counts == {"exact": 10, "altered": 10, "near": 10, "not_found": 10, "short": 0}
    assert checked.failures == 30
    for quotation in checked.quotations:
        assert checked.text[quotation.start : quotation.end] == quotation.text
        for place in quotation.places:
            assert library.article(place.article_id).text[place.start : place.end] == place.text


def test_places_are_the_earliest_first_with_the_copies_of_the_story(one):
    found = one("“The fees have gone up”")
    [place] = found.places
    start = HARBOUR.index("The fees")
    assert (found.verdict, found.total, place.article_id, place.start, place.end) == (
        "exact", 2, "harbour", start, start + 21,
    )  # fmt: skip
    [copy] = place.copies
    assert (copy.article_id, copy.start, copy.text) == ("wire", start, "The fees have gone up")


def test_of_many_places_the_earliest_come_first_and_those_without_a_date_last(library):
    words = "Nothing rhymes with orange"
    fill = {name: " ".join(f"{name}{number}" for number in range(40)) for name in "abcd"}
    dates = {"a": None, "b": "2026-05", "c": "2025-01-02", "d": "2026-04-30"}
    encoder = HashEncoder()
    articles = [article(name, f"{words}. {fill[name]}. {words}!", published=dates[name]) for name in "abcd"]
    list(add(library, encoder, articles))
    pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
    [found] = check(pipeline, f"“{words}”", most=100)
    assert [place.article_id for place in found.places] == ["c", "c", "d", "d", "b", "b", "a", "a"]
    assert found.places[0].start < found.places[1].start
    [found] = check(pipeline, f"“{words}”", most=3)
    assert (found.total, [place.article_id for place in found.places]) == (8, ["c", "c", "d"])


@pytest.mark.parametrize(("draft", "alteration"), [
    ("“I do … believe that the council knows”", "negation_left_out"), ("“nobody will … The fees have gone up”", "speakers_joined"),
    ("“The decision does … mean that the night ferry returns”", "negation_left_out"), ("“We have [never] forgiven every fine”", "insert"),
    ("“I would not [ever] a single step”", "insert"), ("“We have forgiven, every fine”", "signs"), ("“We have Forgiven every fine”", "signs"),
    ("“It cost the town 24 million euros”", "words"), ("“We have forgiven every fine!”", "signs"),
    ("“Nobody has asked us to stop, said Berg, and nobody will”", "words"), ("“It cost the town £2.4 million euros”", "words"),
])  # fmt: skip
def test_what_breaks_a_rule_of_citing_is_altered(one, draft, alteration):
    found = one(draft)
    assert (found.verdict, found.alteration) == ("altered", alteration)


@pytest.mark.parametrize(("between", "verdict"), [
    ("“It is rusty,” said Carl Dahl.", "altered"), ("“It is old,” said Ann Berg.", "exact"), ("It rained.", "exact"), ("The “old” pier was shut.", "exact"),
])  # fmt: skip
def test_an_ellipsis_over_words_of_another_speaker_is_altered(library, between, verdict):
    encoder = HashEncoder()
    text = f"“The bridge is safe for cars,” said Ann Berg. {between}\n\n“We will paint it in May,” Berg said."
    list(add(library, encoder, [article("bridge", text)]))
    pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
    [found] = check(pipeline, "“The bridge is safe for cars … We will paint it in May”")
    assert (found.verdict, found.has_ellipsis) == (verdict, True)
    assert found.alteration == ("speakers_joined" if verdict == "altered" else None)


@pytest.mark.parametrize(("draft", "parts"), [
    ("“We will keep both cranes … until the last boat is in”", ["We will keep both cranes", "until the last boat is in"]),
    ("“The fees have gone up three times … I do not believe that the council knows”",
     ["The fees have gone up three times", "I do not believe that the council knows"]),
    ("“… gone up (...) in two years …”", ["gone up", "in two years"]),
    ("“[They] have gone up three times”", []), ("“[t]he fees have gone up”", []), ("“We have forgiven **every** fine.”", []),
    ("“We have forgiven [every fine](http://x.example/a)”", []), ("“keep both cranes\nrunning”", []),
    ("“[He] do[es] not believe that”", ["do", "not believe that"]), ("“people brought [back] books that had been”", ["People brought", "books that had been"]),
    ("“who never charged a penny” [sic]", []), ("“who never [sic] charged a penny”", ["who never", "charged a penny"]),
    ("“of which insurers paid half”", []), ("“what a litre of diesel costs …”", []), ("“[Eva Holm] has run the library”", []),
    ("“Eva Holm, [she] has run the library”", ["Eva Holm", "has run the library"]),
])  # fmt: skip
def test_what_is_cut_by_the_rules_of_citing_is_exact(one, draft, parts):
    found = one(draft)
    assert found.verdict == "exact"
    assert [part.text for part in found.places[0].parts] == parts


def test_the_difference_is_told_word_by_word_with_both_places(one):
    draft = "He said “We will keep three cranes running until the boat is in”."
    found = one(draft)
    [place] = found.places
    start = HARBOUR.index("We will keep")
    assert (place.start, place.end, place.text) == (start, start + 58, HARBOUR[start : start + 58])
    told = [(change.kind, change.text, change.article_text) for change in found.changes]
    assert told == [
        ("kept", "We will keep", "We will keep"), ("removed", "", "both"), ("added", "three", ""),
        ("kept", "cranes running until the", "cranes running until the"), ("removed", "", "last"), ("kept", "boat is in", "boat is in"),
    ]  # fmt: skip
    for change in found.changes:
        assert draft[change.start : change.end] == change.text
        assert HARBOUR[change.article_start : change.article_end] == change.article_text
    assert found.similarity == pytest.approx(0.86, abs=0.05)


def test_short_quotations_are_judged_only_when_asked(pipeline):
    text = "The “staircase” and the “old museum” and “no”."
    assert [one.verdict for one in check(pipeline, text)] == ["short"] * 3
    checked = check_draft(pipeline, draft_of(text), CheckOptions(short=True))
    assert [(one.verdict, one.is_short) for one in checked.quotations] == [
        ("exact", True), ("not_found", True), ("short", True),
    ]  # fmt: skip
    assert check_draft(pipeline, draft_of(text)).failures == 0


def test_nested_quotations_are_judged_each(pipeline):
    found = check(pipeline, "“Eva said ‘We have forgiven every fine’ to all of the guests”")
    assert [(one.depth, one.verdict) for one in found] == [(0, found[0].verdict), (1, "exact")]
    assert found[0].verdict != "exact"


def test_no_more_than_the_most_is_checked(pipeline, monkeypatch):
    with pytest.raises(BadDraft, match="The draft has 1,000,001 characters; check one of at most 1,000,000"):
        draft_of("a" * (LONGEST_DRAFT + 1))
    with pytest.raises(BadDraft, match="is empty"):
        draft_of(" \n")
    monkeypatch.setattr(module, "MOST_QUOTATIONS", 2)
    with pytest.raises(BadDraft, match="The draft has 3 quotations; check at most 2 at once"):
        check(pipeline, "“a b” “c d” “e f”")


def test_block_quotes_of_a_page_are_found(tmp_path, pipeline):
    page = tmp_path / "draft.html"
    page.write_text(
        "<html><body><article><h1>A visit</h1><p>We went to the library in Mill Street, which was closed for a year.</p>"
        "<blockquote><p>A staircase is the only room that everybody shares</p><p>“I would not change a single step”</p>"
        "<cite>Jonas Frey</cite></blockquote><p>He said <q>We have forgiven every fine</q>. So said the architect to "
        "all who came, and “We have forgiven all fines” was said as well on that long day.</p></article></body></html>",
        encoding="utf-8",
    )
    found = check_draft(pipeline, read_draft(page)).quotations
    assert [(one.mark, one.verdict, one.text) for one in found] == [
        (">", "altered", "A staircase is the only room that everybody shares\n\n“I would not change a single step”"),
        ("“", "exact", "I would not change a single step"), (">", "exact", "We have forgiven every fine"),
        ("“", "altered", "We have forgiven all fines"),
    ]  # fmt: skip


def test_the_first_paragraph_of_a_word_document_is_checked_too(tmp_path, pipeline):
    document = Document()
    document.add_paragraph("Eva Holm said: “We have forgiven every fine.”")
    document.add_paragraph(
        "Somebody else spoke of the fire and of the kettle for a long time, but nobody wrote it down that day."
    )
    document.save(str(tmp_path / "draft.docx"))
    draft = read_draft(tmp_path / "draft.docx")
    assert draft.text.startswith("Eva Holm said: “We have forgiven every fine.”\n\nSomebody else")
    [found] = check_draft(pipeline, draft).quotations
    assert (found.verdict, found.speaker.verdict) == ("exact", "same")


@pytest.mark.parametrize(("name", "data", "sentence"), [
    ("a.md", None, "cannot be read"), ("a.jsonl", b"{}", "holds an article a line"), ("a.xyz", b"a", "is of no format"),
    ("a.txt", b"", "is empty"), ("a.docx", b"no archive", "a.docx"), ("a.md", b"\x00\x01\x02\xff" * 50, "a.md"),
])  # fmt: skip
def test_a_file_that_is_no_draft_is_told(tmp_path, name, data, sentence):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BadDraft, match=re.escape(sentence)):
        read_draft(tmp_path / name)


# Random cuts of the sample library's articles, half of them with one word changed, dropped or added.

WORD = re.compile(r"[$€£-]?\w+(?:[’'.,:/‐‑°-]\w+)*[%°]?")
MARKS = re.compile(r"[\"“”„‟«»‹›‘‚‛\[\]<>`…|]|\.\s?\.|\n\s*\n|’(?!\w)|(?<!\w)'")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("sample") / "library.sqlite")
    encoder = HashEncoder()
    articles = [one for one in load_folder(SAMPLE) if isinstance(one, Article)]
    list(add(library, encoder, articles))
    return assemble(library, encoder, SentenceReader(encoder), Settings()), articles


def cut(articles, draw):
    """A cut of 4 to 25 words without quotation marks: its article, its place and its words; None where there is none."""
    number, first, count = draw
    article = articles[number % len(articles)]
    found = list(WORD.finditer(article.text))
    first %= max(1, len(found) - 25)
    start, end = found[first].start(), found[min(first + count, len(found)) - 1].end()
    return None if MARKS.search(article.text[start:end]) else (article, start, article.text[start:end])


def with_a_word_altered(words, how, at):
    found = list(WORD.finditer(words))[1:-1]
    one = found[at % len(found)]
    before, after = words[: one.start()], words[one.end() :]
    return {"changed": f"{before}zebra{after}", "added": f"{before}zebra {one[0]}{after}",
            "dropped": before.rstrip(" ") + after}[how]  # fmt: skip


DRAWN = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(4, 25))
ALTERATIONS = st.tuples(st.sampled_from(["changed", "dropped", "added"]), st.integers(0, 100))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(DRAWN, st.none() | ALTERATIONS), min_size=20, max_size=40))
def test_exact_cuts_are_found_at_their_place_and_altered_ones_are_never_exact(sample, drawn):
    pipeline, articles = sample
    everywhere = [tokens(article.text) for article in articles]
    asked = []
    for draw, alteration in drawn:
        if found := cut(articles, draw):
            article, start, words = found
            said = with_a_word_altered(words, *alteration) if alteration else words
            if not alteration or not any(holds(text, tokens(said)) for text in everywhere):
                asked.append((article, start, words, said, alteration))
    draft = "".join(f"It says “{said}” there.\n\n" for *_, said, _ in asked)
    checked = check_draft(pipeline, draft_of(draft or "nothing"), CheckOptions(most=1000)).quotations
    assert [one.text for one in checked] == [said for *_, said, _ in asked]
    for one, (article, start, words, said, alteration) in zip(checked, asked, strict=True):
        if alteration:
            assert one.verdict in {"altered", "near", "not_found", "short"}, said
        elif one.verdict != "short":
            assert one.verdict == "exact", said
            places = [(place.article_id, place.start, place.text) for place in one.places]
            copies = [(copy.article_id, copy.start, copy.text) for place in one.places for copy in place.copies]
            assert (article.id, start, words) in places + copies


def holds(text, part):
    return any(text[at : at + len(part)] == part for at, token in enumerate(text) if token == part[0])
