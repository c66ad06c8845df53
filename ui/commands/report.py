"""The command `eval report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.library.atomic_write import replacing
from eval.metrics.report import report as report_on
from eval.run import Run
from ui.commands.library import AsJson
from ui.console import out, print_json
from ui.mistake import Mistake


def report(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="A run that `pullquote eval run` kept.")],
    target: Annotated[Path | None, typer.Argument(metavar="[OUT.html]", help="Default: beside the run.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a stored run as one HTML page with nothing to load, and print where it is."""
    from ui.report.report import report_html

    stored = Run.load(path)
    target = target or beside(path)
    if target.is_dir():
        raise Mistake(f"{target} is a folder; name a file for the report in it.")
    if target.exists() and target.samefile(path):
        raise Mistake(f"The report would replace the run {path}; name another file for it.")
    page = report_html(report_on(stored), path.name)
    with replacing(target) as making:
        making.write_text(page, encoding="utf-8")
    print_json({"report": str(target)}) if as_json else out().print(str(target))


def beside(run: Path) -> Path:
    """The file of the same name with .html for its ending."""
    return run.with_name(f"{run.name.removesuffix('.gz').removesuffix('.jsonl')}.html")
