"""The README and the guides are true: their Python runs against a server, and what they show is what is printed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from corpus.sample import SAMPLE
from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
QUESTION = "Who skippered the crabber Girl Rhoda?"


def blocks(page: Path) -> list[str]:
    """The indented blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [dedent(block).strip() for block in re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, re.MULTILINE)]


def programs() -> dict[str, str]:
    """The blocks of the README and the guides that begin with an import, by what they import."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
    code = [block for page in pages for block in blocks(page) if block.startswith("from ")]
    return {block.split()[1]: block for block in code}


@pytest.mark.model
@pytest.mark.parametrize("module", ["rag.client", "openai"])
def test_a_program_of_the_docs_runs(address: str, module: str) -> None:
    # Not in the words of the tests of the page: what these judge on the same server would be heeded.
    question = "How many croissants does the Café Zoë bake each morning?"
    program = programs()[module].replace("http://127.0.0.1:8000/", address).replace("http://127.0.0.1:8000", address)
    program = program.replace(QUESTION, question)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    # The encoding is named, as the process' locale is C while the server beneath reads a model.
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "240 croissants" in ran.stdout
    assert "/v1/articles/cafe/view?start=" in ran.stdout


def shows(shown: object, whole: object) -> bool:
    """Whether all that a shortened reply says is in the whole one; an ellipsis ends what is cut off.

    A confidence may differ in its third place: the encoder is fitted to each machine.
    """
    if isinstance(shown, dict):
        return isinstance(whole, dict) and all(shows(value, whole.get(key)) for key, value in shown.items())
    if isinstance(shown, list):
        return isinstance(whole, list) and all(map(shows, shown, whole))
    if isinstance(shown, str) and shown.endswith("…"):
        return isinstance(whole, str) and whole.startswith(shown[:-1])
    if isinstance(shown, float):
        return shown == pytest.approx(whole, abs=0.005)
    return shown == whole


@pytest.mark.model
def test_the_readme_shows_what_is_printed(pullquote: Callable[..., Ran]) -> None:
    assert pullquote("add", str(SAMPLE)).status == 0
    readme = blocks(ROOT / "README.md")
    (shown,) = (" ".join(block.split()) for block in readme if block.startswith("“"))
    printed = " ".join(pullquote("ask", QUESTION).out.split())
    assert re.search(re.escape(shown).replace("…", r"\S+"), printed)
    (reply,) = (json.loads(block) for block in readme if block.startswith("{"))
    assert shows(reply, json.loads(pullquote("ask", QUESTION, "--json").out))
