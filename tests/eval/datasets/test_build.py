"""A set built from feedback, and a sentence for each judgement that is left out."""

import json
from dataclasses import replace

import pytest

from corpus.article import Article, Span
from corpus.library.feedback import Judgement, keep
from eval.ask import RunPlan, run_set
from eval.datasets.build import Built, NoFeedback, build_set
from eval.datasets.files import AlreadyThere
from eval.datasets.jsonl import BadTarget
from eval.datasets.place import placed
from eval.datasets.read_set import read_set
from eval.metrics.score import score
from eval.temporary_library import articles_only, temporary_library
from index.filters import BadFilter
from index.ingest import add
from rag.assemble import assemble
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder

BELL = Article(
    "bell", "Bell", "A bell was found.\n\nIt was cast in 1703, in Merrin. 1703!", "/shelf/a/news.txt", sha256="1"
)
CRAB = Article("crab", "Crab", "Dead crabs 🦀🦀 washed ashore. Nobody knows why.", "/shelf/b/news.txt", sha256="2")
SALT = Article("salt", "Salt", "Salt caused it.", "https://example.org/salt/", sha256="3")


@pytest.fixture
def library():
    with articles_only([BELL, CRAB, SALT]) as made:
        yield made


def say(library, question, verdict, article=None, words="", *, nth=0):
    """Judges the words where they stand for the nth time, or nothing."""
    if article is None:
        return keep(library, Judgement(question, verdict))
    at = -1
    for _ in range(nth + 1):
        at = article.text.index(words, at + 1)
    return keep(library, Judgement(question, verdict, article.id, at, at + len(words), words))


def change(library, article):
    with library.writing():
        library.remove(article.id)
        library.put(article, ())


def built(library, folder, **options):
    """What was reported, and the records of the set."""
    out = folder / "set.jsonl"
    found = build_set(library, out, **options)
    assert found.written == out
    return found, [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]


def test_right_and_better_words_are_answers_at_their_place(library, tmp_path):
    say(library, "When?", "right", BELL, "1703", nth=1)
    say(library, "What?", "better", CRAB, "🦀🦀 washed")
    say(library, "When?", "right", SALT, "Salt")
    found, records = built(library, tmp_path)
    assert found == Built(2, 0, 0, tmp_path / "set.jsonl", ())
    assert records == [
        {
            "question": "When?",
            "answers": [
                {"text": "1703", "source": "a/news.txt", "context": "1703!", "start": 51, "end": 55},
                {
                    "text": "Salt",
                    "source": "https://example.org/salt/",
                    "context": "Salt caused it.",
                    "start": 0,
                    "end": 4,
                },
            ],
        },
        {
            "question": "What?",
            "answers": [
                {
                    "text": "🦀🦀 washed",
                    "source": "b/news.txt",
                    "context": "Dead crabs 🦀🦀 washed ashore.",
                    "start": 11,
                    "end": 20,
                }
            ],
        },
    ]


def test_nothing_is_a_question_without_answers(library, tmp_path):
    say(library, "Who?", "nothing")
    found, records = built(library, tmp_path)
    assert (found.unanswerable, records) == (1, [{"question": "Who?", "answers": []}])


def test_what_is_wrong_is_carried_beside_the_answers_or_alone(library, tmp_path):
    say(library, "When?", "wrong", BELL, "A bell")
    say(library, "When?", "right", BELL, "1703")
    say(library, "Why?", "wrong", CRAB, "Nobody")
    say(library, "Who?", "wrong", CRAB, "Nobody")
    say(library, "Who?", "nothing")
    found, records = built(library, tmp_path)
    nobody = {"text": "Nobody", "source": "b/news.txt", "context": "Nobody knows why.", "start": 29, "end": 35}
    assert found == Built(1, 1, 1, tmp_path / "set.jsonl", ())
    assert [one["text"] for one in records[0]["answers"]] == ["1703"]
    assert [one["text"] for one in records[0]["wrong"]] == ["A bell"]
    assert records[1:] == [
        {"question": "Why?", "wrong": [nobody]},
        {"question": "Who?", "answers": [], "wrong": [nobody]},
    ]


