"""A library survives whatever happens to the process that writes it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS = {"add", "remove", "sync", "snapshot", "reindex", "backup"}


def killed(runs, seed):
    """The kinds of change in which so many processes were killed; none may have left a fault."""
    # A process of its own, as it forks: threads of the other tests would not come along.
    command = [sys.executable, "-m", "tests.crash", "--runs", str(runs), "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    result = json.loads(done.stdout or "{}")
    assert (result.get("faults"), done.stderr, done.returncode) == ([], "", 0)
    return result["killed"].keys()


def test_two_hundred_processes_are_killed_and_nothing_is_lost_or_half_done():
    cut = set(killed(200, seed=1))
    for seed in (2, 3, 4):  # when a process is killed, the clock decides
        if not cut >= KINDS:
            cut |= killed(80, seed)
    assert cut >= KINDS  # each kind of change was cut short
