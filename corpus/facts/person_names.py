"""The name of one person at the beginning of a part of a byline, and where it ends."""

from __future__ import annotations

import re

from corpus.facts.byline_words import (
    ACCOUNTS,
    AGENCIES,
    BODIES,
    DEGREES,
    MONTHS,
    NO_PERSONS,
    OUTLET_ENDS,
    PARTICLES,
    ROLE_WORDS,
    ROLES,
    STOPS,
    SUFFIXES,
    WEEKDAYS,
)

_GERMAN_ROLE = re.compile(
    r".(?:leiter|sprecher|direktor|referent|manager|berater|redakteur|korrespondent|journalist|reporter|experte"
    r"|forscher|"
    r"wissenschaftler|präsident|volontär|mitarbeiter|fotograf)(?:in)?$",
    re.IGNORECASE,
)
_ROLE_END = re.compile(
    r"-(?:expert[ei]n?|autor(?:in)?|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|mitarbeiter(?:in)?)$",
    re.IGNORECASE,
)
INITIALS = re.compile(r"(?:[^\W\d_]\.?[-‐]?){1,4}\.?")
WORD = re.compile(r"[\"“”„«»'‘’]?[^\W\d_][\w.'’‘`´ʼ\-‐‑]*[\"“”«»'’]?,?", re.UNICODE)
_ELIDED = re.compile(r"(?:al|el|as|ad|an|ar|ibn|d|l|o|dell|dall|degl|n)[-'’‑]", re.IGNORECASE)
_NO_BEGINNING = frozenset("the der die zur zum alle alles mehr our your my unser unsere mein meine".split())
_EITHER = frozenset(
    "post page day days more read story home last first works week stand share view years top em fa is via".split()
)
_HOST = re.compile(r"[\w-]{3,60}\.[a-z]{2,4}")
_MOST_WORDS = 6  # of a name


def goes_on_as_prose(rest: str) -> bool:
    """Whether what follows a name goes on as a sentence does."""
    word = rest.partition(" ")[0].strip(".,:;")
    return word.islower() and word not in STOPS | ROLES | ROLE_WORDS | MONTHS | WEEKDAYS | AGENCIES | DEGREES


def leading_name(part: str, *, is_first: bool, pen_names: bool) -> tuple[str, str]:
    """The name that a part begins with, "" where it begins with none, and the words after it."""
    words = part.split()
    while len(words) > 2 and (words[0].lower() in ROLE_WORDS or _is_role(words[0]) or _ROLE_END.search(words[0])):
        words = words[1:]
    taken: list[str] = []
    for index, word in enumerate(words[: 2 * _MOST_WORDS]):
        after = " ".join(words[index + 1 : index + 3])
        if not _continues(word, len(taken), after):
            if _is_role(word):
                while taken and taken[-1].lower() in ROLE_WORDS and (len(taken) > 2 or after == "" or len(taken) == 1):
                    taken.pop()
            break
        if word.endswith(("'s", "’s")) and index:
            taken.append(word[:-2])
            break
        taken.append(word)
    while taken and taken[-1].lower() in PARTICLES and not taken[-1][0].isupper():
        taken.pop()
    ends_short = bool(taken) and (INITIALS.fullmatch(taken[-1]) or taken[-1].lower().strip(",") in SUFFIXES)
    name = " ".join(taken).strip(" ,;:'‘’\"“”" if ends_short else " .,;:'‘’\"“”")
    is_name = _is_name(name, is_first, pen_names)
    rest = " ".join(words[len(taken) :])
    if is_name and " " not in name and rest and _is_cased(name):
        return "", part  # the first word of something else
    return (name, rest) if is_name else ("", part)


def _is_role(word: str) -> bool:
    return word.lower().strip(".,:") in ROLES or _GERMAN_ROLE.search(word) is not None


def _continues(word: str, place: int, after: str) -> bool:
    """Whether a word may stand at this place of a name, before the words `after`."""
    low = word.lower().strip(".,:;'’\"“”")
    is_word = WORD.fullmatch(word) is not None and (word[0].isalpha() or (place > 0 and word[0] not in "«„"))
    leads_on = place > 0 and word in ("By", "Von", "Par", "Por") and " " in after
    is_agency = low in AGENCIES and place > 1 and (word.isupper() or len(low) > 4)
    if not is_word or leads_on or is_agency or (low in DEGREES and place > 1):
        return False
    if low in SUFFIXES and place:
        return True
    if low in STOPS or (place and _is_role(word)):
        return low in _EITHER and word[0].isupper() and place == 1 and not after
    if low in MONTHS or low in WEEKDAYS:
        return _may_be_named_so(word, place, after)
    is_elided = _ELIDED.match(word) is not None and any(map(str.isupper, word))
    return not word[0].islower() or low in PARTICLES or (place == 1 and len(low) == 1) or is_elided


def _may_be_named_so(word: str, place: int, after: str) -> bool:
    """Whether the name of a month or a weekday may be that of a person, as in "April Quill" and "Theresa May"."""
    is_date = any(map(str.isdigit, after[:2]))
    follows = after[:1].isupper() and after.partition(" ")[0].lower() not in MONTHS
    return not is_date and word[0].isupper() and (bool(after) if place == 0 else place == 1 and (not after or follows))


def _is_name(name: str, is_first: bool, pen_names: bool) -> bool:
    words = name.split()
    low = [word.lower().strip(".") for word in words]
    if not words or name.lower() in NO_PERSONS or _names_no_person(words, low, is_first):
        return False
    if len(words) == 1:
        is_written_so = len(name) > 2 and "." not in name and low[0] not in MONTHS | WEEKDAYS
        return is_written_so and pen_names
    return any(len(word.strip(".")) > 1 for word in words)


def _names_no_person(words: list[str], low: list[str], is_first: bool) -> bool:
    """Whether words are too many, lack a capital, or are those of an agency, a body, an outlet or an account."""
    is_long = len([word for word in low if word not in PARTICLES]) > _MOST_WORDS
    is_lower = not any(word[0].isupper() or not _is_cased(word) for word in words)
    is_begun = low[0] in _NO_BEGINNING or words[0] in ("der", "den", "dem", "des", "die", "das")
    is_other = all(word in AGENCIES or word in ROLES or word in ROLE_WORDS or word in ACCOUNTS for word in low)
    is_host = any(_HOST.fullmatch(word) for word in words)
    is_outlet = is_host or (low[-1] in OUTLET_ENDS and (not is_first or len(words) > 2))
    return is_long or is_lower or is_begun or is_other or is_outlet or any(word in BODIES for word in low)


def _is_cased(word: str) -> bool:
    return word.lower() != word.upper()
