"""Questions as people type them: lower case, no question mark, bare keywords, slips of the keys."""

from __future__ import annotations

import random
import string

_LOWERED, _UNMARKED, _KEYWORDS, _SLIPPED, _SLIPPED_AGAIN = 0.3, 0.3, 0.12, 0.12, 0.4  # shares of the questions
_UNASKED = 0.5  # share of the keyword questions that leave out what they ask for
_ASKING = frozenset("what which who whom whose when where why how".split())
_FILLERS = frozenset(
    "a an the is are was were do does did of in on at to for by with that this it its be been has have had".split()
)


def typed(question: str, chance: random.Random) -> str:
    """The question, or one of the ways in which someone in a hurry would have typed it."""
    if chance.random() < _KEYWORDS:
        left_out = _FILLERS | _ASKING if chance.random() < _UNASKED else _FILLERS
        kept = [word for word in question.rstrip("?").split() if word.lower() not in left_out]
        question = " ".join(kept) or question
    if chance.random() < _SLIPPED:
        question = _slip(question, chance)
        if chance.random() < _SLIPPED_AGAIN:
            question = _slip(question, chance)
    if chance.random() < _UNMARKED:
        question = question.rstrip(" ?") or question
    return question.lower() if chance.random() < _LOWERED else question


def _slip(question: str, chance: random.Random) -> str:
    """One letter left out, doubled, swapped with the next or hit wrongly; never the last letter of a word."""
    places = [
        number for number, letter in enumerate(question[:-1]) if letter.isalpha() and question[number + 1].isalpha()
    ]
    if not places:
        return question
    at = chance.choice(places)
    before, letter, after = question[:at], question[at], question[at + 1 :]
    slips = [before + after, before + letter * 2 + after, before + after[0] + letter + after[1:]]
    return chance.choice([*slips, before + chance.choice(string.ascii_lowercase) + after])
