"""The elements of a page that show its byline: those marked as author, and lines such as "By A B" under its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from corpus.facts.byline_leads import LEAD
from corpus.facts.names import NameList, byline, name_list
from corpus.facts.page.dated_lines import dated_names
from corpus.facts.page.elements import attributes, lines_of_element, main_heading, walk

if TYPE_CHECKING:
    from lxml.etree import _Element

_STRONG, _MARKED, _WORDED = 3, 2, 1
_MARK = re.compile(
    r"by-?_?line|(?:^|\s)by(?:$|\s)|(?:^|[\s_-])(?:writer|autor(?:es|in)?|auteurs?|autore|creator|redakteur|verfasser"
    r"|journalist|"
    r"reporter|contributors?)(?:$|[\s_-])|(?<!co)author|written-?_?by|posted-?_?by|zuozhe",
    re.IGNORECASE,
)
_NO_MARK = re.compile(
    r"avatar|photo|image|img|figure|caption|credit|social|follow|authority|authori[sz]|bio\b|biograph|about|signature"
    r"|twitter|"
    r"e-?mail|\brole|job|position|desc(?:$|r|[\s_-])|count|login|username|review|button|icon|links$|other|all-"
    r"|profile-info|"
    r"badge|rank|stats|user-?(?:info|details|profile)|licen[cs]e|lizenz|source|thumb|gallery|media-box|listing|agency",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|bylines?|people|staff|contributors?|writers?|journalists?|redaktion"
    r"|by|editors?|columnists?|reporters?|blogger|author-profile|by-author)/[\w%.+-]{2,}/?(?:[?#].*)?$|[?&]author=",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(  # of an author where it is close to the heading
    r"/(?:profiles?|profil|perfil|users?|u|members?|experts?|team|person|perso[nñ]as?|@)/?[\w%.+-]{3,}/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:[^\W\d_]+ ){0,2}(?:by|von|vom|par|por|di|door|av|af)\b|(?:автор|autor(?:in|a|es)?|auteur|author|text|teksti?"
    r"|interview|words)\s?:"
    r"|author\(s\)\s?:|(?:authors?|autor(?:in|es)?|auteurs?|verfasser(?:in)?|автор)\s*$"
    r"|autor(?:in)? |[（(]?(?:作者|文|撰文|[记記]者|取材|執筆|本[报報])|بقلم",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:authors?|autor(?:in|es)?|auteurs?|verfasser(?:in)?|автор)\s*[:：]?", re.IGNORECASE)
_JOINING = re.compile(r"(?:[,&+;、/]|and|und|et|y|e|en|og|och|и|with|mit)", re.IGNORECASE)
_MOST_CANDIDATES = 100
_LONGEST = 300  # characters of an element that shows a byline
_LONGEST_LINE = 120
_POSTS_BY = re.compile(
    r"(?:posts|articles|stories|more|view all posts|view all articles|(?:zeige )?(?:alle )?(?:beiträge|artikel))"
    r" (?:by|von) ",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:[^\W\d_]+ )?(?:by|By|BY) [A-Z]")
_PICTURE = re.compile(r"photo|image|img|figure|caption|gallery|media|video|avatar|comment|license", re.IGNORECASE)
_BODY = re.compile(r"affiliation|worksfor|memberof|organi[sz]ation|publisher|address", re.IGNORECASE)
_CLOSE = 600  # characters of text after the heading, up to which a link to an account is the author's
_MOST_CLOSE = 400  # elements that are close to the heading
_LONGEST_PROSE = 80  # characters beside a link to a profile; with more it stands in a sentence
_LONGEST_GAP = 8  # characters between the names of one list
_MOST_BETWEEN = 40  # elements between them
_FAR = 3_000  # characters of text after the heading, from which on an author among several others is a teaser's
_MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class ShownByline:
    """The names that one element shows, or several side by side, and how plainly."""

    strength: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    strength: int
    names: tuple[str, ...]
    element: _Element
    distance: int  # characters of text between the heading and the element; 0 before the heading


def shown_bylines(tree: _Element) -> list[ShownByline]:
    """The bylines that a page shows, the plainest first, each with what stands beside it."""
    found = [one for one in islice(_candidates(tree), _MOST_CANDIDATES) if one.names]
    shown: list[ShownByline] = []
    for strength in (_STRONG, _MARKED, _WORDED):
        level = _outermost([one for one in found if one.strength == strength])
        if _is_listing(level):
            level = [one for one in level if one.distance < _FAR][:1]
        group: list[str] = []
        for before, one in pairwise([None, *level]):
            if before is not None and one is not None and not _are_beside(before, one):
                shown.append(ShownByline(strength, tuple(dict.fromkeys(group))))
                group = []
            group += one.names if one is not None else ()
        if group:
            shown.append(ShownByline(strength, tuple(dict.fromkeys(group))))
    return shown


def _outermost(level: Sequence[_Found]) -> list[_Found]:
    """The elements that lie in no other of them."""
    elements = {one.element for one in level}
    return [one for one in level if not any(outer in elements for outer in one.element.iterancestors())]


def _candidates(tree: _Element) -> Iterator[_Found]:
    """The elements that may show the byline, in the order of the page."""
    distance = 0
    has_heading = False
    read = 0
    main = main_heading(tree)
    for element in walk(tree):
        has_heading = has_heading or (element is main if main is not None else element.tag == "h1")
        read += has_heading
        is_close = has_heading and distance < _CLOSE and read < _MOST_CLOSE
        strength = _strength(element, is_close=is_close)
        names = _names(element, strength) if strength else ()
        if not names and is_close and (names := dated_names(element)):
            strength = _WORDED
        if strength:
            yield _Found(strength, names, element, distance)
        if has_heading:
            distance += len((element.text or "").strip()) + len((element.tail or "").strip())


def _strength(element: _Element, *, is_close: bool) -> int:
    """How plainly an element is marked as the byline; 0 where it is not. `is_close` tells of the heading."""
    marks = attributes(element)
    properties = (element.get("itemprop") or element.get("property") or "").lower().split()
    relations = (element.get("rel") or "").lower().split()
    is_other = bool(marks) and _NO_MARK.search(marks) is not None
    if {"author", "creator", "schema:author"} & set(properties) or "author" in relations or element.tag == "author":
        return 0 if element.tag in ("meta", "link") and not element.get("content") else _STRONG
    if is_other and not (is_close and _BY.match((element.text or "").lstrip()[:60]) and not _PICTURE.search(marks)):
        return 0
    if marks and not is_other and _MARK.search(marks):
        return _STRONG if "vcard" in marks or "hcard" in marks else _MARKED
    if element.tag == "a" and _is_profile(element, is_close=is_close) and not _is_in_prose(element):
        return _MARKED
    is_line = element.tag not in ("a", "option", "script", "style", "title", "meta")
    return _WORDED if is_line and _LEAD.match((element.text or "").lstrip()[:60]) else 0


def _named(element: _Element) -> list[_Element]:
    """The elements in it that are marked as a person's name, and not as that of a body that the person belongs to."""
    inner = (one for one in islice(element.iter(), 200) if isinstance(one.tag, str))
    return [
        one
        for one in inner
        if "name" in (one.get("itemprop") or "").split()
        and not any(_BODY.search(outer.get("itemprop") or "") for outer in islice(one.iterancestors(), 5))
    ]


