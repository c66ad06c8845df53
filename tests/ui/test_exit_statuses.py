"""The table of exit statuses in the guide is what the commands do: each of its cells is brought about here."""

import inspect
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from corpus.library.feedback import Judgement, keep
from corpus.library.judged_answers import JudgedAnswer
from corpus.library.store import Library
from eval import evaluate as evaluating
from eval.gate import pin
from eval.metrics.score import score
from rag import assemble
from tests.eval import example_runs
from tests.fakes import HashEncoder
from ui.commands import ask, library, maintenance, reindex, sync
from ui.commands.tree import create_cli

ROOT = Path(__file__).parents[2]
MODELS = (HashEncoder().card.identity, "sentence")
PATCHED = """
import sys
from tests.fakes import HashEncoder
from ui.commands import ask
ask.open_encoder = lambda *_: HashEncoder()
from ui.cli import main
sys.argv[0] = "pullquote"
main()
"""


def commands(group=None, path=""):
    """The commands that do something, by their full names."""
    for name, command in (group or get_command(create_cli())).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} ")
        else:
            yield f"{path}{name}", command


def table():
    """The statuses that the guide has for each command."""
    page = (ROOT / "docs" / "guides" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("\n## Exit statuses\n")[2]
    for row in re.findall(r"^\| (`.+) \|$", section, re.MULTILINE):
        names, *cells = row.split("|")
        for name in re.findall("`([^`]+)`", names):
            yield name, {status for status, cell in enumerate(cells) if cell.strip()}


COMMANDS, TABLE = dict(commands()), dict(table())
GOLD = (example_runs.gold("1912"),)
RIGHT = example_runs.numbered(example_runs.record(GOLD, example_runs.reading("1912", 3.0)))
WRONG = example_runs.numbered(example_runs.record(GOLD, hits=()), started="2026-04-02T12:00:00")


class Desk:
    """A folder with files, and a library that holds one of them."""

    def __init__(self, folder, home, monkeypatch):
        self.folder, self.home, self.monkeypatch = folder, home, monkeypatch

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, stored=RIGHT):
        return str(stored.save(self.folder / "runs"))

    def judge(self, count, verdict):
        """Keeps judgements of the one article."""
        opened = Library(self.home / "library.sqlite")
        (header,) = opened.headers()
        words = opened.article(header.id).text[:9]
        for number in range(count):
            judged = Judgement(f"Question {number}?", verdict, header.id, 0, 9, words)
            keep(opened, judged, JudgedAnswer(0.9 - number / 1000, *MODELS))
        opened.close()

    def damage(self):
        opened = Library(self.home / "library.sqlite")
        opened.connection.execute("DELETE FROM vector")
        opened.close()

    def identity(self):
        opened = Library(self.home / "library.sqlite")
        (header,) = opened.headers()
        opened.close()
        return header.id

    def gate(self, measured):
        """The baseline has one set, and asking it gives what is measured."""
        self.monkeypatch.setattr("ui.commands.evaluate.load_baseline", lambda: pin([], score(RIGHT), "made.jsonl"))
        self.monkeypatch.setattr("ui.commands.evaluate.measure", lambda *_: score(measured))
        return []


