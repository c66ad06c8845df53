"""Sources that end the process that reads them, callers that end before it, and everything else two processes can do."""

import io
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.offset_map import Origin
from corpus.refusal import Refusal
from corpus.sandbox.messages import PageMessage, decode, encode
from corpus.sandbox.reading import read_file
from corpus.sandbox.worker_pool import WorkerLimits, WorkerMissing, WorkerPool
from corpus.sourcefile import SourceFile

ROOT = Path(__file__).parents[3]
ENDLESS = b"e" + "\u0301\u0323".encode() * 1_000_000  # composing takes the square of that, in code that hears nothing


@pytest.fixture
def pool():
    pool = WorkerPool()
    yield pool
    pool.close()


def source_file(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return SourceFile.at(path)


def lines(count):
    return "".join(json.dumps({"_id": f"n{number}", "text": f"Story {number}."}) + "\n" for number in range(count))


def idle_pid(pool):
    """The process of the worker that waits."""
    [worker] = pool._idle
    return worker._process.pid


def test_a_worker_reads_what_we_would_read_ourselves(pool, tmp_path):
    files = [
        source_file(tmp_path / "a.md", "# Title\n\nWörds *here* 👩‍👩‍👧.\n"),
        source_file(tmp_path / "b.jsonl", lines(3) + "x\n"),
    ]
    files += [source_file(tmp_path / "c.html", "<p>A paragraph of words.</p>"), source_file(tmp_path / "d.pdf", "junk")]
    for file in files:
        assert list(pool.read(file)) == list(read_file(file))


def test_one_worker_reads_one_file_after_the_other(pool, tmp_path):
    file = source_file(tmp_path / "a.txt", "Words.")
    first = [list(pool.read(file)), idle_pid(pool)]
    assert [list(pool.read(file)), idle_pid(pool)] == first


def test_what_never_ends_is_refused_and_the_next_is_read(tmp_path):
    pool = WorkerPool(WorkerLimits(seconds=0.5))
    started = time.monotonic()
    [refused] = pool.read(source_file(tmp_path / "marks.txt", ENDLESS))
    assert time.monotonic() - started < 10
    assert refused.source == str(tmp_path / "marks.txt")
    assert refused.reason == "marks.txt takes longer than 0.5 s to read; split it, or save its words alone as .txt."
    [article] = pool.read(source_file(tmp_path / "a.txt", "Words."))
    assert article.text == "Words."
    pool.close()


def test_the_clock_begins_anew_with_each_article_and_stands_while_nobody_asks(tmp_path):
    pool = WorkerPool(WorkerLimits(seconds=1))
    long = "".join(json.dumps({"text": f"Story {number}. {'More of it. ' * 1_000}"}) + "\n" for number in range(1_500))
    read = pool.read(source_file(tmp_path / "a.jsonl", long))
    assert isinstance(next(read), Article)
    time.sleep(3.5)  # longer than a file may take by the clock, with the pipe full
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert [one for one in read if not isinstance(one, Article)] == []
    pool.close()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.ru_utime - begun.ru_utime > 1  # longer in all than a file may take without an article


def test_what_waits_without_working_is_ended_too(tmp_path):
    """As a file does that lies on a server which no longer answers."""
    waits = "import time, corpus.sandbox.worker as w; w.read_file = lambda *_: time.sleep(60); w.main(0.2, 10**9)"
    job = encode(source_file(tmp_path / "a.txt", "Words."))
    ran = subprocess.run([sys.executable, "-c", waits], input=job, env=environment(), capture_output=True, check=False)
    assert -ran.returncode == signal.SIGALRM


def test_what_wants_too_much_memory_is_refused_and_the_next_is_read(tmp_path):
    pool = WorkerPool(WorkerLimits(memory=100_000_000))
    [refused] = pool.read(source_file(tmp_path / "long.txt", b"a" * 60_000_000))
    why = "needs more than 0.1 GB of memory to be read; split it, or save its words alone as .txt."
    assert refused.reason == f"long.txt {why}"
    [article] = pool.read(source_file(tmp_path / "a.txt", "Words."))
    assert article.text == "Words."
    pool.close()


def test_a_crash_is_refused_and_what_was_read_before_it_counts(pool, tmp_path):
    list(pool.read(source_file(tmp_path / "a.txt", "Words.")))
    worker = idle_pid(pool)
    read = pool.read(source_file(tmp_path / "b.jsonl", lines(20_000)))
    assert next(read).text == "Story 0."
    os.kill(worker, signal.SIGSEGV)
    *before, last = read
    assert [one.text for one in before] == [f"Story {number}." for number in range(1, len(before) + 1)]
    assert last == Refusal(
        str(tmp_path / "b.jsonl"),
        "b.jsonl cannot be read, its format's reader broke down (SIGSEGV); save it anew, or its words alone as .txt.",
    )
    [article] = pool.read(source_file(tmp_path / "c.txt", "More."))
    assert article.text == "More."


def test_a_worker_that_died_while_it_waited_costs_no_file(pool, tmp_path):
    file = source_file(tmp_path / "a.txt", "Words.")
    list(pool.read(file))
    os.kill(idle_pid(pool), signal.SIGKILL)
    time.sleep(0.2)
    assert [one.text for one in pool.read(file)] == ["Words."]


def test_a_caller_who_stops_half_way_gets_nothing_of_it_later(pool, tmp_path):
    read = pool.read(source_file(tmp_path / "a.jsonl", lines(20_000)))
    assert next(read).text == "Story 0."
    read.close()
    assert [one.text for one in pool.read(source_file(tmp_path / "b.txt", "Words."))] == ["Words."]


def test_several_are_read_at_once(pool, tmp_path):
    first, second = (pool.read(source_file(tmp_path / name, lines(2_000))) for name in ("a.jsonl", "b.jsonl"))
    for number, pair in enumerate(zip(first, second, strict=True)):
        assert [(one.text, Path(one.source).name) for one in pair] == [
            (f"Story {number}.", f"{name}.jsonl#n{number}") for name in "ab"
        ]
    files = [source_file(tmp_path / f"{number}.txt", f"Text {number}.") for number in range(60)]
    with ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(lambda file: [one.text for one in pool.read(file)], files))
    assert texts == [[f"Text {number}."] for number in range(60)]
    assert len(pool._idle) == 1