def _is_profile(link: _Element, *, is_close: bool) -> bool:
    """Whether a link leads to what a person has written."""
    target = link.get("href", "")[-200:]
    is_known = _PROFILE.search(target) is not None or _POSTS_BY.match(link.get("title") or "") is not None
    return is_known or (is_close and _ACCOUNT.search(target) is not None)


def _is_in_prose(element: _Element) -> bool:
    """Whether a link stands in a sentence."""
    parent = element.getparent()
    if parent is None:
        return False
    beside = [parent.text or "", *(child.tail or "" for child in islice(parent, 50))]
    return sum(len(text.strip()) for text in beside) > _LONGEST_PROSE


def _names(element: _Element, strength: int) -> tuple[str, ...]:
    named = _named(element)
    content = element.get("content") or (named[0].get("content") if named else None)
    lines = [content] if content else lines_of_element(named[0] if len(named) == 1 else element, _LONGEST)
    if len(named) > 1 and not content:
        lines = ["; ".join(" ".join(lines_of_element(one, _LONGEST_LINE)) for one in named)]
    if (
        strength == _WORDED
        and len(lines) == 1
        and (lines[0].rstrip()[-1:] in ":：" or _LABEL.fullmatch(lines[0]) or LEAD.fullmatch(f"{lines[0]} "))
    ):
        lines[0] = lines[0].rstrip(" :：") + ":" if _LABEL.fullmatch(lines[0]) else lines[0]
        lines += [(element.tail or "").strip()[:_LONGEST_LINE] or _next_words(element)]
    groups = sorted(_groups([line for line in lines if line]), key=lambda group: _LEAD.match(group) is None)
    if strength == _WORDED:
        found = byline(groups[0]) if groups else NameList()
        return () if found.is_prose else found.names
    for group in [group.split(" | ")[0] for group in groups[:4]]:
        found = name_list(group[:_LONGEST], pen_names=strength == _STRONG and not content)
        if found.names or not _is_passed_over(group):
            return () if found.is_prose and len(group) > _LONGEST_LINE else found.names
    return ()


