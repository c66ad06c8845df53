"""A measurement: every system does every step in every round, one at a time, in a shuffled order."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from benchmarks.material import Material
from benchmarks.outcome import Outcome, Step, scored
from benchmarks.process import Ran, SystemFailed, run
from benchmarks.systems.protocol import Job

ROOT = Path(__file__).parent.parent
OURS = "pullquote"
READING = (OURS, "haystack", "txtai")
SYSTEMS = (*READING, "llama_index", "langchain")
_FIRST: Step = "prepare"
_STEPS: tuple[Step, ...] = ("index", "equal", "cold", "ask")
_LONGEST = 1800.0  # seconds that a step may take
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How it is measured: `neighbours` is the Python of their environment, `k` how many passages are read."""

    neighbours: Path
    rounds: int
    cores: int
    k: int
    systems: tuple[str, ...] = SYSTEMS


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement: its material, written to the folder `work` beforehand, and how it is measured."""

    material: Material
    setting: Setting
    work: Path

    def outcomes(self, tell: Callable[[str], None]) -> Iterator[Outcome]:
        """Each outcome as it comes, from its file where an earlier run has left it."""
        shuffled = Random(self.setting.rounds)  # noqa: S311 - nothing secret
        in_rounds = [(step, number) for number in range(self.setting.rounds) for step in _STEPS]
        for step, number in [(_FIRST, 0), *in_rounds]:
            order = list(self.setting.systems)
            shuffled.shuffle(order)
            for system in order:
                yield self._outcome(Outcome(number, system, step), tell)

    def _outcome(self, wanted: Outcome, tell: Callable[[str], None]) -> Outcome:
        if done := Outcome.read(self.work / "outcomes" / wanted.name):
            return done
        tell(f"Round {wanted.round + 1}: {wanted.system}, {wanted.step} …")
        try:
            outcome = self._measured(wanted)
        except SystemFailed as fault:
            tell(str(fault))
            outcome = Outcome(wanted.round, wanted.system, wanted.step, fault=str(fault))
        outcome.save(self.work / "outcomes")
        return outcome

    def _measured(self, wanted: Outcome) -> Outcome:
        job = self._job(wanted)
        if wanted.step in {"index", "equal"}:
            shutil.rmtree(job.index, ignore_errors=True)
            job.index.mkdir(parents=True)
        file = self.work / "job.json"
        job.save(file)
        log = self.work / "logs" / f"{wanted.name}.log"
        ran = run(self._command(wanted, job, file), self._environment(job), log, _LONGEST)
        return Outcome(wanted.round, wanted.system, wanted.step, ran.first, ran.wall, ran.peak, self._reply(job, ran))

    def _job(self, wanted: Outcome) -> Job:
        equal = wanted.step == "equal"
        ours = wanted.system == OURS
        count = len(self.material.asked)
        of_this_round = tuple(range(wanted.round, count, self.setting.rounds))
        return Job(
            texts=self.work / ("passages.jsonl" if equal and not ours else "part.jsonl" if equal else "articles.jsonl"),
            questions=self.work / "questions.jsonl",
            index=self.work / f"{'equal' if equal else 'index'}-{wanted.system}",
            reader=self.work / "reader",
            cache=self.work / "cache",
            is_cut=equal and not ours,
            k=self.setting.k,
            asked=(wanted.round % count,) if wanted.step == "cold" else of_this_round,
        )

    def _command(self, wanted: Outcome, job: Job, file: Path) -> list[str]:
        """The worker of the system; Pullquote starts cold as its user starts it, by the command line."""
        if wanted.system == OURS and wanted.step == "cold":
            (number,) = job.asked
            return [str(Path(sys.executable).with_name(OURS)), "ask", self.material.asked[number].question, "--json"]
        python = sys.executable if wanted.system == OURS else str(self.setting.neighbours)
        stage = "index" if wanted.step == "equal" else wanted.step
        return [python, "-m", f"benchmarks.systems.{wanted.system}_system", stage, str(file)]

    def _environment(self, job: Job) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
        threads = {name: str(self.setting.cores) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        ours = {
            "PULLQUOTE_HOME": str(job.index),
            "PULLQUOTE_CACHE": str(job.cache),
            "PULLQUOTE_PASSAGES": str(job.k),
            "XDG_CONFIG_HOME": str(self.work / "settings"),
        }
        return inherited | _OFFLINE | threads | ours | {"PYTHONPATH": str(ROOT)}

    def _reply(self, job: Job, ran: Ran) -> dict[str, object]:
        """What is kept of a reply: of questions what they are worth, not the passages."""
        if "replies" not in ran.reply:
            return {name: value for name, value in ran.reply.items() if name in _KEPT_FIELDS}
        pairs = zip(job.asked, ran.reply["replies"], strict=True)
        scores = [asdict(scored(reply, self.material.asked[number])) for number, reply in pairs]
        return {"size": ran.reply["size"], "questions": scores}


_KEPT_FIELDS = {"versions", "passages", "seconds", "loading", "size"}


def prepare_folder(work: Path, record: dict[str, object], resume: bool) -> None:
    """The working folder made ready: emptied, unless its outcomes are of the same measurement and wanted."""
    record = json.loads(json.dumps(record, default=str))  # as it comes back from the file
    settings = work / "measurement.json"
    same = settings.is_file() and json.loads(settings.read_text(encoding="utf-8")) == record
    if not (resume and same):
        shutil.rmtree(work / "outcomes", ignore_errors=True)
    for name in ("outcomes", "logs", "settings"):
        (work / name).mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(record), encoding="utf-8")
