"""Front matter: bylines, datelines, captions and an interviewer's questions, put before a passage that lacks them.

They have names, dates, places and the question's own words, and answer nothing.
"""

from __future__ import annotations

import random

_GIVEN = "Anna Ben Carla David Elif Farah Grace Hassan Ines Jack Kofi Lena Maria Olga Peter Rosa Sam Yusuf".split()
_FAMILY = "Abbott Baker Costa Dunn Evans Fischer Gupta Haddad Ito Jones Khan Lopez Novak Okoye Price Reid Shah".split()
_PLACES = "London Leeds Paris Berlin Nairobi Delhi Boston Chicago Toronto Sydney Madrid Oslo Cairo Lima Athens".split()
_MONTHS = "January February March April May June July August September October November December".split()
_ROLES = ("staff writer", "correspondent", "political editor", "in Brussels", "business reporter")
_AGENCIES = ("Reuters", "AP", "AFP")
_ASKERS = ("Interviewer", "Q", "Host", "Reporter", "Moderator")


def front_matter(question: str, rng: random.Random) -> str:
    """Text to stand before a passage: lines of a page's head, a dateline, or the question as an interviewer asks it."""
    kind = rng.choice((_byline, _byline, _dateline, _caption, _asked))
    return kind(question, rng)


def _name(rng: random.Random) -> str:
    return f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.choice(_MONTHS), rng.randint(1990, 2026)
    return rng.choice((f"{day} {month} {year}", f"{month} {day}, {year}"))


def _byline(_: str, rng: random.Random) -> str:
    by = f"{rng.choice(('By ', 'By ', ''))}{_name(rng)}"
    if rng.random() < 0.4:
        by += f", {rng.choice(_ROLES)}"
    dated = f"{rng.choice(('', 'Published ', 'Updated '))}{_date(rng)}"
    lines = rng.choice(((by,), (by, dated), (dated, by), (f"{by} | {dated}",)))
    return "\n".join(lines) + "\n\n"


def _dateline(_: str, rng: random.Random) -> str:
    month, day = rng.choice(_MONTHS), rng.randint(1, 28)
    return f"{rng.choice(_PLACES).upper()}, {month} {day} ({rng.choice(_AGENCIES)}) — "


def _caption(_: str, rng: random.Random) -> str:
    return f"{rng.choice(('Photo', 'Photograph', 'Image', 'Picture'))}: {_name(rng)}/{rng.choice(_AGENCIES)}\n\n"


def _asked(question: str, rng: random.Random) -> str:
    asker, answering = rng.choice(_ASKERS), rng.choice(("A", _name(rng)))
    return f"{asker}: {question}\n\n{answering}: "
