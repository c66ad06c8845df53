"""The evaluation tab in a real browser: a set run, its report read, thresholds tried, cancelled, taken up again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library.feedback import Judgement, keep
from corpus.library.store import Library
from eval.metrics.sweep import sweep
from eval.run import Run
from index.ingest import add
from rag.assemble import open_encoder
from rag.settings import Settings
from tests.eval import example_runs
from tests.ui.browsing import Watched, opened, serving
from tests.ui.conftest import ARTICLES, CAFE, CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE_QUESTION, UNKNOWN_QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.model]

_HOSTILE = '<img src=x onerror="window.hacked=1"> {{constructor}} ${window.hacked=1} </div></template>'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small library, in which six questions were judged."""
    folder = tmp_path_factory.mktemp("judged")
    library = Library(folder / "library.sqlite")
    list(add(library, open_encoder(Settings(home=folder), print), ARTICLES))
    for question, article, words in (
        (FERRY_QUESTION, FERRY, "Mara Lindqvist"),
        (CAFE_QUESTION, CAFE, "240 croissants"),
    ):
        start = library.article(article.id).text.index(words)
        keep(library, Judgement(question, "right", article.id, start, start + len(words), words))
    for question in (UNKNOWN_QUESTION, HOSTILE_QUESTION, _HOSTILE, "Who is the captain of the ferry Gannet?"):
        keep(library, Judgement(question, "nothing"))
    library.close()
    return folder


@pytest.fixture(scope="module")
def judged(home: Path) -> Iterator[str]:
    with serving(home) as found:
        yield found


def shown(watched: Watched) -> Any:
    """The tab, once the sets are there."""
    page = watched.page
    page.get_by_role("tab", name="Evaluation").click()
    page.locator(".measure option").first.wait_for(state="attached")
    return page


def begin(page: Any, name: str, limit: str = "all") -> None:
    page.get_by_role("combobox", name="Set").select_option(name)
    page.get_by_role("combobox", name="Asked of").select_option("library")
    page.get_by_role("combobox", name="Questions").select_option(limit)
    page.get_by_role("button", name="Run", exact=True).click()


def here(page: Any) -> dict[str, float]:
    """The figures at the threshold that is tried, as the browser worked them out."""
    found: dict[str, float] = page.locator(".tried tr[data-figure]").evaluate_all(
        "rows => Object.fromEntries(rows.map(row => [row.dataset.figure, Number(row.querySelector('.here').dataset.value)]))"
    )
    return found


def of_python(run: Run, threshold: float) -> dict[str, float]:
    """The same by `eval.metrics.sweep`."""
    (point,) = sweep(run, [threshold])
    answerable = sum(bool(record.example.golds) for record in run.settled.records)
    right = point.coverage * (1 - point.risk) * len(run.settled.records) / answerable
    return {"coverage": point.coverage, "risk": point.risk, "right": right, "noans": point.noans or 0.0}


def test_a_set_is_run_and_thresholds_are_tried_by_keyboard(browser: Any, judged: str, home: Path) -> None:
    with opened(browser, judged, complete=False) as watched:
        page = shown(watched)
        begin(page, "feedback")
        page.locator(".try").wait_for()
        (file,) = (home / "runs").glob("*.jsonl.gz")
        run = Run.load(file)
        assert here(page) == pytest.approx(of_python(run, run.header.threshold))
        assert page.locator(".told").inner_text() == "The run is done and kept."
        slider = page.get_by_role("slider", name="Threshold")
        slider.focus()
        page.keyboard.press("Home")
        for threshold in [0.0, *(round(0.1 * tenth, 2) for tenth in range(1, 11))]:
            while float(slider.input_value()) < threshold:
                page.keyboard.press("ArrowRight")
            assert float(slider.input_value()) == threshold
            assert here(page) == pytest.approx(of_python(run, threshold)), threshold
        assert page.locator(".setting").inner_text() == "PULLQUOTE_THRESHOLD=1.00"
        page.locator(".meaning", has_text="At 1.00, none of 6 questions is answered.").wait_for()
        page.get_by_role("button", name="Back to the server’s").click()
        assert here(page) == pytest.approx(of_python(run, run.header.threshold))
        assert page.locator(".setting").inner_text() == f"PULLQUOTE_THRESHOLD={run.header.threshold}"


def test_a_stored_run_at_any_threshold_is_what_eval_sweep_prints(browser: Any, judged: str, home: Path) -> None:
    run = example_runs.mixed_run()
    file = run.save(home / "runs")
    with opened(browser, judged, 390, 844, "dark", complete=False) as watched:
        page = shown(watched)
        page.locator("[data-run^=made]").click()
        page.locator(".try").wait_for()
        slider = page.get_by_role("slider", name="Threshold")
        for threshold in ("0.51", "0.5", "0.52", "0.53", "0.73", "0.74", "0.88", "0.89", "0.98", "0.99"):
            slider.fill(threshold)
            assert here(page) == pytest.approx(of_python(run, float(threshold))), threshold
        slider.fill("0.51")
        meaning = "At .51, 5 of 6 questions are answered; 2 of the 5 answers given are wrong."
        page.locator(".meaning", has_text=meaning).wait_for()
        dot = page.locator(".moving")
        left, right, bottom, top, highest = (
            float(dot.get_attribute(f"data-{name}")) for name in ("left", "right", "bottom", "top", "highest")
        )
        circle = dot.locator("circle")
        assert float(circle.get_attribute("cx")) == pytest.approx(left + 5 / 6 * (right - left))
        assert float(circle.get_attribute("cy")) == pytest.approx(bottom + 2 / 5 / highest * (top - bottom))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.getElementById('evaluation').scrollWidth") <= 390
    file.unlink()


def test_one_run_at_a_time_that_outlives_the_page_and_can_be_cancelled(browser: Any, judged: str) -> None:
    with opened(browser, judged, complete=False) as watched:
        page = shown(watched)
        begin(page, "sample")
        page.locator(".how-far", has_text="of 229 questions").wait_for()
        begin(page, "feedback")
        page.locator(".told", has_text="A run of sample is under way already").wait_for()
        page.reload()
        page.locator(".how-far", has_text="of 229 questions").wait_for()
        bar = page.get_by_role("progressbar", name="Questions asked")
        assert bar.get_attribute("aria-valuemax") == "229"
        page.get_by_role("button", name="Cancel").click()
        page.locator(".told", has_text="Cancelled; nothing of this run is kept.").wait_for()
        assert page.locator(".underway").is_hidden()
        assert page.locator("[data-run^=sample]").count() == 0


def test_hostile_questions_are_only_text(browser: Any, judged: str) -> None:
    with opened(browser, judged, complete=False) as watched:
        page = shown(watched)
        begin(page, "feedback")
        page.locator(".try").wait_for()
        page.get_by_role("slider", name="Threshold").fill("0")
        assert page.locator("#evaluation img, #evaluation script, #evaluation [onerror]").count() == 0
        assert page.evaluate("window.hacked") is None


def test_a_run_that_is_gone_is_told_in_a_sentence(browser: Any, judged: str, home: Path) -> None:
    file = example_runs.mixed_run(set="gone").save(home / "runs")
    with opened(browser, judged, complete=False) as watched:
        page = shown(watched)
        gone = page.locator("[data-run^=gone]")
        gone.wait_for()
        file.unlink()
        gone.click()
        page.locator(".told", has_text="That run is no longer kept; open another one, or run the set again.").wait_for()
