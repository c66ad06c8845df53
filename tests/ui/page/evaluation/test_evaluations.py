"""Sets run in the background, the runs that are kept, and what is shown of them: pure parts, and a server's loop."""

import asyncio
import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from corpus.library.feedback import Judgement, keep
from eval.ask import RunPlan, run_set, sampled
from eval.metrics.report import report
from eval.metrics.score import score
from eval.metrics.sweep import judged_questions
from eval.run import BadRun, Mode, Run
from index.manifest import record, recorded
from rag.api.state import State
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.eval import example_runs
from tests.ui.conftest import FERRY_QUESTION, HOSTILE_QUESTION, UNKNOWN_QUESTION
from tests.ui.report.test_report import ELEMENTS, HOSTILE, hostile_run, text_of
from ui.page.evaluation.evaluation_view import answers_json, listing_html, report_html, tab_html
from ui.page.evaluation.evaluations import FEEDBACK, AlreadyMeasuring, BadChoice, Evaluations, RunRequest
from ui.page.evaluation.stored_runs import StoredRuns

_ALL = RunRequest(FEEDBACK, "library", None)
_CARD = example_runs.HEADER.reader


@pytest.fixture
def state(pipeline: Pipeline, settings: Settings) -> Iterator[State]:
    """A server's parts over the small library, in which six questions were judged."""
    start = pipeline.library.article("ferry").text.index("Mara Lindqvist")
    keep(pipeline.library, Judgement(FERRY_QUESTION, "right", "ferry", start, start + 14, "Mara Lindqvist"))
    for question in (UNKNOWN_QUESTION, HOSTILE_QUESTION, HOSTILE.replace("\ud800\x00", ""), "Who else?", "And who?"):
        keep(pipeline.library, Judgement(question, "nothing"))
    shared = State.of(pipeline, settings)
    yield shared
    shared.close()


async def measured(evaluations: Evaluations, choice: RunRequest) -> None:
    evaluations.begin(choice)
    await ended(evaluations)


async def ended(evaluations: Evaluations) -> None:
    assert evaluations._task
    await evaluations._task


def page_of(written: str) -> Any:
    return html.fragment_fromstring(f"<div>{written}</div>")


@pytest.mark.parametrize(
    ("sent", "choice"),
    [
        ({"set": "sample", "mode": "open", "limit": "50"}, RunRequest("sample", "open", 50)),
        ({"set": "sample", "mode": "library", "limit": "all"}, RunRequest("sample", "library", None)),
        ({"set": "feedback", "mode": "library", "limit": "100"}, RunRequest("feedback", "library", 100)),
    ],
)
def test_a_choice_is_what_the_page_offers(sent: dict[str, str], choice: RunRequest) -> None:
    assert RunRequest.sent(sent) == choice


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"set": "../sample", "mode": "open", "limit": "50"}, {"set": "sample", "mode": "given", "limit": "50"},
        {"set": "sample", "mode": "open", "limit": "51"}, {"set": ["sample"], "mode": "open", "limit": "all"},
    ],
)  # fmt: skip
def test_any_other_choice_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(BadChoice, match="choose one that the page offers"):
        RunRequest.sent(sent)


def test_the_sets_are_those_that_ship_and_what_people_judged(state: State) -> None:
    offers = {offer.name: offer for offer in asyncio.run(Evaluations(state).offers())}
    sample, judged = offers["sample"], list(offers.values())[-1]
    assert (sample.name, sample.questions, sample.modes, sample.problem) == ("sample", 229, ("open", "library"), "")
    assert (judged.name, judged.label, judged.questions) == ("feedback", "What people judged", 6)
    assert judged.modes == ("library",)


def test_feedback_that_is_not_there_is_told_in_a_sentence(pipeline: Pipeline, settings: Settings) -> None:
    state = State.of(pipeline, settings)
    evaluations = Evaluations(state)
    judged = asyncio.run(evaluations.offers())[-1]
    assert judged.questions == 0
    assert judged.problem.startswith("The library holds no feedback to make a set of; judge answers")
    asyncio.run(measured(evaluations, _ALL))
    assert (evaluations.ended.run, evaluations.ended.note) == ("", judged.problem)
    state.close()


