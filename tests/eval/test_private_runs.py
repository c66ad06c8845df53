"""Runs and exported sets hold texts of the library: their owner alone may read them."""

import os
import stat

import pytest

from eval.datasets.files import write_new
from tests.eval.example_runs import run


@pytest.fixture(autouse=True)
def usual():
    """The usual rights of new files, which let everybody read them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_a_run_is_its_owners_alone(tmp_path):
    path = run().save(tmp_path / "runs")
    assert modes(tmp_path) == {"runs": 0o700, path.name: 0o600}


def test_an_exported_set_is_its_owners_alone(tmp_path):
    write_new({tmp_path / "new" / "set.jsonl": "{}"})
    assert modes(tmp_path) == {"new": 0o700, "set.jsonl": 0o600}
