"""The cards of the readers that ship: their data, training and figures, from what the runs left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FAST, CAREFUL = (Path(__file__).with_name(name) for name in ("card.md", "careful_card.md"))  # their templates
_SHOWN = (
    "em", "f1", "forced_em", "forced_f1", "forced_contains", "contains", "right_place", "noans", "answered", "ece",
    "quotes_verbatim",
)  # fmt: skip
_RISKS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)  # shares of wrong answers in the table of risk and coverage
_LEFT, _RIGHT, _BOTTOM, _RISE = 40, 630, 216, 200  # of the loss curve, in pixels
_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240" font-family="sans-serif" font-size="12">\
<rect width="640" height="240" fill="#fff"/><path d="M40 16V216H630" fill="none" stroke="#888"/>{lines}\
<text x="4" y="20">{highest:.1f}</text><text x="22" y="216">0</text>\
<text x="260" y="234">share of each run</text><text x="48" y="20">loss</text></svg>
"""


def figures_under(folder: Path) -> list[dict[str, Any]]:
    """What `pullquote eval run --json` printed, in `folder`/<reader>/*.json, each with its `reader`."""
    paths = sorted(folder.glob("*/*.json"))
    return [{"reader": path.parent.name} | json.loads(path.read_text(encoding="utf-8")) for path in paths]


def card(
    template: Path,
    figures: list[dict[str, Any]],
    calibrated: dict[str, Any],
    reader: dict[str, Any],
    logs: list[list[dict[str, float]]],
) -> str:
    """The card in Markdown: the template with the tables of this reader in it; a log a run.

    `calibrated` is what `calibrate` wrote: its `curve` of risk and coverage, and `elsewhere`, its points by set.
    """
    lasts = [log[-1] for log in logs if log]
    return template.read_text(encoding="utf-8").format(
        steps=sum(round(last["step"]) for last in lasts),
        hours=f"{sum(last['seconds'] for last in lasts) / 3600:.1f}",
        figures=_figures_table(figures),
        coverage=_coverage_table(calibrated["curve"]),
        elsewhere=_elsewhere_table(calibrated["elsewhere"]),
        threshold=reader["threshold"],
        weights=", ".join(f"{name} {weight}" for name, weight in reader["calibration"].items()),
    )


def loss_curve(logs: list[list[dict[str, float]]]) -> str:
    """The loss over the runs, one after the other, as an SVG picture."""
    highest = max((line["loss"] for log in logs for line in log), default=1.0)
    width = (_RIGHT - _LEFT) / max(len(logs), 1)
    lines = []
    for number, log in enumerate(logs):
        across = [_LEFT + width * (number + line["progress"]) for line in log]
        down = [_BOTTOM - line["loss"] / highest * _RISE for line in log]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        lines.append(f'<polyline points="{points}" fill="none" stroke="#1f5f9f" stroke-width="1.5"/>')
    return _PICTURE.format(lines="".join(lines), highest=highest)


def _figures_table(figures: list[dict[str, Any]]) -> str:
    """A row for each set, mode and reader; each figure with its 95 % interval, in per cent."""
    lines = ["| set | mode | questions | reader | " + " | ".join(_SHOWN) + " |", "|---" * (4 + len(_SHOWN)) + "|"]
    for one in sorted(figures, key=lambda one: (one["set"], one["mode"], one["reader"] != "span")):
        cells = [_cell(one["metrics"].get(name)) for name in _SHOWN]
        lines.append("| " + " | ".join([one["set"], one["mode"], str(one["n"]), one["reader"], *cells]) + " |")
    return "\n".join(lines)


def _cell(estimate: dict[str, float] | None) -> str:
    if estimate is None:
        return "–"
    return f"{100 * estimate['value']:.1f} ({100 * estimate['low']:.1f}–{100 * estimate['high']:.1f})"


def _coverage_table(curve: list[dict[str, float]]) -> str:
    """The most that can be answered at some shares of wrong answers."""
    lines = ["| wrong at most | threshold | answered |", "|---|---|---|"]
    for risk in _RISKS:
        within = [point for point in curve if point["risk"] <= risk]
        if within:
            point = max(within, key=lambda point: point["coverage"])
            lines.append(f"| {risk:.0%} | {point['threshold']:.3f} | {point['coverage']:.1%} |")
    return "\n".join(lines)


def _elsewhere_table(points: dict[str, dict[str, float]]) -> str:
    """For each set what the calibration and the threshold of the others do there."""
    lines = ["| set | threshold | answered | wrong of these |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {point['threshold']:.3f} | {point['coverage']:.1%} | {point['risk']:.1%} |"
        for name, point in points.items()
    ]
    return "\n".join(lines)