@pytest.mark.parametrize(("verdicts", "texts", "left_out"), [
    (("right", "nothing"), [], "'When?', right: '1703': it was judged later that nothing answers, and the latest judgement counts"),
    (("better", "nothing"), [], "'When?', better: '1703': it was judged later that nothing answers, and the latest judgement counts"),
    (("nothing", "right"), ["1703"], "'When?', nothing: it was judged later that something answers, and the latest judgement counts"),
    (("right", "nothing", "right"), ["1703"], "'When?', nothing: it was judged later that something answers, and the latest judgement counts"),
])  # fmt: skip
def test_of_judgements_that_contradict_each_other_the_latest_counts(library, tmp_path, verdicts, texts, left_out):
    for verdict in verdicts:
        say(library, "When?", verdict, *(() if verdict == "nothing" else (BELL, "1703")))
    found, records = built(library, tmp_path)
    assert [one["text"] for one in records[0]["answers"]] == texts
    assert found.left_out == (left_out,)


def test_words_that_no_longer_stand_are_left_out_and_told(library, tmp_path):
    say(library, "When?", "right", BELL, "1703")
    say(library, "Why?", "right", CRAB, "Nobody knows why")
    say(library, "Which?", "wrong", SALT, "Salt")
    change(library, replace(BELL, text="New. " + BELL.text))
    change(library, replace(CRAB, text="Dead crabs. A lack of oxygen."))
    with library.writing():
        library.remove("salt")
    found, records = built(library, tmp_path)
    assert [(one["question"], [(a["start"], a["end"]) for a in one["answers"]]) for one in records] == [
        ("When?", [(39, 43)])
    ]
    assert found.left_out == (
        "'Why?', right: 'Nobody knows why': its article has changed, and the sentence around the words no longer stands there",
        "'Which?', wrong: 'Salt': its article is no longer in the library",
    )


def test_a_place_judged_anew_in_a_changed_article_counts_as_judged_last(library, tmp_path):
    say(library, "When?", "right", BELL, "1703")
    changed = replace(BELL, text="New. " + BELL.text)
    change(library, changed)
    say(library, "When?", "wrong", changed, "1703")
    found, records = built(library, tmp_path)
    assert (found.answerable, found.unsettled) == (0, 1)
    assert "answers" not in records[0]
    assert found.left_out == ("'When?', right: '1703': its article has changed, and the words were judged again there",)


def test_only_what_was_judged_since_a_date_is_taken(library, tmp_path):
    say(library, "When?", "right", BELL, "1703")
    say(library, "Who?", "nothing")
    library.connection.execute("UPDATE feedback SET judged = '2025-06-30T23:59:59Z' WHERE verdict = 'right'")
    assert [one["question"] for one in built(library, tmp_path, since="2025-07")[1]] == ["Who?"]
    with pytest.raises(
        NoFeedback, match=r"^The library holds no feedback since 2999 to make a set of; judge answers with"
    ):
        build_set(library, tmp_path / "other.jsonl", "2999")
    with pytest.raises(BadFilter, match="The date 'July' is no day of the calendar"):
        build_set(library, tmp_path / "other.jsonl", "July")
    assert not (tmp_path / "other.jsonl").exists()


def test_what_cannot_be_built_is_told_and_nothing_is_written(library, tmp_path):
    with pytest.raises(
        NoFeedback, match=r"^The library holds no feedback to make a set of; judge answers with `pullquote"
    ):
        build_set(library, tmp_path / "out.jsonl")
    say(library, "Why?", "right", SALT, "Salt")
    with pytest.raises(BadTarget, match=r"not in out\.json; name a file that ends so"):
        build_set(library, tmp_path / "out.json")
    (tmp_path / "mine.jsonl").write_text("mine")
    with pytest.raises(AlreadyThere):
        build_set(library, tmp_path / "mine.jsonl")
    with library.writing():
        library.remove("salt")
    with pytest.raises(NoFeedback, match="all had to be left out: 'Why\\?', right: 'Salt': its article is no longer"):
        build_set(library, tmp_path / "out.jsonl")
    assert (tmp_path / "mine.jsonl").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.jsonl"]


