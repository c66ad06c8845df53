import json
import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from typer.testing import CliRunner

from corpus.article import Span
from rag.reader.window import Rows
from rag.training.__main__ import app
from rag.training.examples import TitledPassage, TrainingExample, save
from rag.training.network import SpanNetwork, bundled_tokenizer
from rag.training.prepare import SETS, TRAINING
from rag.training.rows import Target
from rag.training.schedule import Batch
from rag.training.train import Hyperparameters, Training, load_checkpoint

ROWS = Rows(bundled_tokenizer())
LOGGED = Hyperparameters(log_steps=1)
EVERY_POOL = Hyperparameters(log_steps=1, checkpoint_seconds=0)
ASKED = [
    ("Which ferry sank?", "The ferry Brannoc sank at noon.", "Brannoc"), ("Who made tins?", "Ada King made tins.", "Ada King"),
    ("When was the fire?", "The fire was in May.", "May"), ("How many died?", "Forty people died there.", "Forty"),
]  # fmt: skip


class Stopped(Exception):
    """The machine is switched off."""


class FewBatches:
    """`pools` pools of two batches with two short rows each, the same four rows over and over; off before step `stop`."""

    digest = "few"

    def __init__(self, pools, stop=None):
        self.pools, self.stop = pools, stop

    def pool(self, number):
        for place in range(2):
            if self.stop == 2 * number + place:
                raise Stopped
            yield Batch(
                [target(*asked) for asked in ASKED[2 * place : 2 * place + 2]],
                [0, 1],
                (2 * number + place) / (2 * self.pools),
            )


def target(question, text, words):
    asked, title, passage = ROWS.tokens([question, "", text])
    row = ROWS.row(asked, title, passage)
    start = passage.places.index(next(place for place in passage.places if place[0] == text.index(words)))
    end = passage.places.index(next(place for place in passage.places if place[1] == text.index(words) + len(words)))
    return Target(row, row.offset + start, row.offset + end)


def logged(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def training(folder, schedule, settings):
    """A training whose network is new, of the settings' seed."""
    torch.manual_seed(settings.seed)
    return Training(folder, schedule, settings, SpanNetwork())


def weights(folder, name="weights.pt"):
    return torch.load(folder / name, weights_only=True)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Torch on one thread: rows this short are no work for more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def work(tmp_path):
    """An empty folder that is emptied again: checkpoints are large."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture(scope="module")
def through(tmp_path_factory):
    """A run of four steps without a stop."""
    folder = tmp_path_factory.mktemp("through")
    lines = []
    assert training(folder, FewBatches(2), LOGGED).run(lines.append) == folder / "weights.pt"
    assert [json.loads(line) for line in lines] == logged(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.model
def test_training_lowers_the_loss(through):
    smooth = [line["loss"] for line in logged(through)]
    steps = [smooth[0], *((after - 0.98 * before) / 0.02 for before, after in pairwise(smooth))]
    assert smooth[0] == pytest.approx(2.1, abs=0.6)  # about the logarithm of eight choices
    assert steps[2] < 0.9 * steps[0]  # the same two rows a second time
    assert steps[3] < 0.9 * steps[1]


@pytest.mark.model
def test_the_log_tells_each_step_with_its_rate(through):
    log = logged(through)
    assert [line["step"] for line in log] == [1, 2, 3, 4]
    assert [line["progress"] for line in log] == [0, 0.25, 0.5, 0.75]
    assert {line["rows"] for line in log} == {2}
    rates = [1.6e-4 * share for share in (0.01, 0.75 / 0.97, 0.5 / 0.97, 0.25 / 0.97)]
    assert [line["rate"] for line in log] == pytest.approx(rates)


@pytest.mark.model
def test_a_run_that_is_stopped_twice_and_resumed_ends_with_the_same_weights(through, work):
    for stop in (1, 2):  # within the first pool, which is done again, and behind it
        with pytest.raises(Stopped):
            training(work, FewBatches(2, stop), EVERY_POOL).run(len)
        assert not (work / "weights.pt").exists()
        assert (work / "checkpoint.pt").exists() is (stop == 2)
    assert weights(work, "checkpoint.pt")["position"]["steps"] == 2
    training(work, FewBatches(2), LOGGED).run(len)
    assert [line["step"] for line in logged(work)] == [1, 2, 3, 4]  # none is done twice
    one, other = weights(through), weights(work)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    ends = [weights(folder, "checkpoint.pt")["master"] for folder in (through, work)]
    assert all(torch.equal(one, other) for one, other in zip(*ends, strict=True))


@pytest.mark.model
def test_a_run_that_is_done_is_not_done_again(through):
    before = weights(through)
    training(through, FewBatches(2, stop=4), LOGGED).run(pytest.fail)
    assert all(torch.equal(before[name], weight) for name, weight in weights(through).items())
    assert len(logged(through)) == 4


@pytest.mark.model
def test_the_weights_that_are_kept_are_the_running_mean(through):
    state, kept = weights(through, "checkpoint.pt"), weights(through)
    assert all(torch.equal(one, other) for one, other in zip(state["mean"], kept.values(), strict=True))
    assert {weight.dtype for weight in kept.values()} == {torch.float32}
    assert (
        max(float((one - other).abs().max()) for one, other in zip(state["mean"], state["master"], strict=True)) > 1e-4
    )
    assert "head.weight" in kept
    assert list(through.glob(".checkpoint*")) == []


@pytest.mark.model
def test_a_run_can_begin_with_weights_of_another(through, work):
    network = SpanNetwork()
    load_checkpoint(network, through / "checkpoint.pt")
    Training(work, FewBatches(0), replace(LOGGED, seed=2), network).run(pytest.fail)
    ended = weights(through, "checkpoint.pt")["master"]
    assert all(torch.equal(one, other) for one, other in zip(weights(work).values(), ended, strict=True))


@pytest.mark.model
def test_without_decay_the_rate_stays_at_its_peak(work):
    training(work, FewBatches(2), replace(LOGGED, decays=False, warm_up=0.5)).run(len)
    assert [line["rate"] for line in logged(work)] == pytest.approx([1.6e-4 * share for share in (0.01, 0.51, 1, 1)])


@pytest.mark.model
def test_the_command_trains_on_what_was_prepared(work):
    examples = [
        TrainingExample(
            SETS[0], question, TitledPassage("", text), Span(text.index(words), text.index(words) + len(words))
        )
        for question, text, words in ASKED
    ]
    others = [replace(examples[0], set=name) for name in SETS[1:]]
    save(examples + others, work / TRAINING)
    ran = CliRunner().invoke(app, ["train", "--work", str(work)])
    assert ran.exit_code == 0, ran.output
    assert ran.stderr == f"The weights are in {work / 'run-1' / 'weights.pt'}.\n"
    assert (
        weights(work / "run-1", "checkpoint.pt")["position"]["steps"] == 1
    )  # both stages draw from one pool, whose rows fit one batch
