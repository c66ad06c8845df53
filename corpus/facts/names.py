"""Names of authors: found in bylines and in lists of names, without what stands beside them.

A name is a run of capitalised words with particles and initials, or of words in a script without capitals. It ends at a
date, a role, a place after a preposition, or any word of `byline_words`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from corpus.facts.byline_leads import LEAD, OTHERS
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
from corpus.facts.east_asian_names import east_asian_names, is_east_asian

_MAX_FACT = 2_000  # characters of a list of names: a search for names in more takes long
_MAX_LINE = 160  # characters of a byline
_MOST_NAMES = 50
_MOST_WORDS = 6  # of a name
_NOISE = re.compile(
    r"<[^<>]{0,300}>|\([^()]{0,200}\)|\S{0,100}@\S{1,100}|https?://\S{1,500}"
    r"|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+"
)
_WIKI_LINK = re.compile(r"!?\[\[(?P<target>[^\[\]|]{1,200})(?:\|(?P<other>[^\[\]|]{0,200}))?\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,200})\](?:\([^()\s]{0,500}\))?")
_STRONG = re.compile(
    r"\s?(?:[;|•▪●►»›\n\t\\]|(?<!\w)/|/(?!\w)|/|(?<=\s)[-–—‒―~](?=\s)|[·‧・∙⋅]|\s[-–—]{1,2}$|\.\.\.)\s?"
)
_WEAK = re.compile(
    r"\s?(?:[,،、&+]|(?<=\s)(?:and|AND|And|et|und|UND|y|e|en|og|och|with|mit|avec|con|com|a|i|и|та|й|ve|dan|və|ja|és"
    r"|và|και)(?=\s))\s?"
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
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[-‐]?){1,4}\.?")
_WORD = re.compile(r"[\"“”„«»'‘’]?[^\W\d_][\w.'’‘`´ʼ\-‐‑]*[\"“”«»'’]?,?", re.UNICODE)
_ELIDED = re.compile(r"(?:al|el|as|ad|an|ar|ibn|d|l|o|dell|dall|degl|n)[-'’‑]", re.IGNORECASE)
_NO_BEGINNING = frozenset("the der die zur zum alle alles mehr".split())
_EITHER = frozenset(
    "post page day days more read story home last first works week stand share view years top em fa is via".split()
)


@dataclass(frozen=True, slots=True)
class NameList:
    """The names of a list; whether it holds nothing else but what joins and leads to them; whether prose follows."""

    names: tuple[str, ...] = ()
    is_whole: bool = False
    is_prose: bool = False


def people(text: str, *, pen_names: bool = False) -> tuple[str, ...]:
    """The names in a list such as "A B, C D and E F" or "B, A; D, C", without agencies, roles, dates and places.

    Empty where it begins with something else. With `pen_names` a single capitalised word is a name, too.
    """
    return name_list(text, pen_names=pen_names).names


def byline(line: str) -> NameList:
    """The names in a line such as "By A B and C D, Staff writer"; empty for other lines."""
    line = line.strip()
    if len(line) > _MAX_LINE or not (LEAD.match(line) or (is_east_asian(line) and _is_labelled(line))):
        return NameList()
    found = name_list(line)
    return found if all(" " in name or is_east_asian(name) for name in found.names) else NameList()


def byline_names(line: str) -> tuple[str, ...]:
    """The names in a line such as "By A B and C D, Staff writer", without agencies and roles; empty for other lines."""
    return byline(line).names


def _is_labelled(line: str) -> bool:
    return (
        len(line) <= 40
        and re.match(r"[（(【]?(?:本[报報])?(?:文|作者|撰文|[记記]者|取材|執筆|글)\s?[:：/／・]|[记記]者", line)
        is not None
    )


def name_list(text: str, *, pen_names: bool = False) -> NameList:
    """As `people`, with whether the text holds anything else."""
    if len(text) > _MAX_FACT:
        return NameList()
    linked = _LINK.sub(r"\1", _WIKI_LINK.sub(_shown, html.unescape(text))).strip("*_ ")
    clean = _NOISE.sub(" ", linked)
    is_whole = clean == linked
    if is_east_asian(clean) and not re.search(r"[A-Za-zА-я]{3}", clean):
        names, only = east_asian_names(clean)
        return NameList(names, is_whole and only)
    names_found: list[str] = []
    is_prose = False
    for number, segment in enumerate(_segments(clean)):
        found = _segment_names(segment, pen_names and not number)
        if not number and not found.names and not found.is_whole:
            return NameList()
        is_whole = is_whole and found.is_whole
        is_prose = is_prose or found.is_prose
        names_found += [name for name in found.names if name not in names_found]
    return NameList(tuple(names_found[:_MOST_NAMES]), is_whole and bool(names_found), is_prose)


def _shown(link: re.Match[str]) -> str:
    """The name of a wiki link: the end of its target, or its other words where these alone are a whole name."""
    target, other = link["target"].rpartition("/")[2].partition("#")[0].strip(), (link["other"] or "").strip()
    return other if " " in other and " " not in target else target


def _segments(text: str) -> list[str]:
    """The stretches of a byline between bars, dashes and the like that have words; by-words alone are none."""
    parts = [part.strip(" \xa0,:–—-*_") for part in _STRONG.split(text) if part]
    return [part for part in parts if part and not LEAD.fullmatch(f"{part} ")]


def _segment_names(segment: str, pen_names: bool) -> NameList:
    """The names in a stretch without bars; `is_whole` with no names where the stretch may be passed over."""
    if OTHERS.match(segment):
        return NameList((), is_whole=False)
    for _ in range(2):
        lead = LEAD.match(f"{segment} ")
        segment = segment[lead.end() :].strip() if lead and _leads(segment, lead.end()) else segment
    parts = [part for raw in _WEAK.split(segment) if (part := raw.strip(" :"))]
    inverted = _inverted(segment, parts)
    if inverted:
        return NameList(tuple(inverted), is_whole=True)
    names: list[str] = []
    is_whole, is_prose = True, False
    for number, part in enumerate(parts):
        if part.lower() in SUFFIXES and names:
            names[-1] += f" {part}"
        elif part.lower() in DEGREES:
            is_whole = False
        else:
            name, rest = _person(part, is_first=not number, pen_names=pen_names)
            is_whole = is_whole and not rest
            is_prose = is_prose or _is_prose(rest)
            if name:
                names.append(name)
            elif not number and not _is_furniture(part):
                return NameList()
    return NameList(tuple(names), is_whole, is_prose)


def _leads(segment: str, end: int) -> bool:
    """Whether by-words lead to a name: "Di" and "Von" may belong to it."""
    rest = segment[end:].split()
    lead = segment[:end].strip()
    is_sure = lead.islower() or lead[-1] in ":：" or len(lead) > 3 or lead.lower() in ("by", "von", "par", "por")
    return bool(rest) and (is_sure or len(rest) > 1)


def _inverted(segment: str, parts: list[str]) -> list[str]:
    """The names of "Last, First" or "Last, F., Other, O."; empty where the list is none of such."""
    if "," not in segment or len(parts) % 2 or (re.search(r"\s(?:and|und|et|y)\s|&", segment) and len(parts) != 4):
        return []
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return [f"{given} {family}" for family, given in pairs] if all(_is_inverted(*pair) for pair in pairs) else []


def _is_inverted(family: str, given: str) -> bool:
    words, names = family.split(), given.split()
    body = [word for word in words if word.lower() not in PARTICLES]
    known = {word.lower().strip(".") for word in (*words, *names)} & (
        AGENCIES | ROLES | BODIES | STOPS | DEGREES | SUFFIXES | OUTLET_ENDS
    )
    return (
        len(body) == 1
        and 1 <= len(names) <= 3
        and not known
        and all(_WORD.fullmatch(word) and word[0].isupper() for word in (*body, *names))
        and (len(names) == 1 or any(_INITIALS.fullmatch(word) for word in names[1:]) or len(names) == 2)
    )


def _is_furniture(part: str) -> bool:
    """Whether a part that is no name may be passed over: an agency, an outlet or a role."""
    words = [word.strip(".:").lower() for word in part.split()]
    return part.lower() in NO_PERSONS or all(word in AGENCIES or word in ROLES or word in ROLE_WORDS for word in words)


def _is_prose(rest: str) -> bool:
    """Whether what follows a name goes on as a sentence does."""
    word = rest.partition(" ")[0].strip(".,:;")
    return word.islower() and word not in STOPS | ROLES | ROLE_WORDS | MONTHS | WEEKDAYS | AGENCIES | DEGREES


def _person(part: str, *, is_first: bool, pen_names: bool) -> tuple[str, str]:
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
        taken.append(word)
    while taken and taken[-1].lower() in PARTICLES and not taken[-1][0].isupper():
        taken.pop()
    ends_short = bool(taken) and (_INITIALS.fullmatch(taken[-1]) or taken[-1].lower().strip(",") in SUFFIXES)
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
    is_word = _WORD.fullmatch(word) is not None and (place > 0 or word[0].isalpha())
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
        return is_written_so and (pen_names or not _is_cased(name))
    return any(len(word.strip(".")) > 1 for word in words)


def _names_no_person(words: list[str], low: list[str], is_first: bool) -> bool:
    """Whether words are too many, lack a capital, or are those of an agency, a body, an outlet or an account."""
    is_long = len([word for word in low if word not in PARTICLES]) > _MOST_WORDS
    is_lower = not any(word[0].isupper() or not _is_cased(word) for word in words)
    is_begun = low[0] in _NO_BEGINNING or words[0] in ("der", "den", "dem", "des", "die", "das")
    is_other = all(word in AGENCIES or word in ROLES or word in ROLE_WORDS or word in ACCOUNTS for word in low)
    is_outlet = low[-1] in OUTLET_ENDS and (not is_first or len(words) > 2)
    return is_long or is_lower or is_begun or is_other or is_outlet or any(word in BODIES for word in low)


def _is_cased(word: str) -> bool:
    return word.lower() != word.upper()