def test_hostile_words_stay_on_their_line_and_long_ones_are_cut_short(library, tmp_path):
    text = 'A\u2028"}\\ {"question": 1}\x1b[31m' + "x" * 200
    evil = Article("evil", "Evil", text, "/shelf/evil.txt", sha256="4")
    with library.writing():
        library.put(evil, ())
    say(library, "\u2028\x1b[31mWho?" + "y" * 200, "right", evil, text)
    say(library, "Who?", "nothing")
    _, records = built(library, tmp_path)
    assert [one["text"] for one in records[0]["answers"]] == [text]
    change(library, replace(evil, text="Gone."))
    sentence = build_set(library, tmp_path / "again.jsonl").left_out[0]
    assert sentence.startswith("'\\u2028\\x1b[31mWho?yyy")
    assert len(sentence) < 300


def test_the_set_finds_its_places_again_in_its_library_and_in_one_made_anew_elsewhere(library, tmp_path):
    say(library, "When?", "right", BELL, "1703", nth=1)
    say(library, "When?", "wrong", BELL, "1703", nth=0)
    say(library, "When?", "better", CRAB, "🦀", nth=1)  # one of two in their sentence
    built(library, tmp_path)
    examples = read_set(tmp_path / "set.jsonl").examples
    moved = [
        replace(one, id=f"new-{one.id}", source=f"C:\\other{one.source}".replace("/", "\\")) for one in (BELL, CRAB)
    ]
    with articles_only(moved) as other:
        for prefix, known in (("", library), ("new-", other)):
            (example,) = placed(examples, known)
            assert [(gold.article, gold.span) for gold in example.golds] == [
                (f"{prefix}bell", Span(51, 55)),
                (f"{prefix}crab", Span(12, 13)),
            ]
            assert [(gold.article, gold.span) for gold in example.wrong] == [(f"{prefix}bell", Span(34, 38))]


def test_a_set_is_run_against_the_library_it_came_from(tmp_path):
    """The sentence reader quotes whole sentences: one is right, one was judged wrong, one answers what nothing does."""
    ferry = "The ferry Osprey sank near Merrin.\n\nThe mayor opened the new library."
    encoder = HashEncoder()
    with temporary_library(
        [Article("ferry", "F", ferry, "/shelf/ferry.txt", sha256="f")], encoder, Settings()
    ) as library:
        article = library.article("ferry")
        say(library, "Where sank the ferry Osprey?", "right", article, "Merrin")
        say(library, "Who opened the new library?", "wrong", article, "The mayor opened the new library.")
        say(library, "Which ferry sank near Merrin?", "nothing")
        built(library, tmp_path)
        pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
        run = run_set(read_set(tmp_path / "set.jsonl"), RunPlan("library"), pipeline, Settings(home=tmp_path))
        found = {name: (one.value, one.n) for name, one in score(run, 0.0).metrics.items()}
        withheld = {name: (one.value, one.n) for name, one in score(run, 1.0).metrics.items()}
        list(add(library, encoder, [replace(article, text=f"Mended. {ferry}", sha256="g")]))
        again = run_set(read_set(tmp_path / "set.jsonl"), RunPlan("library"), pipeline, Settings(home=tmp_path))
    assert (found["contains"], found["right_place"], found["golds_placed"]) == ((1.0, 1), (1.0, 1), (1.0, 1))
    assert (found["noans"], found["answered"], found["em"]) == ((0.0, 1), (1.0, 2), (0.0, 2))
    assert (found["wrong_avoided"], withheld["wrong_avoided"]) == ((0.0, 1), (1.0, 1))
    assert found["quotes_verbatim"] == (1.0, 3)
    assert {name: one.value for name, one in score(again, 0.0).metrics.items()} == {
        name: one[0] for name, one in found.items()
    }
