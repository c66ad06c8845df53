"""Measures Pullquote and its neighbours on the same articles and questions: `python -m benchmarks SET --out FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter, strftime

from benchmarks.charts import CHARTS, chart_svg
from benchmarks.figures import bars, figures
from benchmarks.material import SAMPLE, Material, read_material
from benchmarks.measurement import OURS, ROOT, SYSTEMS, Measurement, Setting, prepare_folder
from benchmarks.outcome import Outcome
from benchmarks.table import page
from index.encoder.encoder import Encoder
from rag.assemble import open_encoder
from rag.reader.read import SHIPPED
from rag.settings import Settings

_NEIGHBOURS = ROOT / ".venv-benchmarks" / "bin" / "python"
_GIB = 1 << 30


def main() -> None:
    """Measures what the command line asks for and writes results.json, results.md and the charts."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped; the same command with --resume goes on from here."))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.cores])
    systems = tuple(arguments.systems)
    if systems != (OURS,) and not arguments.neighbours.is_file():
        sys.exit(f"The neighbours' environment is not there ({arguments.neighbours}); `make benchmarks` makes it.")
    started = perf_counter()
    material = read_material(arguments.set, arguments.articles, arguments.questions)
    setting = Setting(arguments.neighbours, arguments.rounds, arguments.cores, arguments.passages, systems)
    work = (arguments.out / "work").absolute()
    sizes = {
        "set": arguments.set.name,
        "articles": arguments.articles,
        "questions": arguments.questions,
        "equal": arguments.equal,
    }
    prepare_folder(work, asdict(setting) | sizes, arguments.resume)
    equal = _prepared(material, work, arguments.equal)
    outcomes = list(Measurement(material, setting, work).outcomes(_tell))
    facts = _facts(material, setting, outcomes) | {
        "the same passages": f"{equal:,}, as Pullquote cuts them",
        "whole run": f"{(perf_counter() - started) / 60:.0f} minutes, on {strftime('%Y-%m-%d')}",
    }
    _write(arguments.out, material, outcomes, facts)


def _prepared(material: Material, work: Path, equal_words: int) -> int:
    """Writes what the systems are given; how many passages all of them index alike."""
    from benchmarks.checkpoint import write_checkpoint

    part = material.part(equal_words)
    material.write_articles(work / "articles.jsonl")
    material.write_questions(work / "questions.jsonl")
    part.write_articles(work / "part.jsonl")
    if not (work / "reader" / "model.safetensors").is_file():
        write_checkpoint(SHIPPED, work / "reader")
    encoder: Encoder = open_encoder(Settings(cache=work / "cache"), _tell)
    return part.write_passages(work / "passages.jsonl", encoder)


def _facts(material: Material, setting: Setting, outcomes: Sequence[Outcome]) -> dict[str, str]:
    versions = {
        package: version
        for one in outcomes
        if one.step == "prepare"
        for package, version in one.reply.get("versions", {}).items()
    }
    return {
        "set": f"{material.name}: {len(material.articles)} articles, {material.words:,} words, "
        f"{len(material.asked)} questions, {setting.rounds} rounds, {setting.k} passages read",
        "machine": f"{_processor()}, {setting.cores} cores, "
        f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / _GIB:.0f} GiB, {platform.system()}",
        "Python": platform.python_version(),
        "versions": ", ".join(f"{package} {version}" for package, version in sorted(versions.items())),
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _write(out: Path, material: Material, outcomes: Sequence[Outcome], facts: dict[str, str]) -> None:
    names = list(dict.fromkeys(one.system for one in outcomes))
    found = {name: figures(name, outcomes, material.words) for name in sorted(names, key=SYSTEMS.index)}
    reached = bars(found)
    record = {
        "facts": facts,
        "figures": {name: asdict(one) for name, one in found.items()},
        "bars": [asdict(bar) for bar in reached],
        "outcomes": [asdict(one) for one in outcomes],
    }
    (out / "results.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    text = page(list(found.values()), reached, facts, [one.fault for one in outcomes if one.fault])
    (out / "results.md").write_text(text, encoding="utf-8")
    for chart in CHARTS:
        if svg := chart_svg(chart, list(found.values())):
            (out / f"{chart.name}.svg").write_text(svg, encoding="utf-8")
    sys.stdout.write(text)


def _tell(words: str) -> None:
    sys.stderr.write(f"{strftime('%H:%M:%S')} {words}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Pullquote beside its neighbours.")
    parser.add_argument("set", type=Path, nargs="?", default=SAMPLE, help="a SQuAD file (default: the sample set)")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="where the results go")
    parser.add_argument("--articles", type=int, default=48, help="the first so many articles of the set")
    parser.add_argument("--questions", type=int, default=200, help="so many questions in all rounds together")
    parser.add_argument("--equal", type=int, default=40_000, help="words of the articles that are indexed alike")
    parser.add_argument("--passages", type=int, default=20, help="how many passages are found and read")
    parser.add_argument("--rounds", type=int, default=3, help="how often each system does each step")
    parser.add_argument("--cores", type=int, default=2, help="how many cores every system has")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS, help="which are measured")
    parser.add_argument("--neighbours", type=Path, default=_NEIGHBOURS, help="the Python of their environment")
    parser.add_argument("--resume", action="store_true", help="goes on with an interrupted run of the same measurement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
