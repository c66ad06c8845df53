import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article, Span
from corpus.load import load_folder
from eval.ask import RunPlan, run_set, sampled
from eval.datasets.example import EvalSet, Example, Gold
from eval.datasets.read_set import read_set
from eval.evaluate import BadMode, evaluate
from eval.metrics.score import score
from eval.metrics.verbatim import broken_quotes
from eval.run import Run
from eval.temporary_library import articles_only, temporary_library
from index.filters import Filter
from rag.answer import Reading
from rag.assemble import assemble
from rag.conversation.query_rewriting import Earlier
from rag.options import AskOptions
from rag.question import CheckedQuestion
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.eval import example_runs
from tests.fakes import HashEncoder
from tests.rag.decision.test_near_duplicates import WIRE

QUESTIONS = (
    Example(
        "1",
        "Where was the bronze bell found?",
        (Gold("harbour mud", "bell.txt", context="A bronze bell was found in the harbour mud."),),
    ),
    Example("2", "What killed the dead crabs, a lack of oxygen?", (Gold("lack of oxygen", "crab.txt"),)),
    Example("3", "Who won the regatta?", ()),
    Example("4", "   ", (Gold("1912", "merrin.txt"),)),
)
SET = EvalSet("questions", "jsonl", "d", QUESTIONS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, passages=3)


def test_a_set_is_asked_of_a_library(pipeline, settings):
    reports = []
    run = run_set(SET, RunPlan("library"), pipeline, settings, lambda *report: reports.append(report))
    assert [record.trace.hits[0].passage.article_id for record in run.records[:2]] == ["bell", "crab"]
    assert [len(record.trace.hits) for record in run.records] == [3, 3, 3, 0]
    assert [record.broken for record in run.records] == [(), (), (), ()]
    assert (run.header.depth, run.header.encoder, run.header.reader.name) == (3, "hash@000000000000", "sentence")
    assert reports == [("Asking", number, 4) for number in range(4)]
    found = score(run).metrics
    assert (found["success@1"].value, found["golds_placed"].value) == (pytest.approx(2 / 3), 1.0)


def test_a_question_that_may_not_be_asked_is_missed(pipeline, settings):
    run = run_set(replace(SET, examples=QUESTIONS[3:]), RunPlan("library"), pipeline, settings)
    assert score(run).metrics["em"].value == 0.0


def test_the_threshold_of_the_settings_goes_before_the_readers(pipeline, settings):
    own = pipeline.reader.card.threshold
    assert run_set(SET, RunPlan("library"), pipeline, settings).header.threshold == own
    chosen = Settings(home=settings.home, threshold=0.99)
    assert run_set(SET, RunPlan("library"), pipeline, chosen).header.threshold == 0.99


def test_a_run_made_here_comes_back_as_it_was_saved(pipeline, settings, tmp_path):
    run = run_set(SET, RunPlan("library"), pipeline, settings)
    assert Run.load(run.save(tmp_path)) == run


@pytest.mark.parametrize("kind", ["jsonl", "beir"])
def test_a_question_that_follows_is_asked_as_it_is_meant_unless_as_typed(pipeline, settings, kind):
    turns = (Earlier("Where was the bronze bell found?", "in the harbour mud"),)
    follows = Example("1", "When was it cast?", (Gold("1703", "bell.txt"),), relevant={"bell": 1}, earlier=turns)
    asked = replace(SET, kind=kind, examples=(follows, replace(follows, earlier=())))
    meant = run_set(asked, RunPlan("library"), pipeline, settings)
    typed = run_set(asked, RunPlan("library", as_typed=True), pipeline, settings)
    whole = "When was the bronze bell cast?"
    assert [record.trace.question for record in meant.records] == [whole, follows.question]
    assert [record.trace.question for record in typed.records] == [follows.question, follows.question]
    assert [record.example.earlier for record in typed.records] == [turns, ()]
    assert (meant.header.as_typed, typed.header.as_typed) == (False, True)
    assert meant.records[0].trace.hits[0].passage.article_id == "bell"


@pytest.mark.parametrize("kind", ["jsonl", "beir"])
def test_a_question_with_a_filter_is_asked_of_what_passes_it(pipeline, settings, kind):
    asked = replace(QUESTIONS[0], relevant={"bell": 1}, filter=Filter(article=("bus", "crab")))
    run = run_set(
        replace(SET, kind=kind, examples=(asked, replace(asked, filter=None))), RunPlan("library"), pipeline, settings
    )
    filtered, free = ([hit.passage.article_id for hit in record.trace.hits] for record in run.records)
    assert set(filtered) == {"bus", "crab"}
    assert free[0] == "bell"


