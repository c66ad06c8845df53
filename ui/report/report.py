"""A report as one HTML page: no script, nothing to load, every text in it escaped."""

from __future__ import annotations

from pathlib import Path

from eval.metrics.report import Report
from ui.report.sections import chart_sections, figures_section, worst_section
from ui.report.words import facts, headline, standfirst, when
from ui.templating import render, vouched

_FOLDER = Path(__file__).parent


def report_html(shown: Report, source: str) -> str:
    """The page; `source` is the name of the run's file."""
    style = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "parts.css"))
    return render(
        "report/report.html",
        title=f"{shown.header.set} ({shown.header.mode}), {when(shown.header.started)}",
        style=vouched(style),
        headline=headline(shown),
        standfirst=standfirst(shown),
        facts=facts(shown.header, shown.tally.asked),
        figures=figures_section(shown).section(),
        charts=chart_sections(shown),
        worst=worst_section(shown).section(),
        source=source,
    )
