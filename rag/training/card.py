"""The card of the reader that ships: its data, its recipe, its figures, from what the runs left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TEMPLATE = Path(__file__).with_name("card.md")
_SHOWN = (
    "em", "f1", "forced_em", "forced_f1", "forced_contains", "contains", "right_place", "noans", "answered", "ece",
    "quotes_verbatim",
)  # fmt: skip
_POINTS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)  # shares of wrong answers in the table of risk and coverage
_WIDTH, _HEIGHT = 640, 240  # of the curve, in pixels


@dataclass(frozen=True, slots=True)
class Figures:
    """What `pullquote eval run --json` printed about one set, with the reader of this name."""

    reader: str
    result: dict[str, Any]


def figures_under(folder: Path) -> list[Figures]:
    """The figures in `folder`/<reader>/*.json, by reader and set."""
    return [
        Figures(path.parent.name, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*/*.json"))
    ]


def card(
    figures: list[Figures], curve: list[dict[str, float]], reader: dict[str, Any], logs: list[list[dict[str, float]]]
) -> str:
    """The card in Markdown: the template with the tables of this reader in it; a log a course."""
    lasts = [log[-1] for log in logs if log]
    return _TEMPLATE.read_text(encoding="utf-8").format(
        steps=sum(round(last["step"]) for last in lasts),
        hours=f"{sum(last['seconds'] for last in lasts) / 3600:.1f}",
        figures=_figures_table(figures),
        coverage=_coverage_table(curve),
        threshold=reader["threshold"],
        weights=", ".join(f"{name} {weight}" for name, weight in reader["calibration"].items()),
    )


def loss_curve(logs: list[list[dict[str, float]]]) -> str:
    """The loss over the courses, one after the other, as an SVG picture."""
    highest = max((line["loss"] for log in logs for line in log), default=1.0)
    wide = (_WIDTH - 50) / max(len(logs), 1)
    lines = "".join(
        f'<polyline points="{_points(log, 40 + number * wide, wide, highest)}" fill="none" stroke="#1f5f9f"'
        ' stroke-width="1.5"/>'
        for number, log in enumerate(logs)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif"'
        ' font-size="12">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
        f'<path d="M40 16V{_HEIGHT - 24}H{_WIDTH - 10}" fill="none" stroke="#888"/>'
        f"{lines}"
        f'<text x="4" y="20">{highest:.1f}</text><text x="22" y="{_HEIGHT - 24}">0</text>'
        f'<text x="{_WIDTH // 2 - 60}" y="{_HEIGHT - 6}">share of each course</text>'
        '<text x="48" y="20">loss</text></svg>\n'
    )


def _points(log: list[dict[str, float]], left: float, wide: float, highest: float) -> str:
    return " ".join(
        f"{left + line['progress'] * wide:.1f},{_HEIGHT - 24 - line['loss'] / highest * (_HEIGHT - 40):.1f}"
        for line in log
    )


def _figures_table(figures: list[Figures]) -> str:
    """A row a set, mode and reader; each figure with its 95 % interval, in per cent."""
    lines = ["| set | mode | questions | reader | " + " | ".join(_SHOWN) + " |", "|---" * (4 + len(_SHOWN)) + "|"]
    in_order = sorted(figures, key=lambda one: (one.result["set"], one.result["mode"], one.reader != "span"))
    for one in in_order:
        cells = [_cell(one.result["metrics"].get(name)) for name in _SHOWN]
        named = [one.result["set"], one.result["mode"], str(one.result["n"]), one.reader]
        lines.append("| " + " | ".join([*named, *cells]) + " |")
    return "\n".join(lines)


def _cell(estimate: dict[str, float] | None) -> str:
    if estimate is None:
        return "–"
    return f"{100 * estimate['value']:.1f} ({100 * estimate['low']:.1f}–{100 * estimate['high']:.1f})"


def _coverage_table(curve: list[dict[str, float]]) -> str:
    """The most that can be answered at some shares of wrong answers."""
    lines = ["| wrong at most | threshold | answered |", "|---|---|---|"]
    for risk in _POINTS:
        within = [point for point in curve if point["risk"] <= risk]
        if within:
            point = max(within, key=lambda point: point["coverage"])
            lines.append(f"| {risk:.0%} | {point['threshold']:.3f} | {point['coverage']:.1%} |")
    return "\n".join(lines)