def test_places_of_a_squad_set_say_nothing_about_another_library(pipeline, settings):
    squad = EvalSet(
        "s",
        "squad",
        "d",
        (Example("1", "When did the ferry sink?", (example_runs.gold("1912"),), "a", example_runs.PARAGRAPHS[1]),),
        (example_runs.ARTICLE,),
    )
    run = run_set(squad, RunPlan("library"), pipeline, settings)
    assert run.records[0].example.golds == (Gold("1912"),)


def test_given_reads_the_gold_paragraph_alone(settings):
    squad = EvalSet(
        "s",
        "squad",
        "d",
        (Example("1", "When did the ferry sink?", (example_runs.gold("1912"),), "a", example_runs.PARAGRAPHS[1]),),
        (example_runs.ARTICLE,),
    )
    encoder = HashEncoder()
    with articles_only(squad.articles) as library:
        run = run_set(
            squad, RunPlan("given"), assemble(library, encoder, SentenceReader(encoder), Settings()), settings
        )
    (hit,) = run.records[0].trace.hits
    assert (hit.passage.span, hit.passage.text) == (Span(27, 50), "The ferry sank in 1912.")
    assert [reading.text for reading in run.records[0].trace.readings] == ["The ferry sank in 1912."]
    found = score(run, 0.0).metrics
    assert (found["contains"].value, found["right_place"].value, found["quotes_verbatim"].value) == (1.0, 1.0, 1.0)


@pytest.fixture
def squad(articles):
    """A question that its article answers, one that no article answers, and one that may not be asked."""
    ferry, start = example_runs.ARTICLE, example_runs.PARAGRAPHS[1]
    bell = next(article for article in articles if article.id == "bell")
    examples = (
        Example("1", "When did the ferry sink?", (example_runs.gold("1912"),), ferry.id, start),
        Example("2", "Who cast the bronze bell?", (), bell.id, Span(0, 43)),
        Example("3", " ", (example_runs.gold("1912"),), ferry.id, start),
    )
    return EvalSet("s", "squad", "d", examples, tuple(articles))


def test_without_reads_the_best_passages_of_other_articles(pipeline, settings, squad):
    run = run_set(squad, RunPlan("without"), pipeline, settings)
    assert (run.header.mode, run.header.depth) == ("without", 3)
    for record in run.records[:2]:
        everything = pipeline.trace(CheckedQuestion(record.example.question, AskOptions(5))).hits
        assert everything[0].passage.article_id == record.example.article  # what --open would read first
        others = [hit.passage.id for hit in everything if hit.passage.article_id != record.example.article]
        assert [hit.passage.id for hit in record.trace.hits] == others[:3]
        read = [reading.passage.id for reading in record.trace.readings]
        assert sorted(read) == sorted(others[:3])
    assert (run.records[2].trace.hits, run.records[2].trace.readings) == ((), ())
    assert [record.broken for record in run.records] == [(), (), ()]


def test_without_its_article_no_question_has_a_gold_and_every_answer_is_wrong(pipeline, settings, squad):
    run = run_set(squad, RunPlan("without"), pipeline, settings)
    assert [record.example.golds for record in run.records] == [(), (), ()]
    assert [record.example.article for record in run.records] == ["a", "bell", "a"]
    silent, bold = score(run, 1.0).metrics, score(run, 0.0).metrics
    assert (silent["em"].value, silent["noans"].value, silent["answered"].value) == (1.0, 1.0, 0.0)
    assert (bold["noans"].value, bold["answered"].value) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert not {"hasans_em", "contains", "right_place", "success@1"} & (silent.keys() | bold.keys())
    retrieved = {record.example.id: {hit.passage.article_id for hit in record.trace.hits} for record in run.records}
    assert "a" not in retrieved["1"]
    assert "a" in retrieved["2"]  # only a question's own article is left out


def test_without_reads_one_of_several_copies_as_the_product_does(articles, settings):
    texts = {"one": WIRE, "two": f"HOLLIN QUAY – {WIRE}", "three": f"{WIRE} Coast Wire"}
    printed = [Article(name, "Ferry", text, f"{name}.txt", sha256=name) for name, text in texts.items()]
    own = Article("own", "Own", "Before dawn the coast guard came.", "own.txt", sha256="own")
    example = Example("1", "Who brought everyone ashore before dawn?", (), "own", Span(0, len(own.text)))
    asked = EvalSet("s", "squad", "d", (example,), (*articles, *printed, own))
    with temporary_library(asked.articles, HashEncoder(), settings) as library:
        pipeline = assemble(library, HashEncoder(), SentenceReader(HashEncoder()), settings)
        (record,) = run_set(asked, RunPlan("without"), pipeline, settings).records
    found = [hit.passage.article_id for hit in record.trace.hits]
    assert len(texts.keys() & set(found[:3])) == 1  # the other two are read after the three passages asked for
    assert texts.keys() <= set(found)
    assert "own" not in found


