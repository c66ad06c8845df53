"""A line under a title that states facts, such as "By A B | Gazette | 14 March 2025"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts.byline_leads import LEAD
from corpus.facts.byline_words import ROLE_WORDS, ROLES
from corpus.facts.dates import StatedDate, dates_in, is_bare
from corpus.facts.names import NameList, byline, name_list

_MAX_LINE = 160  # characters of a line that states facts
_OUTLET_WORD = re.compile(
    r"\b(?:post|times|news|herald|tribune|guardian|journal|gazette|press|reuters|afp|bbc|cnn|npr|telegraph|independent|"
    r"mail|express|mirror|star|chronicle|observer|standard|daily|weekly|magazine|radio|tv|review|economist|bloomberg|"
    r"monde|figaro|spiegel|zeitung|welt|país|mundo|wire|blog|gazeta|tagblatt|anzeiger|libération|courier|courrier"
    r"|bulletin)\b"
    r"|\.(?:com|org|net|info|fr|de|es|co\.uk)\b",
    re.IGNORECASE,
)
_LETTER_OF = re.compile(r"[A-Z].{2,60} (?:newsletter|bulletin|magazine)", re.IGNORECASE)
_ISSUED = re.compile(r"(?:issued|released|published|posted) by .{2,80}? on \S", re.IGNORECASE)
_APPEARED = re.compile(
    r"(?:this (?:article|story|piece|text) )?(?:was )?(?:(?:first|originally|previously) )?(?:published|printed"
    r"|appeared|posted) "
    r"(?:in|on|by) |(?:zuerst |erstmals )?(?:erschienen|veröffentlicht) (?:in|im|auf|bei) (?:de[rmn] )?|(?:publié"
    r"|paru) (?:dans|sur) "
    r"|(?:publicad[oa]|apareció) en |pubblicato (?:su|in) |(?:source|quelle|fuente|from|aus|extrait de)\s?: ?",
    re.IGNORECASE,
)
_KINDS_OF_TEXT = frozenset(  # no outlet, although a word of outlets is in them
    "press release,press statement,news release,news,breaking news,latest news,top news,world news,local news,blog,"
    "blog post,review,book review,film review,press review,book reviews,news in brief,news analysis,news feature".split(
        ","
    )
)
_CAPITAL = r"(?:(?![a-zß-öø-ÿ])[^\W\d_])"
_NAME_OF_OUTLET = re.compile(
    rf"(?:(?:[Tt]he|[Dd](?:er|ie|as)|[Ll][aeo]s?|[Ee]l|[Ii]l|[Ll]['’])\s?)?{_CAPITAL}[\w'’.&-]{{0,30}}"
    rf"(?: (?:{_CAPITAL}[\w'’.&-]{{0,30}}|of|and|de|du|des|der|für|&|la|del)){{0,6}}"
)
_PLACE = re.compile(rf"{_CAPITAL}[\w'’.-]{{1,30}}(?: {_CAPITAL}[\w'’.-]{{1,30}})?")  # above a letter
_BAR = re.compile(r"\s?[|•·]\s?|\s[–—-]\s|\s[–—-]$|,\s")
_WHERE = re.compile(rf"(?:^|[\s,])(?:in|at|from|à|aus|en|da|di) (?:{_CAPITAL}[\w'’.-]{{0,30}}(?: |$)){{1,3}}$")
_JOINING = frozenset("and und et y e en og och of the for".split())
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zß-ÿ]{2,20}(?:[ .'-][^\W\d_a-zß-ÿ]{2,20}){0,3})(?:,| \([^()]{2,40}\),?)\s(?P<date>\d.{5,30}"
    r"|\w{3,12}\.? \d.{5,20}?)\s?(?:\([^()]{2,40}\)\s?)?[–—-]{1,2}(?:\s|$)"
)


@dataclass(frozen=True, slots=True)
class FactLine:
    """The facts of a line: `is_whole` says that it holds nothing else, `is_plain` that it is a date without a label."""

    day: str | None = None
    names: tuple[str, ...] = ()
    outlet: str | None = None
    is_whole: bool = False
    is_plain: bool = False
    is_labelled: bool = False


def fact_line(text: str) -> FactLine:
    """What a line states; an empty FactLine for a line of the text itself."""
    text = text.strip("*_ \xa0")
    if len(text) > _MAX_LINE:
        return FactLine(day=_of_dateline(text))
    dates = dates_in(text)
    kinds = [one.kind for one in dates]
    is_open = kinds.count("") > 1 or kinds.count("published") > 1  # as in a row of a table
    found = next((one for kind in ("published", "") for one in dates if one.kind == kind), None)
    day = found.days[0] if found and len(found.days) == 1 and not is_open else None
    if dates and is_bare(text, dates):
        only = day is not None and len(dates) == 1
        labelled = found is not None and found.kind == "published"
        return FactLine(day, is_whole=only, is_plain=only and not labelled, is_labelled=labelled)
    if _ISSUED.match(text) and day:
        return FactLine(day)
    return _of_parts(text, dates, day)


def _of_parts(text: str, dates: list[StatedDate], day: str | None) -> FactLine:
    """The facts of the parts of a line between bars, dashes and commas."""
    appeared = _APPEARED.match(text)
    rest, end = "", appeared.end() if appeared else 0
    for one in dates:
        rest += text[end : one.start] + " | "
        end = one.end
    rest += text[end:]
    parts = [part for raw in _BAR.split(rest) if (part := raw.strip(" .:;()"))]
    bars = [part for raw in re.split(r"\s?[|•·]\s?", rest) if (part := raw.strip(" ,.:;()–—-"))]
    names = next((found for found in map(byline, (rest.strip(" |,"), *bars)) if found.names), NameList())
    outlet = None
    is_whole = len(dates) <= 1 and (not dates or day is not None)
    is_known = bool(names.names) or bool(appeared)
    for part in parts:
        if outlet is None and ((appeared and _NAME_OF_OUTLET.fullmatch(part)) or is_outlet(part)):
            outlet = part
        elif not _names_only(part, names.names) and not is_bare(part, []):
            is_whole = False
            is_known = is_known or (part.isupper() and len(part) > 2)
    is_whole = is_whole or ((day is not None or not dates) and outlet is None and _is_byline(rest, names.names))
    is_letter = len(dates) == 1 and len(parts) == 1 and _PLACE.fullmatch(parts[0]) and text.startswith(parts[0])
    if not (is_known or outlet or is_letter) and not re.search(r"\s[|•·]\s", text):
        return FactLine(day=_of_dateline(text))
    return FactLine(day, names.names, outlet, is_whole and bool(outlet or names.names))


def _names_only(part: str, names: tuple[str, ...]) -> bool:
    """Whether a part of a line has some of the names, and nothing besides names."""
    found = name_list(part)
    return found.is_whole and not set(names).isdisjoint(found.names)


def _is_byline(text: str, names: tuple[str, ...]) -> bool:
    """Whether a line names authors, and besides only what they are and where: "By A B, chief reporter, in Paris"."""
    lead = LEAD.match(text)
    if not names or lead is None:
        return False
    rest = text[lead.end() :]
    for name in names:
        rest = rest.replace(name, " ", 1)
    rest = _WHERE.sub("", rest.strip(" .,|;:"))
    words = re.findall(r"[^\W\d_][\w'’.-]*|\d+", rest)
    return all(word.lower() in ROLES | ROLE_WORDS | _JOINING for word in words)


def _of_dateline(text: str) -> str | None:
    """The day of a paragraph that begins as agencies have it: "MERRIN, 14 March 2025 — The ferry ..."."""
    opening = _DATELINE.match(text[:_MAX_LINE])
    if opening is None:
        return None
    dates = dates_in(opening["date"])
    return dates[0].days[0] if len(dates) == 1 and len(dates[0].days) == 1 and is_bare(opening["date"], dates) else None


def is_outlet(text: str) -> bool:
    """Whether a line reads as the name of a newspaper, magazine or station."""
    if re.search(r"\d", text) or text.casefold() in _KINDS_OF_TEXT:
        return False
    return _LETTER_OF.fullmatch(text) is not None or (is_name(text) and _OUTLET_WORD.search(text) is not None)


def is_name(text: str) -> bool:
    """Whether a line is short and begins and ends as a name does."""
    words = text.split()
    return (
        0 < len(text) <= 40
        and len(words) <= 5
        and text[-1].isalnum()
        and words[0][0].isupper()
        and words[-1][0].isupper()
    )
