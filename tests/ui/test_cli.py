"""The contract of the command line: results, exit status, one sentence for a mistake."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from corpus.sample import SAMPLE
from rag.answer import WHY

pytestmark = pytest.mark.model

STORY = SAMPLE / "merrin-ferry-grounding.md"
QUESTION = "Who skippered the crabber Girl Rhoda?"


def reply_to(pullquote, question, *options):
    ran = pullquote("ask", question, "--json", *options)
    return ran.status, json.loads(ran.out)


@pytest.fixture
def sentences(monkeypatch):
    """Questions are answered with whole sentences, by the sentence reader."""
    monkeypatch.setenv("PULLQUOTE_READER", "sentence")


@pytest.mark.usefixtures("sentences")
def test_a_question_that_the_library_answers(pullquote):
    pullquote("add", str(STORY))
    status, reply = reply_to(pullquote, QUESTION)
    assert (status, reply["abstained"], reply["reason"]) == (0, False, None)
    assert "Davy Kerslake" in reply["answers"][0]["quotes"][0]["text"]
    assert reply["library"]["reader"] == "sentence"


@pytest.mark.parametrize("reader", ["span", "sentence"])
def test_every_quote_stands_where_it_says_in_the_article_and_in_the_source(pullquote, monkeypatch, reader):
    monkeypatch.setenv("PULLQUOTE_READER", reader)
    assert pullquote("add", str(STORY)).status == 0
    status, reply = reply_to(pullquote, QUESTION, "--threshold", "0")
    assert (status, reply["abstained"], reply["reason"], reply["library"]["reader"]) == (0, False, None, reader)
    quotes = [quote for answer in reply["answers"] for quote in answer["quotes"]]
    assert quotes[0]["text"] == reply["answers"][0]["text"]
    for quote in quotes:
        stands_where_it_says(quote, pullquote)


def stands_where_it_says(quote, pullquote):
    article = json.loads(pullquote("show", quote["article_id"], "--json").out)
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    in_file = STORY.read_bytes().decode()[quote["source_start"] : quote["source_end"]]
    assert re.sub(r"\]\([^)]*\)|[*\[]", "", in_file) == quote["text"]  # the file has it in Markdown
    around = quote["context"]
    assert article["text"][around["start"] : around["end"]] == around["text"]
    assert quote["text"] in around["text"]


def test_the_reply_has_the_fields_of_the_contract(pullquote):
    pullquote("add", str(STORY))
    _, reply = reply_to(pullquote, QUESTION, "--threshold", "0")
    assert reply.keys() == {
        "question", "abstained", "reason", "answers", "related", "timing_ms", "library", "read_as", "asked_as", "disputed", "why",
    }  # fmt: skip
    assert reply["library"].keys() == {"generation", "encoder", "reader"}
    quote = reply["answers"][0]["quotes"][0]
    assert quote.keys() == {
        "article_id", "title", "source", "url", "outlet", "authors", "published", "page", "start", "end", "text",
        "context", "source_start", "source_end", "sha256", "fragment_url", "scores", "copies", "citations", "parts",
    }  # fmt: skip
    assert quote["scores"].keys() == {"dense", "lexical", "fused", "span", "null", "margin"}
    assert (quote["published"], quote["outlet"]) == ("2025-03-10", "The Merrin Courier")


def test_slips_of_the_keys_are_repaired_and_the_reader_is_told(pullquote):
    pullquote("add", str(STORY))
    slipped = "who took pasengers off the saint branoc"
    ran = pullquote("ask", slipped, "--threshold", "0")
    assert "Read as: who took passengers off the saint brannoc" in " ".join(ran.out.split())
    _, reply = reply_to(pullquote, slipped, "--threshold", "0")
    assert (reply["question"], reply["read_as"]) == (slipped, "who took passengers off the saint brannoc")
    _, reply = reply_to(pullquote, QUESTION, "--threshold", "0")
    assert reply["read_as"] is None


@pytest.mark.usefixtures("sentences")
def test_the_library_does_not_say(pullquote):
    pullquote("add", str(STORY))
    status, reply = reply_to(pullquote, "Who designed the Eiffel Tower?")
    assert (status, reply["abstained"], reply["reason"], reply["answers"]) == (1, True, "weak_evidence", [])
    assert reply["related"]
    shown = pullquote("ask", "Who designed the Eiffel Tower?")
    assert shown.status == 1
    assert "The library does not say" in shown.out
    assert "not an answer" in shown.out


@pytest.mark.usefixtures("sentences")
def test_small_talk_is_not_answered_from_the_library(pullquote):
    pullquote("add", str(STORY))
    shown = pullquote("ask", "How do I add a PDF?", "--threshold", "0")
    assert shown.status == 1
    assert " ".join(shown.out.split()) == WHY["small_talk"]


def test_an_empty_library_says_that_it_is_empty(pullquote):
    ran = pullquote("ask", QUESTION)
    assert ran.status == 1
    assert "The library is empty." in ran.out


def test_add_reports_what_became_of_every_file(pullquote, tmp_path):
    copy, empty = tmp_path / "copy.md", tmp_path / "empty.txt"
    copy.write_bytes(STORY.read_bytes())
    empty.touch()
    report = json.loads(pullquote("add", str(STORY), "--json").out)
    assert (report["added"], report["skipped"], report["refused"]) == (1, 0, 0)
    again = pullquote("add", str(STORY), str(copy), str(empty), "--json")
    report = json.loads(again.out)
    assert again.status == 2
    assert (report["added"], report["updated"], report["skipped"], report["refused"]) == (0, 0, 2, 1)
    reasons = {Path(entry["source"]).name: entry["reason"] for entry in report["entries"]}
    assert reasons["merrin-ferry-grounding.md"] == "It has not changed since it was added."
    assert reasons["copy.md"] == f"The same bytes are in the library as {STORY}."
    assert reasons["empty.txt"]
    assert json.loads(pullquote("status", "--json").out)["generation"] == 1


@pytest.mark.usefixtures("sentences")
def test_a_changed_file_is_brought_up_to_date_under_its_id(pullquote, tmp_path):
    story = tmp_path / "story.txt"
    story.write_text("The mill closed in 1931 after a fire in the carding room.\n", encoding="utf-8")
    pullquote("add", str(story))
    before = json.loads(pullquote("list", "--json").out)[0]
    story.write_text("The mill closed in 1934 after a flood in the dye house.\n", encoding="utf-8")
    report = json.loads(pullquote("add", str(story), "--json").out)
    assert report["updated"] == 1
    after = json.loads(pullquote("list", "--json").out)[0]
    assert after["id"] == before["id"]
    _, reply = reply_to(pullquote, "When did the mill close?")
    assert "1934" in reply["answers"][0]["text"]
    hits = json.loads(pullquote("search", "carding room fire", "--mode", "lexical", "--json").out or "{}")
    assert hits["hits"] == []


def test_removed_articles_are_gone_and_an_unknown_id_removes_nothing(pullquote):
    pullquote("add", str(STORY))
    known = json.loads(pullquote("list", "--json").out)[0]["id"]
    ran = pullquote("remove", known, "no-such-article")
    assert ran.status == 2
    assert ran.err == (
        "There is no article 'no-such-article' in the library; `pullquote list` shows those there are.\n"
    )
    assert len(json.loads(pullquote("list", "--json").out)) == 1
    assert pullquote("remove", known).status == 0
    assert json.loads(pullquote("list", "--json").out) == []
    assert reply_to(pullquote, QUESTION)[1]["reason"] == "empty_library"


def test_search_finds_passages_in_each_mode(pullquote):
    pullquote("add", str(SAMPLE))
    found = json.loads(pullquote("search", "blackout substation salt", "-k", "3", "--mode", "reranked", "--json").out)
    assert (found["mode"], len(found["hits"])) == ("reranked", 3)
    assert "Salt, not sabotage" in found["hits"][0]["title"]
    for mode in ("fused", "dense", "lexical"):
        found = json.loads(pullquote("search", "blackout substation salt", "-k", "3", "--mode", mode, "--json").out)
        assert found["mode"] == mode
        assert "Salt, not sabotage" in found["hits"][0]["title"]
        scores = [hit["scores"]["fused"] for hit in found["hits"]]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.md", b" \n\n \t\n"),
        ("nothing.pdf", b""),
        ("broken.docx", b"PK\x03\x04 this is no document"),
        ("junk.txt", bytes(range(256)) * 40),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence_and_changes_nothing(pullquote, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    ran = pullquote("add", str(path))
    assert ran.status == 2
    told = [line for line in ran.err.splitlines() if line]
    assert len(told) == 1
    assert name in told[0]
    assert told[0].endswith(".")
    state = json.loads(pullquote("status", "--json").out)
    assert (state["articles"], state["generation"]) == (0, 0)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig", "cp1252"])
def test_other_encodings_are_read(pullquote, tmp_path, encoding):
    path = tmp_path / "café.txt"
    words = "Le café de la Gare a fermé en février après un dégât des eaux, a déclaré sa gérante Zoé Pélissier."
    path.write_bytes(words.encode(encoding))
    assert pullquote("add", str(path)).status == 0
    identity = json.loads(pullquote("list", "--json").out)[0]["id"]
    assert json.loads(pullquote("show", identity, "--json").out)["text"] == words


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", ""), "The question is empty; ask one of at least one character."),
        (("ask", "  \n"), "The question is empty; ask one of at least one character."),
        (("ask", "a" * 100_000), "The question has 100,000 characters; ask one of at most 2,000 characters."),
        (
            ("eval", "run", "set.json", "--open", "--without"),
            "Only one of --given, --open, --without and --library can be asked for; choose one.",
        ),
        (("show", "nobody"), "There is no article 'nobody' in the library; `pullquote list` shows those there are."),
        (("add", "/no/such/file.txt"), "There is no file or folder /no/such/file.txt; check the path."),
    ],
)
def test_a_mistake_is_one_sentence(pullquote, arguments, sentence):
    ran = pullquote(*arguments)
    assert (ran.status, ran.out, ran.err) == (2, "", sentence + "\n")


def test_a_folder_without_articles_is_a_mistake(pullquote, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.xyz").write_text("nothing")
    ran = pullquote("add", str(tmp_path / "folder"))
    assert ran.status == 2
    assert "holds no article; Pullquote reads .docx" in ran.err


def test_a_library_built_with_another_encoder_is_refused(pullquote, home):
    pullquote("add", str(STORY))
    with sqlite3.connect(home / "library.sqlite") as connection:
        connection.execute("UPDATE state SET value = replace(value, 'all-MiniLM-L6-v2@', 'other-encoder@')")
    connection.close()
    for arguments in (("ask", QUESTION), ("add", str(SAMPLE)), ("search", "ferry")):
        ran = pullquote(*arguments)
        assert ran.status == 2
        assert "was built with the encoder other-encoder@" in ran.err
        assert "set PULLQUOTE_ENCODER=other-encoder" in ran.err
        assert len(ran.err.splitlines()) == 1
    assert json.loads(pullquote("status", "--json").out)["generation"] == 1


def test_a_file_that_is_no_library_is_refused(pullquote, home):
    home.mkdir()
    (home / "library.sqlite").write_text("my shopping list, which is not a database at all")
    ran = pullquote("list")
    assert ran.status == 2
    assert "is not a library this version can open" in ran.err


def test_a_bad_setting_is_named(pullquote, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_PASSAGES", "many")
    ran = pullquote("ask", QUESTION)
    assert ran.status == 2
    assert "mend PULLQUOTE_PASSAGES or settings.toml" in ran.err


def test_listening_beyond_this_machine_needs_a_token(pullquote):
    ran = pullquote("serve", "--host", "0.0.0.0")
    assert ran.status == 2
    assert "set PULLQUOTE_TOKEN" in ran.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", "who", "is", "it"), "Got unexpected extra argument"),
        (("search", "ferry", "--mode", "both"), "'both' is not one of"),
        (
            ("feedback", "Who?", "good"),
            "Invalid value for 'VERDICT': 'good' is not one of 'right', 'wrong', 'better', 'nothing';",
        ),
        (("frobnicate",), "No such command 'frobnicate'"),
        (("ask", "who?", "--threshold", "1.5"), "Input should be less than or equal to 1"),
        (("ask", "who?", "--threshold", "-0.5"), "Input should be greater than or equal to 0"),
        (("ask", "who?", "--threshold", "nan"), "Input should be less than or equal to 1"),
    ],
)
def test_a_command_that_is_typed_wrong_is_one_sentence(pullquote, arguments, sentence):
    ran = pullquote(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.endswith("; `pullquote --help` shows what can be asked for.\n")
    assert len(ran.err.splitlines()) == 1


def test_an_encoder_that_is_not_here_is_refused_without_looking_elsewhere(pullquote, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_ENCODER", "somebody/some-encoder")
    ran = pullquote("ask", QUESTION)
    assert ran.status == 2
    assert ran.err.splitlines()[-1] == (
        "The encoder 'somebody/some-encoder' could not be loaded (it is not on this machine, and nothing is downloaded); "
        "set PULLQUOTE_ENCODER to 'all-MiniLM-L6-v2', to the folder of a sentence-transformers model, or to the name of "
        "one that was downloaded before."
    )


@pytest.mark.parametrize("reader", ["spam", "no/such/folder"])
def test_a_reader_that_is_not_here_is_refused(pullquote, monkeypatch, reader):
    monkeypatch.setenv("PULLQUOTE_READER", reader)
    ran = pullquote("ask", QUESTION)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"There is no reader {reader!r}; set PULLQUOTE_READER to 'fast', 'sentence', or a folder that "
        "`python -m rag.training export` wrote.\n"
    )


@pytest.mark.usefixtures("sentences")
def test_a_set_is_asked_without_the_articles_that_answer(pullquote, tmp_path):
    told = {
        "The tide mill": "The tide mill at Orrin stopped grinding flour in 1931.",
        "The rope walk": "The rope walk at Orrin was three hundred metres long.",
    }
    asked = {"The tide mill": "When did the tide mill stop?", "The rope walk": "How long was the rope walk?"}
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {"id": title, "question": asked[title], "answers": [{"text": text[:12], "answer_start": 0}]}
                    ],
                }
            ],
        }
        for title, text in told.items()
    ]
    path = tmp_path / "orrin.json"
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    ran = pullquote("eval", "run", str(path), "--without", "--json")
    assert ran.status == 0
    assert "orrin-without-" in ran.err
    result = json.loads(ran.out)
    assert (result["set"], result["mode"], result["n"]) == ("orrin", "without", 2)
    assert result["metrics"]["noans"]["n"] == 2
    assert "hasans_em" not in result["metrics"]


def test_ctrl_c_says_what_is_kept(pullquote, monkeypatch):
    def interrupted(path):  # as if the key were pressed while a file is read
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.commands.library.load", interrupted)
    ran = pullquote("add", str(STORY))
    assert (ran.status, ran.out) == (130, "")
    assert ran.err == "Stopped; what was written is kept, and the same command goes on from there.\n"


SHORT = {
    "one.md": "---\ndate: 2025-03-10\nauthor: Ingrid Sørbø\npublisher: L'Écho du Cap\nlang: en\n---\n"
    "# The mill\n\nThe tide mill at Orrin stopped grinding flour in 1931, after a fire in the carding room.\n",
    "two.md": "---\ndate: 2025-04-02\nauthor: Ann Lee\npublisher: The Merrin Bell\nlang: en\n---\n"
    "# The mill again\n\nThe tide mill at Orrin stopped grinding flour in 1931, before the flood in the dye house.\n",
    "three.md": "# No date\n\nThe tide mill at Orrin stopped grinding flour in 1931, as nobody denies to this day.\n",
}


@pytest.fixture
def mills(pullquote, tmp_path):
    """The ids of three articles about one mill, one of which has no date, outlet or author."""
    for name, text in SHORT.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert pullquote("add", *(str(tmp_path / name) for name in SHORT)).status == 0
    listed = json.loads(pullquote("list", "--json").out)
    return {Path(one["source"]).stem: one["id"] for one in listed}


@pytest.mark.model
def test_a_quote_comes_as_a_citation_where_one_is_asked_for(pullquote, mills):
    asked = ("ask", "When did the tide mill stop?", "--threshold", "0", "--passages", "1")
    [answer, *_] = json.loads(pullquote(*asked, "--cite", "ris", "--json").out)["answers"]
    [quote] = answer["quotes"]
    assert quote["citations"].keys() == {"ris"}
    assert quote["citations"]["ris"].startswith("TY  - ")
    told = pullquote(*asked, "--cite", "ris").out
    assert quote["citations"]["ris"].replace("\r\n", "\n") in told
    assert "\nER  - \n" in told
    assert "TY  - " not in pullquote(*asked).out
    refused = pullquote(*asked, "--cite", "bibtex")
    assert (refused.status, refused.out) == (2, "")
    assert "'bibtex' is not one of 'markdown', 'w3c', 'csl-json', 'ris'" in refused.err


def test_search_and_ask_look_only_at_what_passes_the_filter(pullquote, mills):
    def found(*options):
        hits = json.loads(pullquote("search", "tide mill", "--json", *options).out)["hits"]
        return {name for name, identity in mills.items() if identity in {hit["article_id"] for hit in hits}}

    assert found() == {"one", "two", "three"}
    assert found("--since", "2025-03", "--until", "2025-03-31") == {"one"}
    assert found("--since", "2025") == {"one", "two"}
    assert found("--outlet", "l'echo du cap", "--outlet", "THE MERRIN BELL") == {"one", "two"}
    assert found("--author", "ingrid sorbo") == {"one"}
    assert found("--language", "fr") == set()
    assert found("--article", mills["three"], "--article", mills["two"], "--mode", "lexical") == {"three", "two"}
    _, reply = reply_to(pullquote, "When did the mill stop?", "--threshold", "0", "--until", "2025-03")
    quotes = [quote for answer in reply["answers"] for quote in answer["quotes"]]
    assert {quote["article_id"] for quote in quotes} == {mills["one"]}


def test_a_filter_that_nothing_passes_is_told_of(pullquote, mills):
    status, reply = reply_to(pullquote, "When did the mill stop?", "--since", "2026")
    assert (status, reply["abstained"], reply["reason"]) == (1, True, "nothing_passes")
    shown = pullquote("ask", "When did the mill stop?", "--since", "2026")
    assert (shown.status, shown.out) == (1, "The library does not say: no article in it passes the filter.\n")
    none = pullquote("search", "mill", "--since", "2026")
    assert (none.status, none.err) == (1, "No passage that passes the filter is in the library.\n")
    none = pullquote("search", "zeppelin", "--mode", "lexical", "--since", "2025")
    assert none.err == "No passage that passes the filter holds a word of the query.\n"
    assert pullquote("search", "zeppelin", "--mode", "lexical").err == "No passage holds a word of the query.\n"


def test_what_is_about_equally_good_comes_newest_first_if_asked(pullquote, tmp_path):
    for year in (2024, 2026, 2025):
        front = f"---\ntitle: The mill\ndate: {year}-01-01\nsource: {year}\n---\n"
        (tmp_path / f"{year}.md").write_text(front + "The tide mill at Orrin stopped in 1931.", encoding="utf-8")
    pullquote("add", str(tmp_path))
    hits = json.loads(pullquote("search", "tide mill", "--newest-first", "--json").out)["hits"]
    assert [hit["published"] for hit in hits] == ["2026-01-01", "2025-01-01", "2024-01-01"]
    _, reply = reply_to(
        pullquote, "When did the tide mill stop?", "--threshold", "0", "--newest-first", "--passages", "1"
    )
    assert reply["answers"][0]["quotes"][0]["published"] == "2026-01-01"


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(("options", "sentence"), [
    (("--since", "2025-02-29"), "The date '2025-02-29' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    (("--until", "last week"), "The date 'last week' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    (("--language", "english"), "The language 'english' is no ISO 639-1 code; write two letters such as en or fr."),
    (("--outlet", " "), "The name ' ' is empty; name an outlet or an author, or leave it out."),
    (("--article", "gone"), "There is no article 'gone' in the library; `pullquote list` shows those there are."),
])  # fmt: skip
def test_a_filter_that_cannot_be_taken_is_one_sentence(pullquote, command, options, sentence):
    ran = pullquote(command, "Which mill?", *options)
    assert (ran.status, ran.out, ran.err) == (2, "", sentence + "\n")
