"""Adding with Ray gives what plain adding gives, whatever becomes of the workers; on a real cluster of three.

Runs before the tests of Milvus: a process that has had dozens of Milvus Lite's servers in it starts no cluster.
"""

import os
import pickle
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import Refusal, load
from corpus.sample import SAMPLE
from corpus.sourcefile import SourceFile
from index import ingest
from index.distributed import distribute
from index.distributed.batch import Unfit, Work, WorkerTask, WorkItem
from index.distributed.cluster import LOCAL, NoCluster, RayMissing, WorkFailed, connected
from index.encoder.encoder import BUNDLED, OpenVINOEncoder, compiled_folder
from index.ingest import Entry
from index.lexical import lexical
from index.manifest import StaleIndex, fitted
from tests.fakes import HashEncoder
from tests.index.indexed import contents

if find_spec("ray") is None:  # not imported: `index.distributed.cluster` has to tell it first what it reads then
    pytest.skip("ray is not installed", allow_module_level=True)
# Ray's own, about settings of its own that it reads itself.
pytestmark = [pytest.mark.filterwarnings(r"ignore:`use_\w+` is deprecated:DeprecationWarning")]

WORKERS = 3


@pytest.fixture(scope="module")
def cluster():
    with connected(LOCAL, WORKERS) as found:
        yield found


def added(library, paths, opening=HashEncoder):
    return list(distribute.add(library, opening, paths))


def plainly_added(library, paths, encoder):
    return list(ingest.add(library, encoder, (item for path in paths for item in load(path))))


def everything(library):
    """All that two libraries can differ in, but for when they were written."""
    articles = [library.article(header.id) for header in library.headers()]
    return contents(library) | {"articles": articles, "found": list(lexical.search(library, "ferry", 1000))}


