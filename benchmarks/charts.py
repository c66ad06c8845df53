"""Bar charts that stand by themselves: one for each figure, a bar for each system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.figures import Figures
from benchmarks.measurement import OURS
from benchmarks.table import NAMES
from ui.report.svg import AxisScale, bar, drawing, label, line, number, rounded_up, ticks

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 560.0, 100.0, 480.0, 30.0, 40.0
_STYLE = (
    "<style>svg{font:13px system-ui,sans-serif;background:#fff}text{fill:#1f2328}.tick{fill:#59636e;font-size:11px}"
    ".name{font-weight:600}.grid{stroke:#d1d9e0}.theirs{fill:#8c959f}.ours{fill:#0969da}"
    "@media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.tick{fill:#9198a1}"
    ".grid{stroke:#3d444d}.theirs{fill:#6e7681}.ours{fill:#4493f8}}</style>"
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's file name and title, the figure that it shows, and how many digits of it."""

    name: str
    title: str
    value: Callable[[Figures], float | None]
    digits: int = 0


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


CHARTS = (
    Chart("indexing", "Indexing the same passages, passages a second", lambda one: one.equal_rate),
    Chart("words", "Indexing, each cut its own way, words a second", lambda one: one.words_rate),
    Chart("cold", "Cold start to the first answer, seconds (less is better)", lambda one: one.cold, 1),
    Chart("question", "A warm question, 20 passages read, ms (less is better)", lambda one: _times(1000, one.answer)),
    Chart("retrieval", "Retrieval, ms (less is better)", lambda one: _times(1000, one.retrieve)),
    Chart("memory", "Peak memory while asking, MB (less is better)", lambda one: _times(1e-6, one.peak_asking)),
    Chart("indexing-memory", "Peak memory while indexing, MB (less is better)",
          lambda one: _times(1e-6, one.peak_indexing)),
    Chart("found", "Questions with the answer in the first passage, per cent", lambda one: _times(100, one.first)),
    Chart("f1", "F1 of the best answer, per cent", lambda one: _times(100, one.f1)),
)  # fmt: skip


def chart_svg(chart: Chart, systems: Sequence[Figures]) -> str | None:
    """The chart as an SVG file's text; None where no system has this figure."""
    shown = [(one.system, value) for one in systems if (value := chart.value(one)) is not None]
    if not shown:
        return None
    scale = AxisScale(0, rounded_up(max(value for _, value in shown), 5), _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(shown)
    body = [_STYLE, label((_LEFT, 20), chart.title, "name")]
    for tick in ticks(0, scale.high, 5):
        body += [line((scale.at(tick), _TOP - 6), (scale.at(tick), bottom), "grid"),
                 label((scale.at(tick), bottom + 16), number(tick), "tick", "middle")]  # fmt: skip
    for row, (system, value) in enumerate(shown):
        top = _TOP + _ROW * row
        body += [
            label((_LEFT - 8, top + 14), NAMES.get(system, system), "label", "end"),
            bar((_LEFT, top), (scale.at(value) - _LEFT, 20), "ours" if system == OURS else "theirs"),
            label((scale.at(value) + 6, top + 14), f"{value:,.{chart.digits}f}", "label"),
        ]
    description = "; ".join(f"{NAMES.get(system, system)} {value:.{chart.digits}f}" for system, value in shown)
    svg = drawing(chart.name, (_WIDTH, bottom + 26), (chart.title, f"{description}."), body)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"
