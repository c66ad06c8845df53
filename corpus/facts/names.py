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
    AGENCIES,
    BODIES,
    DEGREES,
    NO_PERSONS,
    OUTLET_ENDS,
    PARTICLES,
    ROLE_WORDS,
    ROLES,
    STOPS,
    SUFFIXES,
)
from corpus.facts.east_asian_names import east_asian_names, is_east_asian
from corpus.facts.person_names import INITIALS, WORD, goes_on_as_prose, leading_name

_MAX_FACT = 2_000  # characters of a list of names: a search for names in more takes long
_MAX_LINE = 160  # characters of a byline
_MOST_NAMES = 50
_NOISE = re.compile(
    r"<[^<>]{0,300}>|\([^()]{0,200}\)|（[^（）]{0,200}）|[™®†*]|\S{0,100}@\S{1,100}|https?://\S{1,500}"
    r"|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+"
)
_BRACKETED = re.compile(r"[\[(（【]([^\[\]()（）【】]{1,200})[\])）】]")
_GLUED = re.compile(r"(?<=[^\W\d_]{3})(?=\d{1,2}\s)")  # between a name and a date
_LABEL_ALONE = re.compile(r"(?:post )?author|autor(?:in)?|auteur|автор|text|текст|by|von|par|por", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„‘']([^\"“”„‘’]{1,200})[\"“”’']")
_WIKI_LINK = re.compile(r"!?\[\[(?P<target>[^\[\]|]{1,200})(?:\|(?P<other>[^\[\]|]{0,200}))?\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,200})\](?:\([^()\s]{0,500}\))?")
_STRONG = re.compile(
    r"\s?(?:[;|•▪●►»›\n\t\\]|(?<!\w)/|/(?!\w)|/|(?<=\s)[-–—‒―~](?=\s)|[·‧・∙⋅]|\s[-–—]{1,2}$|\.\.\.)\s?"
)
_WEAK = re.compile(
    r"\s?([,،、&+]|(?<=\s)(?:and|AND|And|et|und|UND|y|e|en|og|och|with|mit|avec|con|com|a|i|и|та|й|ve|dan|və|ja|és"
    r"|và|και)(?=\s))\s?"
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
    bracketed = _BRACKETED.fullmatch(linked)
    linked = bracketed[1] if bracketed else linked
    clean = _GLUED.sub(" ", _NOISE.sub(" ", linked))
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
    parts = [quoted[1] if (quoted := _QUOTED.fullmatch(part)) else part for part in parts]
    return [part for part in parts if part and not LEAD.fullmatch(f"{part} ") and not _LABEL_ALONE.fullmatch(part)]


def _segment_names(segment: str, pen_names: bool) -> NameList:
    """The names in a stretch without bars; `is_whole` with no names where the stretch may be passed over."""
    if OTHERS.match(segment):
        return NameList((), is_whole=False)
    for _ in range(2):
        lead = LEAD.match(f"{segment} ")
        segment = segment[lead.end() :].strip() if lead and _leads(segment, lead.end()) else segment
    listed = _listed(segment)
    inverted = _inverted(segment, [part for part, _ in listed])
    if inverted:
        return NameList(tuple(inverted), is_whole=True)
    names: list[str] = []
    is_whole, is_prose, is_role = True, False, False
    for number, (part, is_joined) in enumerate(listed):
        is_role = is_role and not is_joined
        if is_role:
            is_whole = False
        elif part.lower() in SUFFIXES and names:
            names[-1] += f" {part}"
        elif part.lower() in DEGREES:
            is_whole = False
        else:
            name, rest = leading_name(part, is_first=not number, pen_names=pen_names)
            is_whole = is_whole and not rest
            is_prose = is_prose or goes_on_as_prose(rest)
            if name:
                names.append(name)
            elif not number and not _is_furniture(part):
                return NameList()
            is_role = not name and " " in part  # what follows a role in several words goes with it
    return NameList(tuple(names), is_whole, is_prose)


def _listed(segment: str) -> list[tuple[str, bool]]:
    """The parts of a list, each with whether a word such as "and" joins it to those before it."""
    pieces = ["", *_WEAK.split(segment)]
    found = [(part.strip(" :"), mark.strip()) for mark, part in zip(pieces[::2], pieces[1::2], strict=True)]
    joined = False
    listed: list[tuple[str, bool]] = []
    for part, mark in found:
        joined = joined or mark not in ("", ",", "،", "、")
        if part:
            listed.append((part, joined))
            joined = False
    return listed


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
        and all(WORD.fullmatch(word) and word[0].isupper() for word in (*body, *names))
        and (len(names) == 1 or any(INITIALS.fullmatch(word) for word in names[1:]) or len(names) == 2)
    )


def _is_furniture(part: str) -> bool:
    """Whether a part that is no name may be passed over: an agency, an outlet or a role."""
    words = [word.strip(".:").lower() for word in part.split()]
    return part.lower() in NO_PERSONS or all(word in AGENCIES or word in ROLES or word in ROLE_WORDS for word in words)
