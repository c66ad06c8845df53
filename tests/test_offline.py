"""Nothing leaves the machine: not when the encoder is compiled, not when articles are added, not when a question is asked."""

import os
import subprocess
import sys

import pytest

from corpus.sample import SAMPLE

_WATCHED = """
import os, sys

asked = []

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        asked.append(arguments[1])
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost", "::1", None):
        asked.append(arguments[0])

sys.addaudithook(watch)
from ui.cli import main

question = "Who skippered the crabber Girl Rhoda?"
for reader, *command in (
    ("span", "add", sys.argv[1]), ("span", "ask", question, "--threshold", "0"), ("sentence", "ask", question)
):
    os.environ["PULLQUOTE_READER"] = reader
    sys.argv = ["pullquote", *command]
    try:
        main()
    except SystemExit as stopped:
        assert not stopped.code, stopped.code
import time
time.sleep(1)  # for whoever sends from a thread
assert asked == [], asked
"""


@pytest.mark.model
def test_compiling_adding_and_asking_ask_no_other_machine(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path), "PULLQUOTE_HOME": "", "PULLQUOTE_CACHE": ""}
    for name in ("CI", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        environment.pop(name, None)  # some libraries keep quiet where they see CI
    story = SAMPLE / "merrin-ferry-grounding.md"
    ran = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(story)],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 added" in ran.stdout
    assert not (tmp_path / "intel").exists(), "OpenVINO's telemetry has left its mark"
