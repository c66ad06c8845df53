"""Files that are opened without waiting, and read within bounds."""

import ast
import gzip
import io
import os
from pathlib import Path

import pytest

from corpus.regular_file import check_sqlite_files, lines_at_most, open_regular, read_at_most, read_regular

ROOT = Path(__file__).parents[2]
# Modules that read files in another way, and what these files are.
OWN = {
    "corpus/sandbox/reading.py": "a SourceFile, which opens it so",
    "corpus/sandbox/worker.py": "the system's own status",
    "eval/gate.py": "the baseline that comes with Pullquote",
    "index/distributed/distribute.py": "a SourceFile, which opens it so",
    "index/lexical/postings.py": "a file that it has just made",
    "rag/api/article_page.py": "a template",
    "rag/draft/draft_text.py": "a SourceFile, which opens it so",
    "ui/gradio_adapter.py": "a script of the page",
    "ui/page/evaluation/evaluation_view.py": "a style",
    "ui/page/layout.py": "styles",
    "ui/report/report.py": "styles",
}


@pytest.fixture
def fifo(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    return tmp_path / "fifo"


@pytest.mark.parametrize("kind", ["fifo", "device", "link"])
def test_what_is_no_regular_file_is_not_opened(tmp_path, fifo, kind):
    path = {"fifo": fifo, "device": Path("/dev/zero"), "link": tmp_path / "link"}[kind]
    (tmp_path / "link").symlink_to(fifo)
    with pytest.raises(OSError, match="it is no regular file"):
        open_regular(path)


def test_a_folder_is_not_opened(tmp_path):
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)


def test_a_file_is_read_up_to_its_bound(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 2**20)
    assert read_regular(tmp_path / "file", 2**20) == b"x" * 2**20
    with pytest.raises(OSError, match="it is larger than 0 MB"):
        read_regular(tmp_path / "file", 2**20 - 1)


def test_what_unpacks_to_more_is_not_unpacked():
    packed = gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(b"x" * 10_000_000)))
    with pytest.raises(OSError, match="it is larger than 3 MB"):
        read_at_most(packed, 3 * 2**20)
    assert packed.tell() == 3 * 2**20 + 1


def test_lines_are_bounded_each_and_together():
    assert list(lines_at_most(io.StringIO("ab\ncd\n"), 6, 3)) == ["ab\n", "cd\n"]
    with pytest.raises(OSError, match="a line is too long"):
        list(lines_at_most(io.StringIO("abcd\n"), 9, 3))
    with pytest.raises(OSError, match="it is too large"):
        list(lines_at_most(io.StringIO("ab\ncd\n"), 5, 3))


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_what_sqlite_would_open_is_looked_at_first(tmp_path, ending):
    check_sqlite_files(tmp_path / "library.sqlite")
    os.mkfifo(tmp_path / f"library.sqlite{ending}")
    with pytest.raises(OSError, match=f"library.sqlite{ending} is no regular file"):
        check_sqlite_files(tmp_path / "library.sqlite")


def reads(path):
    """Whether a module opens a file for reading in a way that may wait for ever."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named, modes = node.func.attr, [one.value for one in node.args if isinstance(one, ast.Constant)]
            is_packed = isinstance(node.func.value, ast.Name) and node.func.value.id == "gzip"
            if (named in {"read_text", "read_bytes", "memmap"} and not is_opened(node)) or (
                named == "open" and not is_packed and any(mode in {"r", "rb", "rt"} for mode in modes)
            ):
                yield named


def is_opened(call):
    """Whether what is mapped is a file that has been opened."""
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "file"


def test_files_that_somebody_names_are_opened_by_one_function():
    waiting = {
        str(path.relative_to(ROOT))
        for package in ("corpus", "index", "rag", "eval", "ui")
        for path in (ROOT / package).rglob("*.py")
        if not {"training", "experiments"} & set(path.parts) and any(reads(path))
    }
    assert waiting == OWN.keys()
