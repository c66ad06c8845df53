"""Several processes on one library: one asks while others write, and two that follow folders at once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corpus.library.store import Library
from corpus.load import load
from index.ingest import add
from index.maintenance.verify import verify
from rag.assemble import assemble
from rag.options import AskOptions
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder

ROOT = Path(__file__).parents[1]

_FOLLOW = """
import sys
from pathlib import Path
from corpus.sync.changes import changes
from corpus.library.store import Library
from index.sync.folder_sync import read, settle
from tests.fakes import HashEncoder
library, folder = Library(Path(sys.argv[1])), Path(sys.argv[2])
for _ in range(int(sys.argv[3])):
    found = changes(library, folder)
    settle(library, found)
    list(read(library, HashEncoder(), found))
"""


def following(library, folder, times=1):
    command = [sys.executable, "-c", _FOLLOW, str(library.path), str(folder), str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process):
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output) == (0, "")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "clippings"
    folder.mkdir()
    for number in range(60):
        words = f"The lantern of number {number} hangs in the harbour of port {number}. "
        (folder / f"{number}.txt").write_text(words * 40)
    return folder


def test_whoever_asks_while_others_write_gets_one_state_or_the_next(library, folder):
    (folder / "0.txt").write_text("The captain of the ferry Osprey is Mara Lindqvist.")
    list(add(library, HashEncoder(), load(folder / "0.txt")))
    encoder = HashEncoder()
    pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
    stop = threading.Event()
    replies, faults = [], []

    def ask():
        while not stop.is_set():
            try:
                replies.append(pipeline.ask("Who is the captain of the ferry Osprey?", AskOptions(10, 0.0)))
            except Exception as fault:  # noqa: BLE001 - any is one too many
                faults.append(fault)
        library.close()

    asking = threading.Thread(target=ask)
    asking.start()
    ended(following(library, folder))
    for number in range(1, 60):
        (folder / f"{number}.txt").unlink()
    ended(following(library, folder))
    stop.set()
    asking.join()
    assert faults == []
    generations = [reply.library.generation for reply in replies]
    assert generations == sorted(generations)
    assert len(set(generations)) > 3
    for reply in replies:
        assert any("Mara Lindqvist" in quote.text for answer in reply.answers for quote in answer.quotes)
    assert library.counts()[0] == 1


def test_two_that_follow_one_folder_at_once_do_the_work_of_one(library, folder):
    for process in [following(library, folder, times=3) for _ in range(3)]:
        ended(process)
    assert [found for found in verify(library) if found.is_damage] == []
    held = {header.source: library.article(header.id).text for header in library.headers()}
    assert held == {str(file): file.read_text().strip() for file in folder.iterdir()}


def test_two_that_follow_a_folder_in_which_files_move_agree(library, folder):
    ended(following(library, folder))
    before = {header.source: header.id for header in library.headers()}
    for number in range(30):
        (folder / f"{number}.txt").rename(folder / f"moved-{number}.txt")
        (folder / f"{number + 30}.txt").unlink()
    for process in [following(library, folder, times=2) for _ in range(3)]:
        ended(process)
    after = {header.source: header.id for header in library.headers()}
    assert after == {f"{folder}/moved-{number}.txt": before[f"{folder}/{number}.txt"] for number in range(30)}
    assert [found for found in verify(library) if found.is_damage] == []
