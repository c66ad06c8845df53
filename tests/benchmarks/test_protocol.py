"""Processes that are measured, and what they are told and tell."""

import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks.measurement import prepare_folder
from benchmarks.outcome import Outcome
from benchmarks.process import SystemFailed, run
from benchmarks.systems.protocol import Job, questions, texts

ROOT = Path(__file__).parents[2]

# Finds every question's first word, prints where it should not, and reads it out as the answer.
PLAIN = """
from benchmarks.systems.protocol import Found, serve, texts

class Plain:
    packages = ("pytest",)
    def __init__(self, job):
        self.job = job
    def load(self):
        print("loading")
    def build(self):
        (self.job.index / "kept").write_text("12345")
        return len(texts(self.job.texts))
    def open(self):
        print("opening")
    def retrieve(self, question):
        return [Found("a0", question.split()[0])]
    def answer(self, question):
        return question.split()[0]

serve(Plain)
"""


@pytest.fixture
def job(tmp_path):
    (tmp_path / "index").mkdir()
    lines = [{"_id": f"a{number}", "title": "T", "text": "one\u2028two"} for number in range(3)]
    (tmp_path / "texts").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "questions").write_text('{"question": "Who was it?"}\n{"question": "When then?"}', encoding="utf-8")
    return Job(tmp_path / "texts", tmp_path / "questions", tmp_path / "index", tmp_path, tmp_path, asked=(1,))


def told(stage, job, tmp_path):
    file = tmp_path / "job.json"
    job.save(file)
    command = [sys.executable, "-c", PLAIN, stage, str(file)]
    return run(command, os.environ | {"PYTHONPATH": str(ROOT)}, tmp_path / "log", 60)


def test_a_job_survives_its_file(job, tmp_path):
    job.save(tmp_path / "job.json")
    assert Job.read(tmp_path / "job.json") == job
    assert questions(job) == ["When then?"]
    assert [one.text for one in texts(job.texts)] == ["one\u2028two"] * 3


def test_indexing_tells_passages_and_size(job, tmp_path):
    ran = told("index", job, tmp_path)
    assert (ran.reply["passages"], ran.reply["size"]) == (3, 5)
    assert 0 < ran.reply["seconds"] < ran.first < ran.wall
    assert ran.peak >= ran.reply["peak"] > 1_000_000
    assert (tmp_path / "log").read_text() == "loading\n"


def test_asking_tells_what_was_found_and_said(job, tmp_path):
    (reply,) = told("ask", job, tmp_path).reply["replies"]
    assert (reply["said"], reply["found"]) == ("When", [{"article_id": "a0", "text": "When"}])
    assert reply["whole"] == reply["answer"] > 0  # it never stops early


def test_a_cold_start_tells_its_first_answer(job, tmp_path):
    assert told("cold", job, tmp_path).reply == {"answered": "When"}


def test_versions_are_told(job, tmp_path):
    assert told("prepare", job, tmp_path).reply == {"versions": {"pytest": pytest.__version__}}


def test_a_process_that_fails_is_told_with_its_last_words(tmp_path):
    with pytest.raises(SystemFailed, match=r"status 3(.|\n)*no such luck"):
        run(
            [sys.executable, "-c", "import sys; sys.stderr.write('no such luck'); sys.exit(3)"],
            {},
            tmp_path / "log",
            60,
        )


def test_a_process_that_takes_too_long_is_stopped(tmp_path):
    with pytest.raises(SystemFailed, match="took too long"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path / "log", 0.5)


def test_memory_of_children_counts(tmp_path):
    script = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "'import time; held = bytearray(200_000_000); time.sleep(0.5)']); print('{}')"
    )
    assert run([sys.executable, "-c", script], {}, tmp_path / "log", 60).peak > 200_000_000


def test_an_outcome_is_kept_unless_it_failed(tmp_path):
    done = Outcome(0, "txtai", "ask", 1.0, 2.0, 3, {"size": 4})
    done.save(tmp_path)
    assert Outcome.read(tmp_path / done.name) == done
    Outcome(0, "txtai", "ask", fault="it broke").save(tmp_path)
    assert Outcome.read(tmp_path / done.name) is None


def test_outcomes_of_another_measurement_are_not_gone_on_with(tmp_path):
    kept = tmp_path / "outcomes" / "one.json"
    prepare_folder(tmp_path, {"systems": ("a",), "python": Path("p")}, resume=False)
    kept.write_text("{}")
    prepare_folder(tmp_path, {"systems": ("a",), "python": Path("p")}, resume=True)
    assert kept.exists()
    prepare_folder(tmp_path, {"systems": ("b",), "python": Path("p")}, resume=True)
    assert not kept.exists()
