"""A disk that is full, or that may not be written: a clear sentence, and nothing is lost."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.library.store import Library
from index.maintenance.verify import verify
from index.search import HybridIndex
from tests.fakes import HashEncoder

ROOT = Path(__file__).parents[1]

# Articles with words of their own until there is no room, then once more; prints how many were told as added.
_FILL = """
import sqlite3, sys
from pathlib import Path
from corpus.article import Article
from corpus.library.store import Library
from index.ingest import add
from tests.fakes import HashEncoder
library = Library(Path(sys.argv[1]))
def put(number):
    text = " ".join(f"word{number}x{place}" for place in range(300)) + "."
    return sum(entry.outcome == "added" for entry in add(library, HashEncoder(), [
        Article(f"a{number}", "T", text, f"{number}.txt", sha256=str(number))
    ]))
held = before = library.counts()[0]
try:
    while True:
        held += put(held)
except sqlite3.OperationalError as fault:
    print(held - before, fault)
"""


def filled(path, **options):
    """How many articles went in until there was no room, and what was said then."""
    command = [sys.executable, "-c", _FILL, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, **options)
    count, _, fault = done.stdout.strip().partition(" ")
    return int(count), fault


def holds(path, count):
    """The library is whole, holds so many articles and finds the last of them."""
    library = Library(path)
    assert [found for found in verify(library) if found.is_damage] == []
    assert library.counts()[0] == count
    (hit, *_) = HybridIndex(library, HashEncoder()).search(f"word{count - 1}x7", 1)
    assert hit.passage.article_id == f"a{count - 1}"
    library.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_loses_nothing(small_disk):
    path = small_disk / "library.sqlite"
    count, fault = filled(path)
    assert count > 10
    assert fault == "database or disk is full"
    holds(path, count)
    subprocess.run(["mount", "-o", "remount,size=6m", str(small_disk)], check=True)
    more, _ = filled(path)  # there is room again
    assert more > 10
    holds(path, count + more)


def test_a_file_that_may_not_grow_loses_nothing(tmp_path):
    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    path = tmp_path / "library.sqlite"
    count, fault = filled(path, preexec_fn=limited)
    assert count > 10
    assert "disk" in fault
    holds(path, count)


def command(home, *arguments):
    code = "from ui.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PULLQUOTE_HOME": str(home), "PULLQUOTE_READER": "sentence"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.model
def test_a_disk_that_may_not_be_written_is_reported_and_can_be_asked(small_disk):
    note = small_disk / "note.txt"
    note.write_text("The ferry Osprey has a new captain, Mara Lindqvist.")
    assert command(small_disk, "add", str(note)).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    asked = command(small_disk, "ask", "Who is the new captain of the ferry Osprey?", "--threshold", "0")
    assert "Mara Lindqvist" in asked.stdout
    done = command(small_disk, "sync", str(small_disk), "--allow-empty", "--exclude", "*")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "The library could not be written or read (attempt to write a readonly database); check the disk and the folder "
        "in PULLQUOTE_HOME.\n"
    )
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert command(small_disk, "sync", str(small_disk)).returncode == 0
