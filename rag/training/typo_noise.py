"""Typo noise: questions as people type them: in lower case, without a question mark, as keywords, with typos."""

from __future__ import annotations

import random
import string

_LOWERED, _UNMARKED, _KEYWORDS, _TYPO, _SECOND_TYPO = 0.3, 0.3, 0.12, 0.12, 0.4  # shares of the questions
_UNASKED = 0.5  # share of the keyword questions that leave out the question word
_QUESTION_WORDS = frozenset("what which who whom whose when where why how".split())
_FILLERS = frozenset(
    "a an the is are was were do does did of in on at to for by with that this it its be been has have had".split()
)


def with_typo_noise(question: str, rng: random.Random) -> str:
    """The question, or one of the ways in which someone in a hurry would have typed it."""
    if rng.random() < _KEYWORDS:
        left_out = _FILLERS | _QUESTION_WORDS if rng.random() < _UNASKED else _FILLERS
        keywords = [word for word in question.rstrip("?").split() if word.lower() not in left_out]
        question = " ".join(keywords) or question
    if rng.random() < _TYPO:
        question = _with_typo(question, rng)
        if rng.random() < _SECOND_TYPO:
            question = _with_typo(question, rng)
    if rng.random() < _UNMARKED:
        question = question.rstrip(" ?") or question
    return question.lower() if rng.random() < _LOWERED else question


def _with_typo(question: str, rng: random.Random) -> str:
    """One letter left out, doubled, swapped with the next or replaced; never the last letter of a word."""
    places = [at for at, letter in enumerate(question[:-1]) if letter.isalpha() and question[at + 1].isalpha()]
    if not places:
        return question
    at = rng.choice(places)
    before, letter, after = question[:at], question[at], question[at + 1 :]
    typos = [before + after, before + letter * 2 + after, before + after[0] + letter + after[1:]]
    return rng.choice([*typos, before + rng.choice(string.ascii_lowercase) + after])
