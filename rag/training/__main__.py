"""The command line of the training: python -m rag.training prepare | train | export | calibrate | card."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import PullquoteError
from index.encoder.checksums import write_checksums
from index.encoder.compiled import CompiledNetwork
from rag.assemble import open_encoder
from rag.calibration import Calibration, ReaderCard
from rag.reader.careful import CarefulReader
from rag.reader.read import SpanReader, card_of
from rag.reader.weight_parts import joined
from rag.reader.window import WINDOW, Rows
from rag.settings import Settings
from rag.training.calibrate import fit, left_out, read_questions, risk_coverage, threshold_for
from rag.training.card import CAREFUL, FAST, card, figures_under, loss_curve
from rag.training.examples import load, save
from rag.training.export import averaged, export
from rag.training.harden import hardened
from rag.training.network import bundled_tokenizer, new_network
from rag.training.prepare import HELD_OUT, TRAINING, prepare
from rag.training.recover import recovered
from rag.training.rows import ExampleMix, RowBuilder
from rag.training.schedule import CAREFUL_PLANS, PLANS, TAUGHT_PLANS, Schedule
from rag.training.teacher import TaughtSchedule
from rag.training.train import WEIGHTS, Hyperparameters, Training, load_checkpoint

SEED = 1
_WORK = Path("training-run")
_EXPORTED_ROWS = 128  # examples that int8 is fitted to
_ROUNDING = 1e-6
CAREFUL_READER = "careful"  # the name that replies give it
_CALIBRATED = "calibrated.json"  # what `calibrate` found, for the card
app = typer.Typer(help="How the reader that ships was made.", no_args_is_help=True, add_completion=False)


class BadShares(PullquoteError):
    """The shares of the runs do not add up to 1; name one for each run, as 0.3 0.7."""


class NoSuchRun(PullquoteError):
    """The reader has fewer runs than that."""


Work = Annotated[Path, typer.Option(help="The folder of examples, checkpoints, weights and logs.")]
Share = Annotated[list[float], typer.Option(help="A run's share in the weights, the first run's first.")]
Folder = Annotated[Path, typer.Argument(help="The folder of the reader.")]


@app.command("prepare")
def prepare_examples(
    sets: Annotated[Path, typer.Argument(help="The folder of the public sets, as .json.gz in SQuAD's layout.")],
    work: Work = _WORK,
) -> None:
    """Write training examples, and those of the held-out articles."""
    training, held_out = prepare(sets, work, open_encoder(Settings(), _notify), SEED)
    _notify(f"{training} training examples, {held_out} held out.")


@app.command("harden")
def harden_examples(
    folder: Folder,
    into: Annotated[Path, typer.Option(help="The folder of the harder examples.")],
    work: Work = _WORK,
    share: Annotated[float, typer.Option(min=0, max=1, help="The share of the examples that are made harder.")] = 1.0,
) -> None:
    """Keep of each example the altered questions and wrong passages that a reader is fooled by most."""
    cache, rows = Settings().cache.expanduser(), Rows(bundled_tokenizer())
    network = CompiledNetwork(joined(folder, cache) / "model.xml", cache)
    into.mkdir(parents=True, exist_ok=True)
    save(hardened(load(work / TRAINING), share, rows, network, SEED), into / TRAINING)
    _notify(f"The harder examples are in {into / TRAINING}.")


@app.command("train")
def train_network(
    work: Work = _WORK,
    number: Annotated[int, typer.Option("--run", "--course", min=1, max=3, help="Which run of the reader's.")] = 1,
    initial: Annotated[Path | None, typer.Option(help="A reader, or a checkpoint of a run, to go on from.")] = None,
    encoder: Annotated[Path | None, typer.Option(help="all-mpnet-base-v2, unpacked: train the careful reader.")] = None,
    teacher: Annotated[Path | None, typer.Option(help="A reader to learn from: distil it into the fast one.")] = None,
) -> None:
    """Train, or go on from the last checkpoint; the averaged weights end up in run-N/weights.pt."""
    plans = CAREFUL_PLANS if encoder else TAUGHT_PLANS if teacher else PLANS
    if number > len(plans):
        raise NoSuchRun(f"There is no run {number} of this reader; it has {len(plans)}.")
    plan = plans[number - 1]
    network = new_network(encoder, plan.seed)
    if initial and initial.is_file():
        load_checkpoint(network, initial)
    elif initial:
        network.load_state_dict(recovered(initial))
    schedule = Schedule(load(work / TRAINING), plan.stages, RowBuilder(Rows(bundled_tokenizer())), plan.seed)
    drawn = TaughtSchedule(schedule, teacher, Settings().cache.expanduser()) if teacher else schedule
    settings = Hyperparameters(plan.seed, plan.learning_rate, plan.warm_up, plan.decay)
    _notify(f"The weights are in {Training(work / f'run-{number}', drawn, settings, network).run(_notify)}.")


@app.command("export")
def export_reader(folder: Folder, work: Work = _WORK, share: Share = [1.0]) -> None:  # noqa: B006 - typer copies it
    """Write the weights as a reader that runs without torch; calibrate it next."""
    if abs(sum(share) - 1) > _ROUNDING:
        shares = ", ".join(map(str, share))
        raise BadShares(f"The shares {shares} do not add up to 1; name one for each run.")
    rng = random.Random(SEED)  # noqa: S311 - no secret
    builder = RowBuilder(Rows(bundled_tokenizer()))
    examples = rng.sample(load(work / TRAINING), _EXPORTED_ROWS)
    rows = [target.row for example in examples for target in builder.group(example, ExampleMix(WINDOW), rng)]
    runs = {work / f"run-{number}" / WEIGHTS: part for number, part in enumerate(share, start=1) if part}
    export(averaged(runs, work / "averaged.pt"), rows, folder)
    _write_card(folder, ReaderCard("span", 0.5, Calibration(margin=1.0, intercept=0.0)))
    _notify(f"The reader is in {folder}; `python -m rag.training calibrate {folder}` says what its scores mean.")


@app.command("calibrate")
def calibrate_reader(
    folder: Folder,
    work: Work = _WORK,
    first: Annotated[Path | None, typer.Option(help="The fast reader, if this one reads after it.")] = None,
    limit: Annotated[int, typer.Option(help="How many held-out questions of each set are asked.")] = 300,
    max_wrong: Annotated[float, typer.Option(min=0, max=1, help="The share of answers that may be wrong.")] = 0.1,
) -> None:
    """Fit confidence and threshold on the held-out articles, and write them to the reader."""
    settings = Settings()
    cache = settings.cache.expanduser()
    careful = SpanReader(folder, cache)
    reader = CarefulReader(SpanReader(first, cache), careful) if first else careful
    questions = list(read_questions(load(work / HELD_OUT), limit, open_encoder(settings, _notify), reader, SEED))
    calibration = fit(questions)
    points = risk_coverage(questions, calibration)
    chosen = threshold_for(points, max_wrong)
    name = CAREFUL_READER if first else reader.card.name
    _write_card(folder, ReaderCard(name, round(chosen.threshold, 4), calibration, reader.card.reach))
    elsewhere = {name: asdict(point) for name, point in left_out(questions, max_wrong).items()}
    calibrated = {"curve": [asdict(point) for point in points], "elsewhere": elsewhere}
    (work / _CALIBRATED).write_text(json.dumps(calibrated), encoding="utf-8")
    fitted = {"calibration": asdict(calibration), "chosen": asdict(chosen), "elsewhere": elsewhere}
    _notify(json.dumps(fitted, indent=1))


@app.command("card")
def write_card(
    folder: Folder,
    figures: Annotated[Path, typer.Argument(help="<reader>/<any>.json: what `pullquote eval run --json` printed.")],
    work: Work = _WORK,
) -> None:
    """Write README.md and the loss curve: a careful reader's into its folder, another's beside it."""
    written = [path.read_text(encoding="utf-8") for path in sorted(work.glob("run-*/log.jsonl"))]
    logs = [[json.loads(line) for line in log.splitlines()] for log in written]
    calibrated = json.loads((work / _CALIBRATED).read_text(encoding="utf-8"))
    reader = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    template, beside = (CAREFUL, folder) if card_of(folder).calibration.is_of_both else (FAST, folder.parent)
    readme = beside / "README.md"
    readme.write_text(card(template, figures_under(figures), calibrated, reader, logs), encoding="utf-8")
    readme.with_name("loss.svg").write_text(loss_curve(logs), encoding="utf-8")
    _notify(f"The card is {readme}.")


def _write_card(folder: Path, card: ReaderCard) -> None:
    (folder / "reader.json").write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")
    write_checksums(folder)


def _notify(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    """Runs a command; a mistake is one sentence and exit status 2."""
    try:
        app()
    except (PullquoteError, OSError) as mistake:
        _notify(str(mistake))
        sys.exit(2)


if __name__ == "__main__":
    main()
