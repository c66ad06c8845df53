"""A library survives whatever happens to the process that writes it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
KINDS = {"add", "remove", "sync", "snapshot", "reindex", "backup"}


def test_two_hundred_processes_are_killed_and_nothing_is_lost_or_half_done():
    # A process of its own, as it forks: threads of the other tests would not come along.
    command = [sys.executable, "-m", "tests.crash", "--runs", "200", "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout or "{}")
    assert (told.get("faults"), done.stderr, done.returncode) == ([], "", 0)
    assert told["killed"].keys() >= KINDS  # each kind of change was cut short