def test_a_broken_set_is_told_without_where_it_lies(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "sample.jsonl").write_text('{"question": ', encoding="utf-8")
    monkeypatch.setattr("eval.datasets.read_set._SHIPPED", tmp_path / "sets")
    evaluations = Evaluations(state)
    asyncio.run(measured(evaluations, RunRequest("sample", "library", None)))
    assert evaluations.ended.note.startswith("The set cannot be read (line 1 is not JSON")
    assert str(tmp_path) not in evaluations.ended.note


def test_a_library_built_with_another_encoder_is_told_in_a_sentence(state: State) -> None:
    other = replace(recorded(state.pipeline.library), encoder="another@1")  # type: ignore[type-var]
    with state.pipeline.library.writing():
        record(state.pipeline.library, other)
    evaluations = Evaluations(state)
    asyncio.run(measured(evaluations, _ALL))
    assert evaluations.ended.run == ""
    assert evaluations.ended.note.startswith("The library was built with the encoder another@1")


def test_a_run_in_small_turns_is_the_run_made_at_once(state: State) -> None:
    evaluations = Evaluations(state)
    asyncio.run(measured(evaluations, _ALL))
    kept = Run.load(evaluations.folder / evaluations.ended.run)
    eval_set = evaluations._set(FEEDBACK)
    at_once = run_set(eval_set, RunPlan("library"), state.pipeline, state.settings)

    def timeless(run: Run) -> list[Any]:
        return [replace(record, trace=replace(record.trace, seconds={})) for record in run.records]

    assert timeless(kept) == timeless(at_once)
    unlike = {"started", "seconds"}
    header, other = (json.loads(json.dumps(_fields(run))) for run in (kept, at_once))
    assert {name: value for name, value in header.items() if name not in unlike} == {
        name: value for name, value in other.items() if name not in unlike
    }
    assert score(kept).metrics == score(at_once).metrics


def test_a_set_is_asked_of_its_own_articles(state: State) -> None:
    evaluations = Evaluations(state)
    asyncio.run(measured(evaluations, RunRequest("sample", "open", 9)))
    assert evaluations.ended.note == ""
    kept = Run.load(evaluations.folder / evaluations.ended.run)
    assert (kept.header.mode, kept.header.questions, kept.header.limit) == ("open", 229, 9)
    assert [one.example.id for one in kept.records] == [
        one.id for one in sampled(evaluations._set("sample").examples, 9)
    ]
    assert score(kept).metrics["golds_placed"].value == 1.0
    assert score(kept).metrics["quotes_verbatim"].value == 1.0


def _fields(run: Run) -> dict[str, Any]:
    return {name: str(getattr(run.header, name)) for name in run.header.__slots__}


def test_one_run_at_a_time_and_it_can_be_cancelled(state: State) -> None:
    evaluations = Evaluations(state)

    async def twice() -> None:
        evaluations.begin(_ALL)
        with pytest.raises(AlreadyMeasuring, match=r"^A run of feedback is under way already \(.+\); wait for it, or"):
            evaluations.begin(_ALL)
        evaluations.cancel()
        await ended(evaluations)

    asyncio.run(twice())
    assert evaluations.ended.note == "Cancelled; nothing of this run is kept."
    assert not evaluations.folder.exists()
    asyncio.run(measured(evaluations, _ALL))
    assert evaluations.ended.number == 2
    assert (evaluations.folder / evaluations.ended.run).is_file()


def test_others_are_answered_meanwhile(state: State) -> None:
    evaluations = Evaluations(state)

    async def beside() -> bool:
        evaluations.begin(_ALL)
        await state.inference.run(lambda: state.pipeline.ask(FERRY_QUESTION, AskOptions(10)))
        is_going_on = evaluations.underway is not None
        await ended(evaluations)
        return is_going_on

    assert asyncio.run(beside())


def test_kept_runs_are_listed_the_latest_first(tmp_path: Path) -> None:
    first = example_runs.mixed_run().save(tmp_path)
    second = example_runs.run(started="2026-04-02T12:00:00").save(tmp_path)
    (tmp_path / "broken.jsonl.gz").write_bytes(b"no run")
    with gzip.open(tmp_path / "other.jsonl.gz", "wt") as file:
        file.write('{"question": "no header"}\n')
    for number, path in enumerate((first, second)):
        _age(path, number)
    runs = StoredRuns(tmp_path)
    latest, earlier = runs.listed()
    assert (latest.file, latest.n, latest.figures) == (second.name, 0, {})
    assert (earlier.file, earlier.set, earlier.mode, earlier.n) == (first.name, "made", "open", 6)
    assert {name: one.value for name, one in earlier.figures.items()} == {
        name: one.value
        for name, one in score(example_runs.mixed_run()).metrics.items()
        if name in {"answered", "contains", "noans", "success@1"}
    }


