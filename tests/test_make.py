"""`make test` with and without Chromium, apt-get and root, and what is installed: commands are recorded by stand-ins."""

import re
import shutil
import subprocess
import tomllib
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
    for stamp in (".installed", ".installed-dev"):
        (tmp_path / stamp).touch()
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
        places = {
            "VENV": tmp_path,
            "BIN": bin_folder,
            "STAMP": tmp_path / ".installed",
            "FULL": tmp_path / ".installed-dev",
        }
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


def locked(name):
    """The requirements of a lock file, each with the digests of its files."""
    return re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-gpu.lock"])
def test_every_requirement_of_a_lock_has_its_version_and_the_digests_of_its_files(name):
    entry = re.compile(r"[A-Za-z0-9._-]+==[^ ;]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+")
    assert [one.partition("\n")[0] for one in locked(name) if not entry.fullmatch(one)] == []


def names_in(lock):
    return {one.partition("==")[0] for one in locked(lock)}


def test_the_locks_hold_all_that_the_project_names_and_serving_needs_the_first_alone():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def named(requirements):
        names = {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in requirements}
        return names - {"pullquote"}

    beside = named(one for extra in ("dev", "milvus", "ray", "training") for one in extras[extra])
    serving, testing = names_in("requirements.lock"), names_in("requirements-dev.lock")
    assert named(project["dependencies"]) - serving == set()
    assert beside - serving - testing == set()
    assert serving & testing == set()
    assert {"pytest", "playwright", "mypy", "ray"} & serving == set()


TORCH = ".venv/torch.txt"


@pytest.mark.parametrize(("target", "locks"), [
    ("serve", [TORCH, "requirements.lock", "requirements-gpu.lock"]),
    ("env", [TORCH, "requirements.lock", "requirements-gpu.lock", "requirements-dev.lock"]),
])  # fmt: skip
def test_nothing_is_installed_whose_bytes_are_not_known(tmp_path, target, locks):
    """All that pip is told to install is checked by digests, but for this project itself, which stands behind the GPU's."""
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-gpu.lock"):
        (tmp_path / name).symlink_to(ROOT / name)
    stand_in(tmp_path / "pullquote", "exit 0")
    stand_in(tmp_path / "python3", 'mkdir -p "$3/bin" && cp python pullquote "$3/bin" || true')
    stand_in(tmp_path / "python", 'echo "$*" >>calls; case "$*" in *torch*) exit 1; esac')
    command = ["make", "--no-print-directory", "-f", ROOT / "Makefile", target, "PYTHON=./python3"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    installed = [
        line.partition(" install ")[2] for line in (tmp_path / "calls").read_text().splitlines() if "-m pip" in line
    ]
    options = "--quiet --disable-pip-version-check --no-deps"
    expected = [f"{options} --require-hashes --requirement {lock}" for lock in locks]
    expected.insert(3, f"{options} --no-build-isolation --editable .")
    assert installed == expected