def test_a_page_is_read_under_the_same_limits(tmp_path):
    pool = WorkerPool(WorkerLimits(seconds=0.5))
    [refused] = pool.read(PageMessage(b"<p>" + ENDLESS, "https://x.example/a"))
    assert refused.source == "https://x.example/a"
    assert refused.reason.startswith("https://x.example/a takes longer than 0.5 s to read; ")
    pool.close()


def test_a_room_without_a_worker_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkerMissing, match=r"does not start; .* corpus\.sandbox\.worker 20 800000000`\.$"):
        list(WorkerPool().read(source_file(tmp_path / "a.txt", "Words.")))


TAKEN_OVER = """#!{python}
import sys
sys.path[:0] = {path}
import corpus.sandbox.worker as worker
from corpus.article import Article
from corpus.refusal import Refusal
from corpus.sourcefile import SourceFile
worker.read_file = worker.read_page = lambda *job: {replies}
worker.main(20, 10**9)
"""


@pytest.mark.parametrize("reply", ["Article('a', 'A', 'Forged.', {!r})", "Refusal({!r}, 'Forged.')"])
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.txt", "/other.txt"),
        ("a.txt", "{own}#b.txt"),
        ("a.jsonl", "/other.jsonl#n1"),
        ("a.jsonl", "{own}.gz"),
        ("https://x.example/a", "https://x.example/b"),
        ("https://x.example/a", "https://x.example/a#1"),
    ],
)
def test_a_worker_that_was_taken_over_speaks_for_no_other_source(tmp_path, monkeypatch, reply, name, source):
    """Stands in for a worker: replies with an article or refusal of the source given, whatever it is asked for."""
    job = PageMessage(b"", name) if "://" in name else source_file(tmp_path / name, "Words.")
    whole = f"[Article('a', 'A', 'Own.', {job.source!r}), {reply.format(source.format(own=job.source))}]"
    script = tmp_path / "python"
    script.write_text(TAKEN_OVER.format(python=sys.executable, path=sys.path, replies=whole))
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    pool = WorkerPool()
    own, refused = pool.read(job)
    assert own.text == "Own."
    why = "is refused, as its reader answered with another source; save it anew, or its words alone as .txt."
    assert refused == Refusal(job.source, f"{job.name} {why}")
    assert pool._idle == []  # it is asked for nothing else


def test_a_reply_that_is_no_reply_ends_the_worker(tmp_path, monkeypatch):
    script = tmp_path / "python"
    job = source_file(tmp_path / "a.txt", "Words.")
    script.write_text(
        TAKEN_OVER.format(
            python=sys.executable, path=sys.path, replies=f"[SourceFile({job.path!r}, 'a', {job.source!r})]"
        )
    )
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    [refused] = WorkerPool().read(job)
    assert refused.reason.startswith("a.txt cannot be read, its format's reader broke down (SIGKILL);")


