"""Commands where the streams, the locale or the memory are not as they should be: a status of the contract, no trace."""

import json
import os
import subprocess
import sys

import pytest

from corpus.library.store import Library
from tests.ui.conftest import FERRY
from ui.cli import main

STATUSES = {0, 1, 2, 130}
COMMAND = 'exec "$0" -c \'from ui.cli import main; main()\' "$@"'


@pytest.fixture
def filled(home):
    """A library with one article, which needs no models to be listed and shown."""
    library = Library(home / "library.sqlite")
    with library.writing():
        library.put(FERRY, [])
    library.close()
    return home


def run(script, *arguments, **environment):
    """Runs `pullquote ARGUMENTS` by a line of shell in which COMMAND stands for it."""
    done = subprocess.run(
        ["bash", "-c", script.replace("COMMAND", COMMAND), sys.executable, *arguments],
        env=os.environ | environment, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert b"Traceback" not in done.stdout + done.stderr
    assert done.returncode in STATUSES
    return done


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_json_has_the_same_value_in_any_encoding(encoding):
    done = run("COMMAND", "show", FERRY.id, "--json", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode(encoding))["text"] == FERRY.text


@pytest.mark.usefixtures("filled")
def test_what_an_encoding_lacks_is_escaped_for_people():
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("COMMAND", "list", **plain)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" \\xb7 " in done.stdout


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["--help"]])
@pytest.mark.parametrize(("script", "status"), [
    ("set -o pipefail; COMMAND | true", 0),
    ("COMMAND >&-", 0),
    ("COMMAND >&- 2>&- <&-", 0),
    ("COMMAND >/dev/full", 2),
    ("COMMAND >/dev/full 2>/dev/full", 2),
])  # fmt: skip
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nobody_reads_what_is_printed(arguments, script, status, unbuffered):
    done = run(script, *arguments, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == status
    told = b"A file could not be used ([Errno 28] No space left on device)"
    assert done.stderr.startswith(told if status and "2>" not in script else b"")
    assert done.stderr.count(b"\n") <= 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize(("limit", "command"), [(80_000, "list"), (300_000, "list"), (1_400_000, "ask")])
@pytest.mark.usefixtures("filled")
def test_too_little_memory_is_told_before_a_library_meets_it(limit, command):
    done = run(f"ulimit -v {limit}; COMMAND", command, *(["Who?"] if command == "ask" else []))
    assert done.returncode == 2
    assert b"raise the limit with `ulimit -v`" in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize(("fault", "sentence"), [
    (ValueError("no such thing"), "(ValueError: no such thing); run it again with PULLQUOTE_DEBUG=1"),
    (RecursionError("too deep"), "(RecursionError: too deep); run it again"),
    (MemoryError(), "There is not enough memory for this;"),
    (RuntimeError("std::bad_alloc"), "There is not enough memory for this;"),
    (ImportError("libfaiss.so: failed to map segment"), "could not be loaded (libfaiss.so: failed to map segment);"),
    (PermissionError(13, "Permission denied"), "A file could not be used ([Errno 13] Permission denied);"),
])  # fmt: skip
def test_an_error_that_nobody_foresaw_is_a_sentence(pullquote, monkeypatch, fault, sentence):
    monkeypatch.setattr("ui.commands.library.open_library", lambda *_: (_ for _ in ()).throw(fault))
    ran = pullquote("list")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert sentence in ran.err
    monkeypatch.setenv("PULLQUOTE_DEBUG", "1")
    assert "Traceback" in pullquote("list").err


def test_an_import_that_fails_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ui.commands.tree", None)
    monkeypatch.setattr(sys, "argv", ["pullquote", "list"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "A library that Pullquote needs could not be loaded (" in capsys.readouterr().err


def test_ctrl_c_during_an_import_is_130(monkeypatch, capsys):
    monkeypatch.setattr("ui.commands.tree.create_cli", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr(sys, "argv", ["pullquote", "list"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 130
    assert capsys.readouterr().err.startswith("Stopped; ")


@pytest.mark.parametrize("content", [b"passages = [", b"passages = 'many'", b"\xff\xfe", b"passages = 1" + b"[" * 5000])
def test_settings_that_are_garbage_are_a_sentence(pullquote, monkeypatch, tmp_path, content):
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    monkeypatch.setattr("rag.settings.settings_file", lambda: file)
    ran = pullquote("list")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "settings" in ran.err


def test_a_home_that_stands_for_no_folder_is_a_sentence(pullquote, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_HOME", "~nobody-of-this-name/library")
    ran = pullquote("list")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("The setting 'home' cannot be taken: ")


@pytest.mark.parametrize("home", ["/dev/null", "/dev/null/under"])
@pytest.mark.parametrize(
    "arguments", [["list"], ["status", "--json"], ["remove", "a"], ["feedback", "Who?", "nothing"]]
)
def test_a_home_that_is_no_folder_is_a_sentence(pullquote, monkeypatch, home, arguments):
    monkeypatch.setenv("PULLQUOTE_HOME", home)
    ran = pullquote(*arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_a_name_that_is_not_of_any_encoding_is_escaped(pullquote, tmp_path):
    name = os.fsdecode(b"bad\xff\xe2\x80\xae.txt")
    ran = pullquote("add", str(tmp_path / name))
    assert (ran.status, ran.out) == (2, "")
    assert "bad\\udcff\\u202e.txt" in ran.err
