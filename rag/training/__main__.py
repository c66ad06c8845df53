"""The command line of the training: python -m rag.training prepare | train | export | calibrate | card."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import PullquoteError
from rag.answer import Calibration, ReaderCard
from rag.assemble import open_encoder
from rag.settings import Settings
from rag.training.prepare import Prepared, prepare

SEED = 1
_WORK = Path("training-run")
_EXPORTED_ROWS = 128
_SHARES = "A course's share in the weights, the first course's first (default: all of the first)."
_ROUNDING = 1e-6
app = typer.Typer(help="How the reader that ships was made.", no_args_is_help=True, add_completion=False)


class BadShares(PullquoteError):
    """The shares of the courses do not add up to 1; name one for each course, as 0.3 0.7."""

    def __init__(self, shares: list[float]) -> None:
        super().__init__(f"The shares {', '.join(map(str, shares))} do not add up to 1; name one for each course.")


Work = Annotated[Path, typer.Option(help="The folder of examples, checkpoints, weights and logs.")]
Number = Annotated[int, typer.Option("--course", min=1, max=3, help="Which course: each goes on from the one before.")]


@app.command("prepare")
def prepare_examples(
    sets: Annotated[Path, typer.Argument(help="The folder of the public sets, as .json.gz in SQuAD's layout.")],
    work: Work = _WORK,
) -> None:
    """Write examples to learn from, and those of the held-out articles."""
    learnt, held_out = prepare(sets, work, open_encoder(Settings(), _say), SEED)
    _say(f"{learnt} examples to learn from, {held_out} held out.")


@app.command("train")
def train_network(
    work: Work = _WORK,
    number: Number = 1,
    initial: Annotated[Path | None, typer.Option(help="A reader to go on from (default: the encoder).")] = None,
) -> None:
    """Train, or go on from the last checkpoint; the averaged weights end up in course-N/weights.pt."""
    from rag.reader.window import Rows
    from rag.training.examples import load
    from rag.training.network import bundled_tokenizer
    from rag.training.recover import recovered
    from rag.training.rows import RowBuilder
    from rag.training.schedule import PLANS, Schedule
    from rag.training.train import Recipe, Training

    plan = PLANS[number - 1]
    course = Schedule(load(Prepared.under(work).learnt), plan.lessons, RowBuilder(Rows(bundled_tokenizer())), plan.seed)
    recipe, before = Recipe(rate=plan.rate), recovered(initial) if initial else None
    weights = Training(_course_folder(work, number), course, recipe, plan.seed, before).run(_say)
    _say(f"The weights are in {weights}.")


@app.command("export")
def export_reader(
    folder: Annotated[Path, typer.Argument(help="Where the reader goes.")],
    work: Work = _WORK,
    share: Annotated[list[float] | None, typer.Option(help=_SHARES)] = None,
    int8: Annotated[bool, typer.Option(help="Weights and arithmetic in int8.")] = True,
) -> None:
    """Write the weights as a reader that runs without torch; calibrate it next."""
    from rag.reader.window import WINDOW, Rows
    from rag.training.examples import load
    from rag.training.export import averaged, export
    from rag.training.network import bundled_tokenizer
    from rag.training.rows import ExampleMix, RowBuilder

    shares = share or [1.0]
    if abs(sum(shares) - 1) > _ROUNDING:
        raise BadShares(shares)
    chance = random.Random(SEED)  # noqa: S311 - no secret
    desk = RowBuilder(Rows(bundled_tokenizer()))
    shown = chance.sample(load(Prepared.under(work).learnt), _EXPORTED_ROWS)
    rows = [target.row for example in shown for target in desk.group(example, ExampleMix(WINDOW), chance)]
    courses = {_course_folder(work, number) / "weights.pt": part for number, part in enumerate(shares, start=1) if part}
    export(averaged(courses, work / "averaged.pt"), rows, folder, int8)
    _write_card(folder, ReaderCard("span", 0.5, Calibration(margin=1.0, intercept=0.0)))
    _say(f"The reader is in {folder}; `python -m rag.training calibrate {folder}` says what its scores mean.")


@app.command("calibrate")
def calibrate_reader(
    folder: Annotated[Path, typer.Argument(help="The reader.")],
    work: Work = _WORK,
    limit: Annotated[int, typer.Option(help="How many held-out questions are asked.")] = 1500,
    max_wrong: Annotated[float, typer.Option(min=0, max=1, help="The share of answers that may be wrong.")] = 0.1,
) -> None:
    """Fit confidence and threshold on the held-out articles, and write them to the reader."""
    from rag.reader.read import SpanReader
    from rag.training.calibrate import ask, curve, fit, threshold_for
    from rag.training.examples import load

    settings = Settings()
    reader = SpanReader(folder, settings.cache.expanduser())
    held_out = load(Prepared.under(work).held_out)
    asked = list(ask(held_out, limit, open_encoder(settings, _say), reader, SEED))
    calibration = fit(asked)
    points = curve(asked, calibration)
    chosen = threshold_for(points, max_wrong)
    _write_card(folder, replace(reader.card, threshold=round(chosen.threshold, 4), calibration=calibration))
    (work / "curve.json").write_text(json.dumps([asdict(point) for point in points]), encoding="utf-8")
    _say(json.dumps({"calibration": asdict(calibration), "chosen": asdict(chosen)}, indent=1))


@app.command("card")
def write_card(
    folder: Annotated[Path, typer.Argument(help="The reader.")],
    figures: Annotated[Path, typer.Argument(help="<reader>/<any>.json: what `pullquote eval run --json` printed.")],
    work: Work = _WORK,
) -> None:
    """Write README.md and the loss curve beside the reader."""
    from rag.training.card import card, figures_under, loss_curve

    logs = [_lines(path) for path in sorted(work.glob("course-*/log.jsonl"))]
    curve = json.loads((work / "curve.json").read_text(encoding="utf-8"))
    reader = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    (folder.parent / "README.md").write_text(card(figures_under(figures), curve, reader, logs), encoding="utf-8")
    (folder.parent / "loss.svg").write_text(loss_curve(logs), encoding="utf-8")
    _say(f"The card is {folder.parent / 'README.md'}.")


def _course_folder(work: Path, number: int) -> Path:
    return work / f"course-{number}"


def _lines(path: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write_card(folder: Path, card: ReaderCard) -> None:
    (folder / "reader.json").write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    """Runs a command; a mistake is one sentence and exit status 2."""
    try:
        app()
    except (PullquoteError, OSError) as mistake:
        _say(str(mistake))
        sys.exit(2)


if __name__ == "__main__":
    main()