def _age(path: Path, second: int) -> None:
    os.utime(path, (second, second))


@pytest.mark.parametrize("name", ["", "../runs/x.jsonl.gz", "/etc/passwd", "gone.jsonl.gz"])
def test_only_runs_of_the_folder_are_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "runs").mkdir()
    example_runs.mixed_run().save(tmp_path)
    with pytest.raises(BadRun, match="That run is no longer kept"):
        StoredRuns(tmp_path / "runs").load(name)


def test_a_broken_run_is_told_without_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "broken.jsonl.gz").write_bytes(b"no run")
    with pytest.raises(BadRun) as told:
        StoredRuns(tmp_path).load("broken.jsonl.gz")
    assert str(told.value) == "broken.jsonl.gz is no run that can be read; run the set again."


def test_the_browser_gets_a_confidence_and_two_outcomes_a_question() -> None:
    silent = example_runs.record((example_runs.gold("1912"),))
    rows = json.loads(answers_json(judged_questions(example_runs.run(*example_runs.mixed_run().records, silent))))
    assert [row[1:] for row in rows] == [[1, 1], [1, 1], [0, 1], [0, 0], [1, 1], [0, 0], [0, 1]]
    assert [row[0] for row in rows] == [*map(example_runs.sure, (4.0, 3.0, 2.0, 1.0, 0.1, 0.0)), None]  # the same bits


def test_the_report_has_the_figures_of_the_command() -> None:
    run = example_runs.mixed_run()
    page = page_of(report_html(run, "made.jsonl.gz", 0.5, _CARD))
    assert text_of(page.xpath("//h2[@class='headline']")[0]) == "4 of 6 questions answered, 2 of them rightly"
    values = [text_of(row[1]) for row in page.xpath("//section[@id='run-figures']//details//tbody/tr")]
    assert values == [f"{one.value:.4f}" for one in report(run).figures.values()]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert page.xpath("//div[@class='try']/@data-threshold") == ["0.5"]
    assert page.xpath("//section[@id='run-risk']") == []


@pytest.mark.parametrize("mode", ["open", "given", "without", "library"])
@pytest.mark.parametrize("kind", ["squad", "jsonl", "beir"])
def test_no_text_breaks_out(mode: Mode, kind: str) -> None:
    run = hostile_run(mode=mode, kind=kind)
    written = report_html(run, HOSTILE, 0.5, _CARD)
    page = page_of(written)
    allowed = ELEMENTS | {"input", "label", "output", "button", "g"}
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= allowed
    names = {name for element in page.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in {"src", "href", "style"}}


def test_a_hostile_name_of_a_run_is_only_text(tmp_path: Path) -> None:
    example_runs.mixed_run(set="<img src=x onerror=hacked()>", mode='"><b>').save(tmp_path)
    page = page_of(listing_html(StoredRuns(tmp_path).listed()))
    assert [text_of(one) for one in page.xpath("//button/b")] == ["<img src=x onerror=hacked()>"]
    assert page.xpath("//img") == []


def test_a_run_by_another_reader_says_so() -> None:
    other = replace(_CARD, name="another")
    assert "the confidences of the two do not compare" in report_html(example_runs.mixed_run(), "r", 0.5, other)
    assert "do not compare" not in report_html(example_runs.mixed_run(), "r", 0.5, _CARD)


def test_a_run_with_nothing_to_sweep_says_why() -> None:
    page = page_of(report_html(example_runs.run(), "r", 0.5, _CARD))
    assert text_of(page.xpath("//section[@id='run-threshold']/p")[0]) == "No question was asked."
    beir = page_of(report_html(example_runs.mixed_run(kind="beir"), "r", 0.5, _CARD))
    assert text_of(beir.xpath("//section[@id='run-threshold']/p")[0]).startswith("Nothing was read: such a set")


def test_the_template_holds_nothing_that_handlebars_or_gradio_would_run() -> None:
    assert "{{" not in tab_html()
    assert "${" not in tab_html()
