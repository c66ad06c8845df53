"""`pullquote completion`: the scripts, and what a real shell makes of them."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NEEDS_BASH = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture
def command(tmp_path, monkeypatch):
    """A folder on the PATH in which `pullquote` is the command of this checkout."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "pullquote"
    script.write_text(f"#!{sys.executable}\nfrom ui.cli import main\n\nmain()\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return script


def completed(*words):
    """What bash offers for the last of the words."""
    script = """
        source <(pullquote completion bash)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        $(complete -p pullquote | sed 's/.*-F \\([^ ]*\\) .*/\\1/') pullquote
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    ran = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    return ran.stdout.split()


@NEEDS_BASH
@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(("words", "offered"), [
    (("pullquote", "re"), ["remove", "reindex", "restore"]),
    (("pullquote", "eval", "ca"), ["calibrate"]),
    (("pullquote", "add", "--"), ["--json", "--ray", "--help"]),
    (("pullquote", "ask", "--format", ""), ["plain", "marked"]),
    (("pullquote", "completion", ""), ["bash", "zsh", "fish"]),
    (("pullquote", "add", "sto"), []),  # bash then offers files
])  # fmt: skip
def test_bash_completes_commands_options_and_values(words, offered):
    assert completed(*words) == offered


@NEEDS_BASH
@pytest.mark.usefixtures("command")
def test_where_nothing_is_offered_bash_and_fish_offer_files():
    script = "source <(pullquote completion bash); complete -p pullquote"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("complete -o default -F ")
    asked = {"_PULLQUOTE_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    for line, status in (("pullquote add ", 1), ("pullquote ver", 0)):
        environment = os.environ | asked | {"_TYPER_COMPLETE_ARGS": line}
        assert subprocess.run(["pullquote"], env=environment, capture_output=True, check=False).returncode == status


@pytest.mark.parametrize(("shell", "start"), [
    ("bash", "_pullquote_completion() {\n"), ("zsh", "#compdef pullquote\n"), ("fish", "complete --command pullquote "),
])  # fmt: skip
def test_each_script_begins_as_its_shell_needs_it(pullquote, shell, start):
    ran = pullquote("completion", shell)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(start)
    assert ran.out.endswith("\n")
    assert not ran.out.endswith("\n\n")


def test_another_shell_is_one_sentence(pullquote):
    ran = pullquote("completion", "tcsh")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in ran.err