class Evil:
    """Pickled, it is a command to the one who unpickles it: to make a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_a_message_can_be_nothing_but_a_message(tmp_path):
    evil = pickle.dumps(Evil(str(tmp_path / "was-here")))
    for body in (evil, pickle.dumps(["x"]), b"", b"junk", pickle.dumps(Refusal("a", "b"))[:-3]):
        assert decode(io.BytesIO(len(body).to_bytes(8, "big") + body)) is None
    assert decode(io.BytesIO((2**62).to_bytes(8, "big"))) is None
    assert decode(io.BytesIO(encode(Refusal("a", "b")))) == Refusal("a", "b")
    assert not (tmp_path / "was-here").exists()


def forged(**fields):
    """The pickle of an article with these fields, whatever they are; None stands for a field that is missing."""
    article = Article.__new__(Article)
    whole = {
        "id": "a",
        "title": "A",
        "text": "Words.",
        "source": "/a.txt",
        "authors": (),
        "sha256": "",
        "origin": Origin(),
    }
    article.__setstate__([None] * len(Article.__dataclass_fields__))
    for name, value in (whole | fields).items():
        object.__setattr__(article, name, value)
    return encode(article)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": 5},
        {"source": 5},
        {"text": " "},
        {"text": "a\0"},
        {"id": None},
        {"authors": "Ann"},
        {"origin": ()},
        {"url": 1},
    ],
)
def test_an_article_with_fields_of_other_types_or_without_text_is_no_message(fields):
    assert decode(io.BytesIO(forged())).text == "Words."
    assert decode(io.BytesIO(forged(**fields))) is None


# --- Callers that are processes of their own ---

READS = """
import sys
from pathlib import Path
from corpus.load import load
print([one.text if hasattr(one, "text") else one.reason for one in load(Path(sys.argv[1]))])
"""
HANGS = """
import sys
from corpus.sandbox.worker_pool import WorkerLimits, WorkerPool
from corpus.sourcefile import SourceFile
from pathlib import Path
pool = WorkerPool(WorkerLimits(seconds=float(sys.argv[2])))
list(pool.read(SourceFile.at(Path(__file__).with_name("a.txt"))))
print(pool._idle[0]._process.pid, flush=True)
list(pool.read(SourceFile.at(Path(sys.argv[1]))))
"""


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def alive(pid):
    with suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def gone(pid, seconds):
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.parametrize("how", ["file", "-c", "stdin"])
def test_any_caller_will_do(tmp_path, how):
    """A script without a `__main__` guard, one on the command line, one on standard input."""
    script = source_file(tmp_path / "script.py", READS)
    story = source_file(tmp_path / "a.txt", "Words.")
    asked = {"file": [script.path], "-c": ["-c", READS], "stdin": ["-"]}[how]
    ran = subprocess.run(
        [sys.executable, "-W", "error", *asked, story.path],
        input=READS if how == "stdin" else None,
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "['Words.']\n", "")


def test_nothing_of_the_folder_one_stands_in_is_imported(tmp_path):
    source_file(tmp_path / "struct.py", "open('was-here', 'w')\n")
    story = source_file(tmp_path / "a.txt", "Words.")
    subprocess.run(
        [sys.executable, "-P", "-c", READS, story.path],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=True,
    )
    assert not (tmp_path / "was-here").exists()


@pytest.mark.parametrize(("ended_by", "within"), [(signal.SIGKILL, 8), (signal.SIGINT, 4), (signal.SIGTERM, 8)])
def test_no_worker_is_left_behind(tmp_path, ended_by, within):
    script = source_file(tmp_path / "script.py", HANGS)
    source_file(tmp_path / "a.txt", "Words.")
    hangs = source_file(tmp_path / "marks.txt", ENDLESS)
    seconds = "30" if ended_by == signal.SIGINT else "2"  # who is interrupted ends it; the others it outlives a little
    with subprocess.Popen(
        [sys.executable, script.path, hangs.path, seconds],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as caller:
        worker = int(caller.stdout.readline())
        time.sleep(0.5)
        assert alive(worker)
        caller.send_signal(ended_by)
        caller.wait(5)
    assert gone(worker, within)


def test_a_forked_process_has_workers_of_its_own(tmp_path):
    forks = """
import os, sys
from pathlib import Path
from corpus.load import _POOL, load
story = Path(sys.argv[1])
list(load(story))
mine = _POOL._idle[0]._process.pid
child = os.fork()
texts = [one.text for one in load(story)]
print(texts, (_POOL._idle[0]._process.pid == mine) == bool(child), flush=True)
if not child:
    os._exit(0)
os.wait()
"""
    story = source_file(tmp_path / "a.txt", "Words.")
    ran = subprocess.run(
        [sys.executable, "-c", forks, story.path], env=environment(), capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("['Words.'] True\n" * 2, "")