@pytest.fixture
def stories(tmp_path):
    """Forty articles of two paragraphs, about 200 words each."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for number in range(40):
        words = " ".join(f"Boat {number} met wave {wave} off the point." for wave in range(13))
        (folder / f"story-{number:02}.txt").write_text(f"{words}\n\nThe end of {number}. {words}")
    return sorted(folder.iterdir())


@pytest.fixture
def mixed(tmp_path):
    """The articles that ship, and what cannot be added or not again: copies, bad lines, empty and missing files."""
    (tmp_path / "first.txt").write_text("The bell came home. It rang.")
    (tmp_path / "again.txt").write_text("The bell came home. It rang.")
    (tmp_path / "lines.jsonl").write_text(
        '{"_id": "1", "text": "One."}\n{"_id"\n{"_id": "2", "text": "Two ferries."}\n'
    )
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "white.txt").write_text(" \n ")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    names = [
        "first.txt",
        "again.txt",
        "lines.jsonl",
        "lines.jsonl",
        "empty.txt",
        "missing.txt",
        "white.txt",
        "broken.pdf",
    ]
    return [*sorted(SAMPLE.iterdir()), *(tmp_path / name for name in names), tmp_path]


@pytest.mark.usefixtures("cluster")
def test_a_library_added_to_by_workers_is_the_one_that_is_added_to_plainly(library, mixed, tmp_path):
    plain = Library(tmp_path / "plain.sqlite")
    expected = plainly_added(plain, mixed, HashEncoder())
    assert Counter(entry.outcome for entry in expected) == {"added": 22, "skipped": 3, "refused": 7}
    assert added(library, mixed) == expected
    assert everything(library) == everything(plain)


@dataclass(frozen=True, slots=True)
class Noting:
    """Opens HashEncoders that note each text they encode in a file."""

    notes: Path

    def __call__(self):
        return _NotingEncoder(self.notes)

    def read(self):
        return self.notes.read_text().splitlines() if self.notes.exists() else []


class _NotingEncoder(HashEncoder):
    def __init__(self, notes):
        super().__init__()
        self.notes = notes

    def encode_passages(self, texts):
        with self.notes.open("a") as notes:
            notes.writelines(f"{' '.join(text.split())}\n" for text in texts)
        return super().encode_passages(texts)


@pytest.mark.usefixtures("cluster")
def test_what_has_not_changed_is_skipped_and_of_what_has_only_the_new_is_encoded(library, tmp_path):
    story = tmp_path / "story.txt"
    long = " ".join(f"Nothing happened on day {day}." for day in range(30))
    story.write_text(f"{long}\n\nThe ferry ran aground off the point at low water on Monday.")
    (tmp_path / "other.txt").write_text("Another story.")
    paths = [story, tmp_path / "other.txt"]
    opening = Noting(tmp_path / "notes")
    first = added(library, paths, opening)
    assert sorted(opening.read()) == [
        "Another story.",
        long,
        "The ferry ran aground off the point at low water on Monday.",
    ]
    assert added(library, paths, opening) == [
        Entry(one.source, "skipped", "It has not changed since it was added.", one.article_id, one.title)
        for one in first
    ]
    story.write_text(f"{long}\n\nThe ferry sank off the point at low water on Monday night.")
    assert {entry.source: entry.outcome for entry in added(library, paths, opening)} == {
        str(story): "updated",
        str(tmp_path / "other.txt"): "skipped",
    }
    assert opening.read()[3:] == ["The ferry sank off the point at low water on Monday night."]
    assert library.article(first[0].article_id).text.endswith(
        "The ferry sank off the point at low water on Monday night."
    )


@dataclass(frozen=True, slots=True)
class Deadly:
    """Opens HashEncoders of which the first that gets the text to encode notes its process and waits for its end."""

    text: str
    folder: Path

    def __call__(self):
        return _DeadlyEncoder(self)


class _DeadlyEncoder(HashEncoder):
    def __init__(self, how):
        super().__init__()
        self.how = how

    def encode_passages(self, texts):
        if any(self.how.text in text for text in texts):
            is_first = not (self.how.folder / "victim").exists()
            (self.how.folder / f"attempt-{os.getpid()}").touch()
            if is_first:
                (self.how.folder / "writing").write_text(str(os.getpid()))
                (self.how.folder / "writing").rename(self.how.folder / "victim")
                time.sleep(60)
        return super().encode_passages(texts)


def kill(victim, deadline):
    while not victim.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(int(victim.read_text()), signal.SIGKILL)


@pytest.mark.usefixtures("cluster")
def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_there_twice(library, stories, tmp_path, capfd):
    plain = Library(tmp_path / "plain.sqlite")
    expected = plainly_added(plain, stories, HashEncoder())
    killer = threading.Thread(target=kill, args=(tmp_path / "victim", time.monotonic() + 50))
    killer.start()
    entries = added(library, stories, Deadly("The end of 20.", tmp_path))
    killer.join()
    attempts = [int(path.name.removeprefix("attempt-")) for path in tmp_path.glob("attempt-*")]
    assert len(attempts) == 2
    assert int((tmp_path / "victim").read_text()) in attempts
    assert entries == expected
    assert everything(library) == everything(plain)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("cluster")
def test_a_run_that_is_stopped_keeps_what_it_has_written_and_the_next_goes_on(library, stories, tmp_path):
    long = "\n\n".join(" ".join(f"Line {line} of {part}." for line in range(21)) for part in range(260))
    (tmp_path / "0-long.txt").write_text(long)  # a batch of its own
    paths = [tmp_path / "0-long.txt", *stories]
    adding = distribute.add(library, HashEncoder, paths)
    first = next(adding)
    adding.close()
    assert first.outcome == "added"
    assert library.counts()[0] == 1
    assert Counter(entry.outcome for entry in added(library, paths)) == {"skipped": 1, "added": 40}
    plain = Library(tmp_path / "plain.sqlite")
    plainly_added(plain, paths, HashEncoder())
    assert everything(library) == everything(plain)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Opens a HashEncoder in the process `here`, and in others something else."""

    here: int
    encoder: type[HashEncoder]

    def __call__(self):
        return HashEncoder() if os.getpid() == self.here else self.encoder()


class _Unlike(HashEncoder):
    def __init__(self):
        super().__init__("another")


class _Broken(HashEncoder):
    def encode_passages(self, texts):
        raise MemoryError("no room for it")


@pytest.mark.usefixtures("cluster")
def test_an_error_on_a_worker_is_told_in_a_sentence(library, stories):
    with pytest.raises(
        WorkFailed, match=r"its work \(MemoryError: no room for it\); what was written is kept, and the"
    ):
        added(library, stories, Elsewhere(os.getpid(), _Broken))
    assert library.counts() == (0, 0)


