"""Commands that measure: run, sweep, compare and gate; the others under `eval` have modules of their own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from eval.ask import RunPlan
from eval.evaluate import default_folder, evaluate
from eval.gate import check, load_baseline, measure, pin, save_baseline
from eval.metrics.compare import Comparison, Flip, Side, compare
from eval.metrics.score import RunScore
from eval.metrics.sweep import SweepPoint, best_f1, sweep, within_risk
from eval.run import Mode, Run
from rag.settings import Settings
from ui.commands.calibrate import calibrate
from ui.commands.exchange import export_run, import_from
from ui.commands.feedback import build
from ui.commands.library import AsJson
from ui.commands.report import report
from ui.console import err, harmless, notice, out, print_json, progress
from ui.mistake import Mistake
from ui.plain_help import Commands, group_of

_MOST_FLIPS = 20  # shown of each way; --json has all of them
_LONGEST_ANSWER = 100


def commands() -> typer.Typer:
    """The commands under `pullquote eval`."""
    named: Commands = {
        "run": run, "sweep": sweep_run, "compare": compare_runs, "gate": gate, "report": report, "build": build,
        "calibrate": calibrate, "import": import_from, "export": export_run,
    }  # fmt: skip
    return group_of(named, "Measure retrieval and answers.")


def run(  # noqa: PLR0913, PLR0917 - the options of the contract
    path: Annotated[Path, typer.Argument(metavar="SET", help="A SQuAD file, a .jsonl (.gz) or a folder of a set.")],
    given: Annotated[bool, typer.Option("--given", help="Read the gold paragraph.")] = False,
    opened: Annotated[bool, typer.Option("--open", help="Ask a throw-away library of the set's articles.")] = False,
    without: Annotated[bool, typer.Option("--without", help="As --open, without each question's article.")] = False,
    library: Annotated[bool, typer.Option("--library", help="Ask the current library.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="A seeded sample of so many questions.")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Ask follow-ups as if they followed nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Score a set (--open unless told otherwise); the run is kept, so that thresholds can be tried on it."""
    settings = Settings()
    mode = _mode({"given": given, "open": opened, "without": without, "library": library})
    with progress("Evaluating") as bar:
        asked, result = evaluate(path, RunPlan(mode, limit, as_typed=as_typed), settings, bar.to)
    notice(f"The run is kept in {asked.save(default_folder(settings))}.")
    print_json(result.as_json()) if as_json else _print_result(result)


def sweep_run(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="A run that `pullquote eval run` kept.")],
    max_wrong: Annotated[float, typer.Option(min=0, max=1, help="The share of answers that may be wrong.")] = 0.1,
    as_json: AsJson = False,
) -> None:
    """Try thresholds on a stored run, without running a model."""
    stored = Run.load(path)
    points, best, within = sweep(stored), best_f1(stored), within_risk(stored, max_wrong)
    if as_json:
        print_json({"set": stored.header.set, "points": points, "best_f1": best, "within_max_wrong": within})
        return
    table = _table("threshold", "coverage", "risk", "EM", "F1", "refused rightly", "answerable kept")
    for point in points:
        table.add_row(*_cells(point))
    out().print(table)
    out().print(f"best F1 at {best.threshold:.4f}: {best.f1:.4f}")
    found = f"at {within.threshold:.4f}, answering {within.coverage:.1%}" if within else "at no threshold"
    out().print(f"at most {max_wrong:.0%} of the answers wrong {found}")


def compare_runs(
    first: Annotated[Path, typer.Argument(metavar="A", help="A run that `pullquote eval run` kept.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another run of the same set.")],
    as_json: AsJson = False,
) -> None:
    """What parts two stored runs of one set: every metric with a significance test, and the questions that flipped."""
    found = compare(Run.load(first), Run.load(second))
    if found.shared < max(found.a.questions, found.b.questions):
        notice(
            f"Of the {found.a.questions} questions of A and the {found.b.questions} of B only the {found.shared} that "
            "both asked are compared."
        )
    print_json(found) if as_json else _print_comparison(found)


def gate(
    pinning: Annotated[bool, typer.Option("--pin", help="Pin the figures measured now.")] = False,
    allow_regression: Annotated[bool, typer.Option("--allow-regression", help="Pin figures that are worse.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the pinned sets and compare with their floors; exit status 1 where something got worse."""
    settings = Settings()
    baseline = load_baseline()
    failures = []
    for pinned in list(baseline):
        with progress("Evaluating") as bar:
            result = measure(pinned, settings, bar.to)
        if pinning:
            baseline = pin(baseline, result, pinned.path, allow_regression)
        failures += [] if pinning else check(baseline, result)
        if not as_json:
            _print_result(result)
    if pinning:
        save_baseline(baseline)
    if as_json:
        print_json({"passed": not failures, "failures": failures})
    for failure in failures:
        err().print(failure.why)
    if failures:
        raise typer.Exit(1)
    if not as_json:
        out().print("The figures are pinned." if pinning else "No figure is worse than its floor.")


def _mode(named: dict[Mode, bool]) -> Mode:
    chosen = [mode for mode, is_named in named.items() if is_named]
    if len(chosen) > 1:
        raise Mistake("Only one of --given, --open, --without and --library can be asked for; choose one.")
    return chosen[0] if chosen else "open"


def _print_result(result: RunScore) -> None:
    table = _table(harmless(f"{result.set} ({result.mode})"), "value", "95 % interval", "n")
    for name, estimate in result.metrics.items():
        table.add_row(name, f"{estimate.value:.4f}", f"{estimate.low:.4f} to {estimate.high:.4f}", str(estimate.n))
    out().print(table)
    out().print(f"{result.n} questions in {result.seconds:.1f} s, threshold {result.threshold:.4f}")


def _print_comparison(found: Comparison) -> None:
    out().print(f"{found.set}, {found.shared} questions, each run at its own threshold")
    for name, side in (("A", found.a), ("B", found.b)):
        out().print(f"{name}: {_side_line(side)}", style="dim")
    table = _table("metric", "A", "B", "B − A", "p", "n")
    for metric, one in found.metrics.items():
        table.add_row(
            metric, f"{one.a:.4f}", f"{one.b:.4f}", f"{one.difference:+.4f}", f"{one.p:.4f}", str(one.n)
        )  # fmt: skip
    out().print(table)
    for what, flips in (("Right in A, wrong in B", found.lost), ("Wrong in A, right in B", found.gained)):
        _print_flips(what, flips)


def _side_line(side: Side) -> str:
    return f"{side.mode}, reader {side.reader}, encoder {side.encoder}, threshold {side.threshold:.4f}, {side.started}"


def _print_flips(what: str, flips: tuple[Flip, ...]) -> None:
    more = f", the first {_MOST_FLIPS} (--json has all)" if len(flips) > _MOST_FLIPS else ""
    out().print(f"{what}: {len(flips)}{more}")
    for flip in flips[:_MOST_FLIPS]:
        out().print(f"  {flip.id}  {' '.join(flip.question.split())}")
        for name, answer in (("A", flip.a), ("B", flip.b)):
            out().print(f"    {name}: {_shortened(answer)}", style="dim")


def _shortened(answer: str | None) -> str:
    if answer is None:
        return "(nothing)"
    words = " ".join(answer.split())
    return words if len(words) <= _LONGEST_ANSWER else f"{words[:_LONGEST_ANSWER]}…"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _cells(point: SweepPoint) -> list[str]:
    return ["–" if value is None else f"{value:.4f}" for value in asdict(point).values()]
