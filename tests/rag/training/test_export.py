import json
import shutil
import sys
from dataclasses import asdict

import numpy as np
import pytest
import torch

from index.encoder.compiled import BatchLimits, CompiledNetwork
from rag.calibration import Calibration, ReaderCard
from rag.reader.read import SpanReader
from rag.reader.window import Rows
from rag.training.__main__ import main
from rag.training.export import averaged, export
from rag.training.network import SpanNetwork, bundled_tokenizer, tensors
from tests.rag.conftest import CANNERY, FERRY, hit, read_by

QUANTISED = 0.15  # logits, of weights and arithmetic in 8 bits
ROWS = Rows(bundled_tokenizer())
LIMITS = BatchLimits(rows=8, tokens=1024)


def row(question, title, passage):
    return ROWS.row(*ROWS.tokens([question, title, passage]))


SEEN = [
    row("Which ferry ran aground?", "On the ferry", FERRY), row("When will the cannery close?", "", CANNERY), row("Why?", "", "x"),
    row("Who?", "Long", "The owner blames a silenced alarm, and the harbour master the tide. " * 12),
]  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Weights of a network that has learnt nothing, and the logits that torch gives with them for the rows."""
    torch.manual_seed(5)
    network = SpanNetwork().eval()
    folder = tmp_path_factory.mktemp("trained")
    torch.save(dict(network.named_parameters()), folder / "weights.pt")
    with torch.no_grad():
        logits = [network(**tensors([one]))[0].numpy() for one in SEEN]
    yield folder / "weights.pt", logits
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "reader"
    export(trained[0], SEEN, folder)
    yield folder
    shutil.rmtree(folder)


def farthest(folder, cache, logits):
    """The most that a logit of the exported network is away from torch's, at any token of any row."""
    network = CompiledNetwork(folder / "model.xml", cache)
    columns = [{"input_ids": one.ids, "token_type_ids": one.segments} for one in SEEN]
    found = network.run(columns, LIMITS)
    return max(
        float(np.abs(one[: len(its.ids)] - right).max()) for its, one, right in zip(SEEN, found, logits, strict=True)
    )


@pytest.mark.model
def test_the_exported_network_is_small_and_gives_nearly_the_logits_of_the_trained_one(trained, exported, tmp_path):
    assert farthest(exported, tmp_path, trained[1]) < QUANTISED
    assert (exported / "model.bin").stat().st_size < 24 * 2**20


@pytest.mark.model
def test_what_is_exported_is_a_reader_once_it_has_a_card(exported, tmp_path):
    card = ReaderCard("span", 0.5, Calibration(margin=1.0, intercept=0.0))
    (exported / "reader.json").write_text(json.dumps(asdict(card)), encoding="utf-8")
    assert sorted(path.name for path in exported.iterdir()) == [
        "model.bin",
        "model.xml",
        "reader.json",
        "tokenizer.json",
    ]
    reader = SpanReader(exported, tmp_path)
    assert reader.card == card
    read = read_by(reader, "When will the cannery close?", [hit("cannery", CANNERY)])
    assert read
    assert all(one.text in CANNERY for one in read)


def test_weights_of_runs_are_averaged_by_their_shares(tmp_path):
    for name, value in (("first", 2.0), ("second", 10.0), ("third", -2.0)):
        torch.save({"head": torch.full((2,), value)}, tmp_path / f"{name}.pt")
    shares = {tmp_path / "first.pt": 0.25, tmp_path / "second.pt": 0.25, tmp_path / "third.pt": 0.5}
    mean = torch.load(averaged(shares, tmp_path / "mean.pt"), weights_only=True)
    assert mean["head"].tolist() == [2.0, 2.0]


def test_shares_that_do_not_add_up_are_refused_in_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["training", "export", str(tmp_path / "reader"), "--share", "0.5", "--share", "0.6"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "The shares 0.5, 0.6 do not add up to 1" in capsys.readouterr().err
    assert not (tmp_path / "reader").exists()