def test_a_library_of_another_encoder_is_told_before_a_cluster_is_looked_for(library, stories):
    plainly_added(library, stories[:1], _Unlike())
    with pytest.raises(StaleIndex):
        list(distribute.add(library, HashEncoder, stories, "127.0.0.1:1"))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:1", r"\[Errno \d+\] Connection refused"),
        ("ray://127.0.0.1:10001", "Ray Data does not work through Ray's client"),
        ("my cluster", "an address is local, auto or HOST:PORT"),
    ],
)
def test_where_there_is_no_cluster_a_sentence_says_what_to_do(library, stories, address, why):
    with pytest.raises(
        NoCluster, match=rf"^No Ray cluster could be joined at '{address}' \({why}\); start one with `ray"
    ):
        list(distribute.add(library, HashEncoder, stories, address))


def test_without_ray_a_sentence_says_how_to_install_it(library, stories, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayMissing, match=r"^Ray is not installed, .*; `pip install 'pullquote\[ray\]'` brings it\.$"):
        added(library, stories)


def test_a_cluster_of_this_machine_is_open_to_nobody_else(cluster):
    import ray

    assert cluster.workers == WORKERS
    assert {node["NodeManagerAddress"] for node in ray.nodes()} == {"127.0.0.1"}
    assert ray.get_runtime_context().gcs_address.startswith("127.0.0.1:")
    assert (os.environ["RAY_AUTH_MODE"], len(os.environ["RAY_AUTH_TOKEN"])) == ("token", 64)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_what_is_on_its_way_is_bounded_by_bytes_and_by_count():
    file = SourceFile("/a.txt", "a.txt", "/a.txt")
    large, small = WorkItem(file, bytes(3 * 2**20)), WorkItem(file, b"a")

    def sizes(items, most, most_bytes):
        return [len(group) for group in distribute._grouped(items, most, most_bytes)]

    window, window_sources = distribute._WINDOW, distribute._WINDOW_SOURCES
    assert sizes([large] * 5, window_sources, window) == [2, 2, 1]
    assert sizes([large] * 5, 2 * window_sources, 2 * window) == [3, 2]
    assert sizes([Refusal("a", "b")] * 2050, 2 * window_sources, 2 * window) == [2048, 2]
    portion = [large, small, large, *[small] * 20]
    assert sizes(portion, distribute._PORTION, distribute._PORTION_BYTES) == [1, 2, 16, 4]


def test_a_worker_reads_bytes_as_the_file_they_come_from_and_a_copy_is_not_cut(tmp_path):
    manifest = fitted(HashEncoder().card)
    job = WorkItem(SourceFile("/no/such/bell.md", "bell.md", "/home/bell.md"), b"# Bell\n\nIt came home.")
    (tmp_path / "bell.md").write_bytes(job.data)
    [read] = load(tmp_path / "bell.md")
    work = Work(HashEncoder, manifest)
    [[ready], [copied]] = work.run(HashEncoder(), [job, replace(job, is_copy=True)])
    assert isinstance(copied, Article)
    assert (copied.title, copied.text, copied.source) == (read.title, read.text, "/home/bell.md")
    assert ready.article == copied
    assert [span.cut(copied.text) for span in ready.spans] == ["It came home."]
    assert len(ready.made) == 1


def test_a_worker_with_another_encoder_says_so():
    work = Work(_Unlike, fitted(HashEncoder().card))
    told = r"^The worker on \S+ has the encoder another@0+ and this machine hash@0+; make them the same on all machines"
    with pytest.raises(Unfit, match=told):
        list(distribute._answers(map(WorkerTask(work), [pickle.dumps([])])))


def test_a_worker_of_another_version_says_so():
    work = Work(HashEncoder, fitted(HashEncoder().card), version="0.0.1")
    with pytest.raises(Unfit, match=r"has version \S+ of pullquote and this machine 0\.0\.1; install the same on all"):
        work.open_encoder()


@pytest.mark.model
@pytest.mark.usefixtures("cluster")
def test_the_real_encoder_gives_the_same_bits_on_every_worker(library, cache, mixed, tmp_path):
    opening = partial(OpenVINOEncoder, compiled_folder(BUNDLED, cache), cache)
    plain = Library(tmp_path / "plain.sqlite")
    expected = plainly_added(plain, mixed, opening())
    assert added(library, mixed, opening) == expected
    assert everything(library) == everything(plain)
