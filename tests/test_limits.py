"""docs/limits.md says of every bound how much it is, where it is held, and what the one who meets it is told."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from rag.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "rag", "eval", "ui")
DOCUMENT = ROOT / "docs" / "limits.md"
UNITS = {
    "KB": 2**10, "MB": 2**20, "GB": 2**30,
    "minutes": 60, "hours": 3600, "days": 86400, "milliseconds": 0.001, "million": 10**6,
}  # fmt: skip
# Public names of a bound that is on nothing from outside.
OTHERS = {"rag.calibration.MOST_FIRST", "rag.calibration.MOST_LEAD"}


def rows():
    lines = DOCUMENT.read_text("utf-8").splitlines()
    table = [
        line.strip("|").split(" | ") for line in lines if line.startswith("| ") and not line.startswith("| what |")
    ]
    return [[cell.strip(" |") for cell in row] for row in table]


def held(place):
    """The value of `package.module.NAME`, or the default of `PULLQUOTE_NAME`."""
    if place.startswith("PULLQUOTE_"):
        return Settings.model_fields[place.removeprefix("PULLQUOTE_").lower()].default
    module, name = place.rsplit(".", 1)
    return getattr(import_module(module), name)


def texts():
    """Every text written in the packages, an f-string with … for what is put in, and the templates of the page."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
        for path in (ROOT / package).rglob("*.html"):
            yield path.read_text("utf-8")


@pytest.fixture(scope="module")
def written():
    return "\n".join(re.sub(r"\s+", " ", re.sub(r"\{\w*\}", "…", text)) for text in texts())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_says_what_is_in_force(row):
    what, figure, place, _ = row
    number, unit = re.match(r"([\d,.]+) (\w+)", figure).groups()
    value, place = float(number.replace(",", "")), place.strip("`")
    factor = 1 if place.endswith("_MB") else UNITS.get(unit, 1)
    assert held(place) == value * factor, what


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_quotes_what_is_told(row, written):
    for quoted in re.findall("“([^”]*)”", row[3]):
        assert quoted in written, quoted


def test_every_public_bound_has_a_row():
    bounds = {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{name}"
        for package in ("corpus", "index", "rag", "ui")
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"^((?:MAX|MOST|LONGEST)_\w+)(?:: \w+)? =", path.read_text("utf-8"), re.MULTILINE)
    }
    assert bounds - {row[2].strip("`") for row in rows()} - OTHERS == set()
