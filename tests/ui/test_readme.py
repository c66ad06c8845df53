"""The Python of the README and the guides runs as it stands there, against a server."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]


def programs() -> dict[str, str]:
    """The indented blocks of the README and the guides that begin with an import, by what they import."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    blocks = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, re.MULTILINE)
    code = [dedent(block).strip() for block in blocks if block.lstrip().startswith("from ")]
    return {block.split()[1]: block for block in code}


@pytest.mark.model
@pytest.mark.parametrize("module", ["rag.client", "openai"])
def test_a_program_of_the_docs_runs(address: str, module: str) -> None:
    question = "How many croissants does the Café Zoë bake every morning?"
    program = programs()[module].replace("http://127.0.0.1:8000/", address).replace("http://127.0.0.1:8000", address)
    program = program.replace("Who skippered the crabber Girl Rhoda?", question)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "240 croissants" in ran.stdout
    assert "/v1/articles/cafe/view?start=" in ran.stdout
