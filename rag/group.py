"""Readings that say the same become one candidate; readings that differ stay apart."""

from __future__ import annotations

import re
import unicodedata

from rag.answer import Candidate, Reading

_MINUS = re.compile(r"(?<!\w)[-−–](?=[^\w\s]?\d)")


def group(readings: list[Reading]) -> list[Candidate]:
    """The distinct answers, the one with the best reading first.

    Two readings say the same where their words are the same but for case, punctuation and white space. Two spans that
    share words of one article are one answer as well: the better one.
    """
    best_first = sorted(readings, key=lambda reading: (-reading.margin, reading.passage.id, reading.span))
    groups: dict[str, list[Reading]] = {}
    taken: list[Reading] = []
    for reading in best_first:
        if any(_share_words(reading, other) for other in taken):
            continue
        taken.append(reading)
        groups.setdefault(said(reading.text), []).append(reading)
    return [Candidate(tuple(members)) for members in groups.values()]


def said(text: str) -> str:
    """The words of a text without what does not change what it says: case, punctuation, white space.

    Symbols do change it: $5 is not €5, 5% is not 5, and -5 is not 5.
    """
    kept = (letter if _speaks(letter) else " " for letter in _MINUS.sub("−", text.casefold()))
    return " ".join("".join(kept).split()) or text.strip()


def _speaks(letter: str) -> bool:
    return letter.isalnum() or letter in "%‰#" or unicodedata.category(letter)[0] in "SM"


def _share_words(reading: Reading, other: Reading) -> bool:
    same_article = reading.passage.article_id == other.passage.article_id
    return same_article and reading.article_span.overlaps(other.article_span)