def test_a_long_article_that_is_left_out_makes_room_for_others(articles, settings):
    encoder = HashEncoder()
    text = "\n\n".join(f"The ferry sank, {number}. " + "They tell of the ferry again. " * 30 for number in range(12))
    long = Article("long", "The ferry", text, "long.txt", sha256="long")
    example = Example("1", "Which ferry do they tell of again?", (), "long", Span(0, 10))
    with temporary_library([long, *articles], encoder, Settings()) as library:
        pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
        asked = EvalSet("s", "squad", "d", (example,), (long, *articles))
        opened = run_set(asked, RunPlan("open"), pipeline, settings).records[0]
        others = run_set(asked, RunPlan("without"), pipeline, settings).records[0]
    assert [hit.passage.article_id for hit in opened.trace.hits] == ["long", "long", "long"]
    assert len(others.trace.hits) == 3
    assert "long" not in {hit.passage.article_id for hit in others.trace.hits}


def test_a_run_without_comes_back_as_it_was_saved(pipeline, settings, squad, tmp_path):
    run = run_set(squad, RunPlan("without"), pipeline, settings)
    path = run.save(tmp_path)
    assert path.name.startswith("s-without-")
    assert Run.load(path) == run


def test_a_beir_set_is_searched_and_not_read(pipeline, settings):
    beir = EvalSet(
        "b",
        "beir",
        "d",
        (Example("1", "dead crabs", relevant={"crab": 1}), Example("2", "blackout", relevant={"bus": 1})),
    )
    run = run_set(beir, RunPlan("open"), pipeline, settings)
    assert run.header.depth == 100
    assert all(record.trace.readings == () for record in run.records)
    assert score(run).metrics["success@1"].value == 0.5


def test_a_quote_that_does_not_stand_where_it_says_is_seen(library, pipeline):
    trace = pipeline.trace(CheckedQuestion("Where was the bronze bell found?", AskOptions(3)))
    calibration = pipeline.reader.card.calibration
    assert broken_quotes(trace, library, calibration) == ()
    first = trace.readings[0]
    passage = first.passage
    moved = replace(passage, span=Span(passage.span.start + 1, passage.span.end + 1))
    wrong = replace(
        trace, hits=(replace(trace.hits[0], passage=moved),), readings=(Reading(moved, first.span, 9.0, 0.0),)
    )
    span = first.article_span
    assert broken_quotes(wrong, library, calibration) == (f"bell:{span.start + 1}-{span.end + 1}",)


def test_a_sample_is_the_same_every_time_and_in_the_order_of_the_set():
    examples = tuple(Example(str(number), "?") for number in range(1000))
    some = [int(example.id) for example in sampled(examples, 100)]
    assert some == sorted(some) == [int(example.id) for example in sampled(examples, 100)]
    assert len(set(some)) == 100
    assert 400 < sum(some) / 100 < 600
    assert sampled(examples, None) == sampled(examples, 5000) == list(examples)
    assert len(sampled(examples, 0)) == 1


@pytest.mark.parametrize("mode", ["given", "without"])
def test_a_set_that_names_no_paragraphs_can_neither_give_them_nor_leave_them_out(tmp_path, settings, mode):
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({"question": "?", "answers": []}))
    with pytest.raises(BadMode) as caught:
        evaluate(path, RunPlan(mode), settings)
    assert str(caught.value) == ("The set own does not say which paragraph answers; ask it with --open or --library.")


def test_a_refused_article_is_told_of(tmp_path):
    reports = []
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "full.txt").write_text("A lighthouse stands on the cliff.")
    with temporary_library(
        load_folder(tmp_path), HashEncoder(), Settings(), progress=lambda *report: reports.append(report)
    ) as library:
        assert library.counts() == (1, 1)
    assert [stage for stage, _, _ in reports if "empty.txt was refused: " in stage]
    assert reports[-1] == ("Indexing", 2, 0)


@pytest.mark.model
def test_the_sample_set_in_open_mode(tmp_path):
    sample = Path(__file__).parents[2] / "eval" / "sets" / "sample.jsonl"
    run, result = evaluate(sample, RunPlan("open", limit=8), Settings(home=tmp_path, threshold=0.0))
    assert (result.set, result.mode, result.n) == ("sample", "open", 8)
    assert result.metrics["quotes_verbatim"].value == 1.0
    assert result.metrics["success@5"].value >= 0.7
    assert run.header.digest == read_set(sample).digest
