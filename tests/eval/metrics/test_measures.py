"""The table of measures against what else has to know of them."""

import re
from pathlib import Path

import pytest

from eval.gate import load_baseline
from eval.metrics.measures import MEASURES, columns
from tests.eval import example_runs

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "metrics.md"


@pytest.mark.parametrize("name", MEASURES)
def test_the_guide_explains_every_measure(name):
    named = set(re.findall(r"`([\w@]+)`", GUIDE.read_text(encoding="utf-8")))
    base, cut, _ = name.partition("@")
    assert name in named or (cut and f"{base}@k" in named) or (f"{base}@1" in named)


def test_a_run_has_its_measures_in_the_order_of_the_table():
    found = list(columns(example_runs.mixed_run(), 0.5))
    assert found == [name for name in MEASURES if name in found]
    assert {"em", "f1", "contains", "success@1", "mrr@10", "ece", "aurc"} <= set(found)


def test_less_is_better_of_errors_and_risks_alone():
    assert [name for name, one in MEASURES.items() if one.higher_is_better is False] == ["ece", "aurc"]
    assert [name for name, one in MEASURES.items() if one.higher_is_better is None] == ["answered"]


def test_what_ships_as_baseline_is_pinned_by_measures_that_exist():
    for pinned in load_baseline():
        assert pinned.floors.keys() <= MEASURES.keys()
    assert {"ece", "aurc"} <= next(one for one in load_baseline() if one.set == "sample").floors.keys()
