import json

import pytest

from rag.training.card import CAREFUL, FAST, card, figures_under, loss_curve

LOGS = [
    [{"step": 50, "progress": 0.5, "loss": 2.0, "seconds": 1800.0}, {"step": 100, "progress": 1.0, "loss": 1.0, "seconds": 3600.0}],
    [{"step": 30, "progress": 1.0, "loss": 0.5, "seconds": 1800.0}],
]  # fmt: skip
READER = {"threshold": 0.31, "calibration": {"margin": 0.8, "intercept": -0.9}}


@pytest.fixture
def figures(tmp_path):
    """What two readers came to on a set."""
    for reader, value in (("sentence", 0.25), ("span", 0.5)):
        (tmp_path / reader).mkdir()
        metrics = {"em": {"value": value, "low": value - 0.1, "high": value + 0.1}}
        result = {"set": "sample", "mode": "given", "n": 9, "metrics": metrics}
        (tmp_path / reader / "sample.json").write_text(json.dumps(result))
    return figures_under(tmp_path)


def test_the_card_has_the_figures_the_steps_and_what_can_be_answered(figures):
    curve = [{"threshold": 0.9, "coverage": 0.2, "risk": 0.01}, {"threshold": 0.4, "coverage": 0.6, "risk": 0.1}]
    lines = card(FAST, figures, {"curve": curve, "elsewhere": {}}, READER, LOGS).splitlines()
    span, sentence = [line for line in lines if line.startswith("| sample |")]
    assert span.startswith("| sample | given | 9 | span | 50.0 (40.0–60.0) | – |")
    assert sentence.startswith("| sample | given | 9 | sentence | 25.0 (15.0–35.0) | – |")
    assert "| 2% | 0.900 | 20.0% |" in lines
    assert "| 10% | 0.400 | 60.0% |" in lines
    text = " ".join(lines)
    assert "130 steps and 1.5 hours" in text
    assert "(margin 0.8, intercept -0.9)" in text


def test_the_card_of_a_careful_reader_tells_what_the_other_sets_taught_of_each(figures):
    elsewhere = {"qamr": {"threshold": 0.25, "coverage": 0.5, "risk": 0.125}}
    lines = card(CAREFUL, figures, {"curve": [], "elsewhere": elsewhere}, READER, LOGS).splitlines()
    assert "| qamr | 0.250 | 50.0% | 12.5% |" in lines
    assert "130 steps of 4,096 tokens and 1.5 hours" in " ".join(lines)


def test_the_loss_of_each_run_has_a_part_of_the_picture():
    svg = loss_curve(LOGS)
    assert 'points="187.5,16.0 335.0,116.0"' in svg  # of 40 to 630 and, from the highest loss to none, 16 to 216
    assert 'points="630.0,166.0"' in svg
    assert ">2.0</text>" in svg
