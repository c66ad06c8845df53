"""`make test` with and without Chromium, apt-get and root: the commands that it calls are recorded by stand-ins."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEFT_OUT = (
    "There is no Chromium, so the browser tests are left out: run 'apt-get install chromium', then 'make test'.\n"
)
INSTALLING = "Installing Debian's Chromium for the browser tests\n"

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def stand_in(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """Runs make on a machine that has the named commands: each, and pytest, writes how it was called to `calls`."""
    commands, bin_folder, calls = tmp_path / "commands", tmp_path / "bin", tmp_path / "calls"
    for folder in (commands, bin_folder):
        folder.mkdir()
    (tmp_path / ".installed").touch()
    for name in ("sh", "cat", "make"):
        (commands / name).symlink_to(shutil.which(name))
    for name in ("python", "ruff", "mypy"):
        stand_in(bin_folder / name, f'echo "{name} $*" >>{calls}')

    def run(target, *has, user=1000):
        stand_in(commands / "id", f"echo {user}")
        for name in has:
            stand_in(commands / name, f'echo "{name} $*" >>{calls}')
        if "apt-get" in has:
            stand_in(commands / "apt-get", f'echo "apt-get $*" >>{calls}; [ "$1" = update ] || : >{commands}/chromium')
        places = {"VENV": tmp_path, "BIN": bin_folder, "STAMP": tmp_path / ".installed"}
        ran = subprocess.run(
            [commands / "make", "--no-print-directory", "SHELL=/bin/sh", target, *(f"{name}={at}" for name, at in places.items())],
            cwd=ROOT, env={"PATH": str(commands)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout, sorted(calls.read_text().splitlines()) if calls.exists() else []

    return run


@pytest.mark.parametrize("user", [0, 1000])
def test_chromium_that_is_there_is_used(machine, user):
    assert machine("chromium", "chromium", "apt-get", user=user) == ("", [])


def test_root_has_chromium_installed_where_apt_get_is(machine):
    assert machine("chromium", "apt-get", user=0) == (
        INSTALLING,
        ["apt-get install -y -qq chromium", "apt-get update -qq"],
    )


@pytest.mark.parametrize(("has", "user"), [((), 0), ((), 1000), (("apt-get",), 1000)])
def test_without_chromium_the_browser_tests_are_left_out_and_the_others_run(machine, has, user):
    said, calls = machine("test", *has, user=user)
    assert said.startswith(LEFT_OUT)
    tests = [call for call in calls if call.startswith("python -m pytest")]
    assert len(tests) == 2
    assert all("-m not browser" in call for call in tests)
    assert not [call for call in calls if call.startswith("apt-get")]
    assert {"mypy ", "ruff check ."} <= set(calls)


def test_with_chromium_all_tests_run(machine):
    said, calls = machine("test", "chromium")
    assert LEFT_OUT not in said
    tests = [call for call in calls if call.startswith("python -m pytest")]
    assert len(tests) == 2
    assert not [call for call in tests if "-m not browser" in call]
