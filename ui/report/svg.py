"""Pieces of a drawing as SVG text: values in, text out; every text is escaped, every colour a class of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isclose, log10
from typing import Literal

from rag.citation.markup import escaped

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class AxisScale:
    """Values from `low` to `high` laid out from `start` to `end`, which may run downwards."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def drawing(name: str, size: tuple[float, float], text: tuple[str, str], body: Iterable[str]) -> str:
    """An SVG element; `name` is its id on the page, `text` its title and description for whoever cannot see it."""
    width, height = size
    title, description = text
    return (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'class="chart {name}"><title id="{name}-title">{escaped(title)}</title>'
        f'<desc id="{name}-desc">{escaped(description)}</desc>{"".join(body)}</svg>'
    )


def label(place: tuple[float, float], text: str, css_class: str = "tick", anchor: Anchor = "start") -> str:
    """A line of text with its baseline at a place."""
    x, y = map(number, place)
    return f'<text x="{x}" y="{y}" class="{css_class}" text-anchor="{anchor}">{escaped(text)}</text>'


def line(start: tuple[float, float], end: tuple[float, float], css_class: str) -> str:
    """A straight line."""
    (x1, y1), (x2, y2) = (map(number, place) for place in (start, end))
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{css_class}"/>'


def path(places: Iterable[tuple[float, float]], css_class: str) -> str:
    """A line through several places."""
    points = " ".join(f"{number(x)},{number(y)}" for x, y in places)
    return f'<polyline points="{points}" class="{css_class}"/>'


def dot(place: tuple[float, float], radius: float, css_class: str) -> str:
    """A circle around a place."""
    x, y = map(number, place)
    return f'<circle cx="{x}" cy="{y}" r="{number(radius)}" class="{css_class}"/>'


def bar(corner: tuple[float, float], size: tuple[float, float], css_class: str) -> str:
    """A rectangle from its upper left corner."""
    (x, y), (width, height) = (map(number, pair) for pair in (corner, size))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="{css_class}"/>'


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round values from `low` to `high`: steps of 1, 2 or 5 times a power of ten."""
    step = _step((high - low) / max(most - 1, 1))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(count * step, 10) for count in range(first, last + 1)]


def rounded_up(value: float, most: int = 6) -> float:
    """The least round value at or above this one, to end an axis at; 1 for nothing."""
    if value <= 0:
        return 1.0
    step = _step(value / max(most - 1, 1))
    return round(ceil(value / step - 1e-9) * step, 10)


def number(value: float) -> str:
    """A length to a tenth of a unit, which is finer than a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _step(least: float) -> float:
    power: float = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power > least or isclose(factor * power, least))
