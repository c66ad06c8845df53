"""`pullquote add --ray`: the same words as `pullquote add` on a real cluster, and one sentence where there is none."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.library.store import Library
from corpus.sample import SAMPLE
from rag.assemble import open_encoder
from rag.settings import Settings
from tests.index.indexed import contents

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed"),
]


def pullquote(home, *arguments):
    """Runs in a process of its own: what Ray prints from beneath Python counts too."""
    return subprocess.run(
        [sys.executable, "-c", "from ui.cli import main; main()", *arguments],
        cwd=Path(__file__).parents[3], env={**os.environ, "PULLQUOTE_HOME": str(home)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_adding_with_a_cluster_of_this_machine_prints_what_plain_adding_prints(tmp_path):
    open_encoder(Settings(), lambda _: None)  # compiles it where that is still to be done, which would be printed once
    (tmp_path / "empty.txt").write_text("")
    paths = [*sorted(map(str, SAMPLE.iterdir()))[:5], str(tmp_path / "empty.txt")]
    plain = pullquote(tmp_path / "plain", "add", "--json", *paths)
    spread = pullquote(tmp_path / "spread", "add", "--json", "--ray", "local", *paths)
    assert (spread.stderr, spread.returncode) == (plain.stderr, plain.returncode) == ("", 2)
    told = [{**json.loads(ran.stdout), "seconds": None} for ran in (plain, spread)]
    assert told[0] == told[1]
    assert told[0]["added"] == 5
    libraries = [Library(tmp_path / name / "library.sqlite") for name in ("plain", "spread")]
    assert contents(libraries[0]) == contents(libraries[1])


def test_where_there_is_no_cluster_the_status_is_2_and_a_sentence_says_why(tmp_path):
    ran = pullquote(tmp_path, "add", "--ray", "127.0.0.1:1", str(SAMPLE))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(
        "No Ray cluster could be joined at '127.0.0.1:1' ([Errno 111] Connection refused); start"
    )
    assert ran.stderr.count("\n") == 1
