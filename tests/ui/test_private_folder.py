"""The folder of a server's temporary files: private, gone at the end, and cleared by the next server after a kill."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ui.private_folder import NoTemporaryFolder, private_folder

ROOT = Path(__file__).parents[2]
HOLDS_ONE = """
import sys, tempfile
from ui.private_folder import private_folder
tempfile.tempdir = sys.argv[1]
with private_folder() as folder:
    (folder / "upload").write_text("kept")
    print(folder, flush=True)
    sys.stdin.read()
"""
SERVES = """
import sys, tempfile
from pathlib import Path
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.ui.conftest import filled
from ui.server import serve
home = Path(sys.argv[1])
pipeline = filled(home, HashEncoder())
serve(pipeline, Settings(home=home, host="127.0.0.1", port=0), lambda url: print(tempfile.gettempdir(), flush=True))
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie, as /tmp does."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_temporary_files_lie_in_it_and_go_with_it(temporary: Path) -> None:
    with private_folder() as folder:
        assert tempfile.gettempdir() == str(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        Path(tempfile.mkdtemp(), "file").write_text("x")
    assert tempfile.gettempdir() == str(temporary)
    assert list(temporary.iterdir()) == []


def test_what_a_killed_server_left_is_removed_by_the_next_and_what_another_holds_is_not(temporary: Path) -> None:
    def started() -> tuple[subprocess.Popen[str], Path]:
        command = [sys.executable, "-c", HOLDS_ONE, str(temporary)]
        process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout
        return process, Path(process.stdout.readline().strip())

    (killed, left), (living, held) = started(), started()
    with killed, living:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert (left / "upload").read_text() == "kept"
        with private_folder():
            assert not left.exists()
            assert (held / "upload").read_text() == "kept"
        living.communicate("")
    assert list(temporary.iterdir()) == []


def test_a_link_or_a_file_of_such_a_name_is_left_alone(temporary: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    (temporary / "pullquote-serving-link").symlink_to(tmp_path / "mine")
    (temporary / "pullquote-serving-file").write_text("y")
    with private_folder():
        assert (tmp_path / "mine" / "file").read_text() == "x"
        assert (temporary / "pullquote-serving-file").read_text() == "y"


def test_where_nothing_can_be_written_it_says_so(temporary: Path) -> None:
    temporary.rmdir()
    with pytest.raises(NoTemporaryFolder, match=r"No such file or directory\); set TMPDIR to one\."), private_folder():
        pass


def test_a_server_starts_where_the_folder_of_gradio_is_a_file(tmp_path: Path) -> None:
    temporary, home = tmp_path / "tmp", tmp_path / "home"
    temporary.mkdir()
    (temporary / "gradio").write_text("another's")
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": "."}
    command = [sys.executable, "-c", SERVES, str(home)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout
        folder = Path(server.stdout.readline().strip())
        assert folder.parent == temporary
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    assert [path.name for path in temporary.iterdir()] == ["gradio"]
