"""Numbers and times as a person reads them."""

from __future__ import annotations

from datetime import datetime


def percent(share: float, digits: int = 1) -> str:
    """`73.1 %`, with a space that does not break."""
    return f"{100 * share:.{digits}f}\N{NARROW NO-BREAK SPACE}%"


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    unit, size = ("s", 1.0) if seconds >= 1 else ("ms", 1000.0)
    return f"{seconds * size:.3g}\N{NARROW NO-BREAK SPACE}{unit}" if seconds else "0"


def counted(n: int, one: str) -> str:
    """`1 question`, `2,917 questions`."""
    return f"{n:,} {one}{'s' * (n != 1)}"


def when(started: str) -> str:
    """`21 November 2026, 14:17 UTC`; what is no date is left as it is."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return started
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