BROUGHT_ABOUT = {
    ("add", 0): lambda desk: [str(desk.folder)],
    ("add", 2): lambda desk: [desk.file("broken.pdf", "no PDF")],
    ("sync", 0): lambda desk: [str(desk.folder)],
    ("sync", 2): lambda desk: [str(Path(desk.file("broken.pdf", "no PDF")).parent)],
    ("remove", 0): lambda desk: [desk.identity()],
    ("reindex", 0): lambda desk: [],
    ("list", 0): lambda desk: [],
    ("show", 0): lambda desk: [desk.identity()],
    ("ask", 0): lambda desk: ["Who was hurt on the ferry?", "--threshold", "0"],
    ("ask", 1): lambda desk: ["Who was hurt on the ferry?", "--threshold", "1"],
    ("search", 0): lambda desk: ["ferry"],
    ("search", 1): lambda desk: ["zeppelin", "--mode", "lexical"],
    ("locate", 0): lambda desk: ["Nobody was hurt."],
    ("locate", 1): lambda desk: ["Nobody there was hurt."],
    ("check", 0): lambda desk: [desk.file("draft.md", "“Nobody was hurt” and “The ferry ran aground”.")],
    ("check", 1): lambda desk: [desk.file("draft.md", "“The ferry sank aground”")],
    ("status", 0): lambda desk: [],
    ("feedback", 0): lambda desk: ["Who?", "nothing"],
    ("judgements list", 0): lambda desk: [],
    ("judgements delete", 0): lambda desk: desk.judge(1, "right") or ["1"],
    ("verify", 0): lambda desk: [],
    ("verify", 2): lambda desk: desk.damage() or [],
    ("backup", 0): lambda desk: [str(desk.folder / "copy.backup")],
    ("restore", 0): lambda desk: [str(desk.home / "before.backup"), "--force"],
    ("completion", 0): lambda desk: ["fish"],
    ("eval run", 0): lambda desk: [desk.file("set.jsonl", '{"id": "q", "question": "Who?", "answers": []}\n'), "--library"],
    ("eval sweep", 0): lambda desk: [desk.run()],
    ("eval compare", 0): lambda desk: [desk.run(), desk.run(WRONG)],
    ("eval gate", 0): lambda desk: desk.gate(RIGHT),
    ("eval gate", 1): lambda desk: desk.gate(WRONG),
    ("eval report", 0): lambda desk: [desk.run()],
    ("eval build", 0): lambda desk: desk.judge(1, "right") or [str(desk.folder / "built.jsonl")],
    ("eval calibrate", 0): lambda desk: desk.judge(60, "right") or ["--library"],
    ("eval calibrate", 1): lambda desk: desk.judge(60, "wrong") or ["--library"],
    ("eval calibrate", 2): lambda desk: ["--library"],
    ("eval import", 0): lambda desk: [desk.file("t.csv", "question,answer\nWhen?,1912\n,1913\n"), str(desk.folder / "t.jsonl")],
    ("eval export", 0): lambda desk: [desk.run(), str(desk.folder / "run.trec"), "--format", "trec"],
}  # fmt: skip
SERVED = {("serve", 0), ("mcp", 0)}


@pytest.fixture
def desk(pullquote, home, tmp_path, monkeypatch):
    """No model is opened: texts are encoded by their words and read sentence by sentence."""
    for module in (assemble, ask, library, maintenance, reindex, sync, evaluating):
        monkeypatch.setattr(module, "open_encoder", lambda *_: HashEncoder())
    monkeypatch.setattr("ui.commands.calibrate.model_names", lambda _: MODELS)
    monkeypatch.setenv("PULLQUOTE_READER", "sentence")
    folder = tmp_path / "clippings"
    folder.mkdir()
    made = Desk(folder, home, monkeypatch)
    assert pullquote("add", made.file("ferry.txt", "The ferry ran aground. Nobody was hurt.")).status == 0
    assert pullquote("backup", str(home / "before.backup")).status == 0
    return made


def test_the_table_has_every_command():
    assert TABLE.keys() == COMMANDS.keys()


def test_each_cell_of_the_table_is_brought_about():
    assert {(name, status) for name, statuses in TABLE.items() for status in statuses} == BROUGHT_ABOUT.keys() | SERVED


@pytest.mark.parametrize(("name", "status"), BROUGHT_ABOUT)
def test_a_command_ends_as_the_table_says(pullquote, desk, name, status):
    ran = pullquote(*name.split(), *BROUGHT_ABOUT[name, status](desk))
    assert ran.status == status, ran


@pytest.mark.parametrize("name", COMMANDS)
def test_no_other_command_ends_with_1(name):
    source = inspect.getsource(inspect.unwrap(COMMANDS[name].callback))
    assert ("typer.Exit(1)" in source) is (1 in TABLE[name])


def test_only_commands_themselves_end_with_1():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "ui").rglob("*.py"))
    assert sources.count("Exit(1)") == sum(1 in statuses for statuses in TABLE.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistake_is_2_for_every_command(pullquote, name):
    ran = pullquote(*name.split(), "--no-such-option")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_a_server_ends_with_0_when_it_is_told_to(command):
    options = ["--port", "0"] if command == "serve" else []
    with subprocess.Popen(
        [sys.executable, "-c", PATCHED, command, *options], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        if command == "serve":
            assert any("Pullquote answers at" in line for line in iter(server.stderr.readline, ""))
            server.send_signal(signal.SIGINT)
        server.communicate(timeout=120)
    assert server.returncode == 0