def _next_words(element: _Element) -> str:
    after = element.getnext()
    return " ".join(lines_of_element(after, _LONGEST_LINE)) if after is not None and isinstance(after.tag, str) else ""


def _is_passed_over(group: str) -> bool:
    """Whether a line without a name may stand above the name: by-words, a date, a handle."""
    return len(group.split()) < 3 or any(map(str.isdigit, group)) or group.startswith("@")


def _groups(lines: Sequence[str]) -> Iterator[str]:
    """The lines of an element, those joined by "and" or a comma as one; a line of by-words goes with the next one."""
    group = ""
    for line in lines:
        first, last = line.split()[0], (group.split() or [""])[-1]
        joins = (
            _JOINING.fullmatch(last)
            or last[-1:] in (",", "&", "+", "、", ":", "：")
            or _JOINING.fullmatch(first)
            or line[0] in ",&+、"
        )
        leads = _LEAD.fullmatch(group.strip())
        if group and not joins and not leads:
            yield group
            group = ""
        group = f"{group} {line}".strip()
    if group:
        yield group


def _is_listing(level: Sequence[_Found]) -> bool:
    """Whether the elements are those of several articles: they name several authors, and not side by side."""
    lists = {one.names for one in level}
    apart = sum(not _are_beside(one, other) for one, other in pairwise(level))
    return len(lists) >= _MOST_OTHERS and apart >= _MOST_OTHERS - 1


def _are_beside(one: _Found, other: _Found) -> bool:
    """Whether two elements are items of one list: nearly no text is between them, or their parents are one or two."""
    first, second = one.element.getparent(), other.element.getparent()
    if 0 < _text_between(one.element, other.element) <= _LONGEST_GAP:
        return True
    if first is None or second is None or one.element in other.element.iterancestors():
        return first is not None
    return first is second or (
        first.getparent() is not None and first.getparent() is second.getparent() and first.tag == second.tag
    )


def _text_between(one: _Element, other: _Element) -> int:
    """How many characters of text are between two elements; more than `_LONGEST_GAP` where they are far apart."""
    length = 0
    node, goes_in = one, False
    for _ in range(_MOST_BETWEEN):
        length += len(((node.text if goes_in else node.tail) or "").strip())
        inside = goes_in and len(node) > 0
        following = node[0] if inside else node if goes_in else node.getnext()
        if following is other:
            return length
        if length > _LONGEST_GAP:
            break
        if following is None:
            parent = node.getparent()
            if parent is None:
                break
            node, goes_in = parent, False
        else:
            goes_in = following is not node
            node = following
    return _LONGEST_GAP + 1
