"""What kind of answer a question asks for, by its question word: a person, a time, a number, a place. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["person", "time", "place", "count", "money", "age", "share", "extent"]

_ASKING = re.compile(r"\b(?:who|whom|whose|when|where|what|which|why|how)\b")
_LATER = re.compile(r", (?:(?:in|at|by|for|to|from|on) )?((?:what|which|who|whom|when|where|how)\b)")
# A question word asks at the beginning and behind a comma, "by whom" as well; elsewhere it may begin a relative clause.
_PREPOSITIONS = frozenset(
    "by for to from with of in on at since until till about around near after before between during within".split()
)
_AUXILIARY = (
    r"(?:['’](?:s|d|re|ll|ve)|\s(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|"
    r"shall|isn['’]?t|wasn['’]?t|weren['’]?t|didn['’]?t|doesn['’]?t|don['’]?t|won['’]?t|else|exactly|in|on))\b"
)
_CURRENCIES = r"(?:pounds?|dollars?|euros?|pence|cents?|yen|francs?|kroner|quid|bucks|money)"
_AS_MONEY = (
    r"(?:costs?|paid|pays?|payment|price[ds]?|charged?|charges?|earn(?:s|ed)?|spen[dt]s?|worth|owed?s?|rais(?:ed?|es)"
    r"|fined?|donat\w+|invest(?:ed|s)?|sell|sold|bought|buy|budget|salary|rent|fees?|fares?|tickets?|loan|debt|grants?)"
)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("person", re.compile(r"(?:who|whom)\b(?!\s(?:many|much|old|long)\b)|whose\s")),
    ("time", re.compile(rf"when{_AUXILIARY}|when\W*$|(?:what|which) (?:year|month|date|day|century|decade)s?\b")),
    ("place", re.compile(rf"where{_AUXILIARY}|where\W*$|(?:what|which) (?:town|city|village|country|island)\b")),
    ("money", re.compile(
        rf"how (?:much|many) {_CURRENCIES}\b(?! of)|how much(?=\W*$|{_AUXILIARY}).*\b{_AS_MONEY}\b"
        r"|how expensive\b|what (?:(?:is|was|were|are|did|does|do|will) .*\b(?:price|fare|fee|salary) (?:of|for|per)\b)"
    )),
    ("count", re.compile(r"how many\b")),
    ("age", re.compile(r"how old\b|what age(?=\W*$|\s(?:is|was|were|are|did|do|does|can|must|should)\b)")),
    ("share", re.compile(r"(?:what|which) (?:percentage|percent|per cent|proportion)\b")),
    ("extent", re.compile(rf"how long(?: ago)?{_AUXILIARY}")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The kind of answer that a question asks for; None where that is open. `counted` is the noun after "how many".

    `is_of_authors` says that the question asks who wrote, reported, photographed or the like, `is_of_rank` that it may
    ask for a place in a list. `words` are those behind "how many", in small letters.
    """

    kind: Kind | None
    counted: str = ""
    is_of_authors: bool = False
    is_of_rank: bool = False
    words: frozenset[str] = frozenset()


_COUNTED = re.compile(
    r"(?:how many )(?:(?!of\b|the\b|in\b|are\b|is\b|do\b|did\b|were\b|was\b)[\w'’-]+ ){0,2}?"
    r"(?P<noun>[a-z][\w'’-]+(?<![sui])s|people|children|men|women|crew|staff|cattle|sheep|police)(?=\W|$)(?! of\b)"
)
_WORDS = re.compile(r"\w[\w'’-]*")
_AUTHORS = re.compile(
    r"\b(?:wrote|write[sr]?|written|writing|authors?|authored|report(?:s|ed|er|ers|ing)?|journalists?|correspondents?|byline"
    r"|photo\w*|pictur\w+|images?|camera|shot|illustrat\w+|drew|drawn|edit(?:s|ed|or|ing)?|translat\w+|interview\w*|film\w*"
    r"|articles?|stor(?:y|ies)|news\w*|piece|column\w*|review\w*|cover(?:s|ed|ing)?|publish\w*|compiled|recipes?|credit\w*"
    r"|post(?:s|ed)?|blog\w*|outlet|agency|magazine|filed|text|caption\w*|words)\b"
)

_RANK = re.compile(
    r"\b(?:rank\w*|(?<!\btake )(?<!\btook )(?<!\btaken )place[ds]?|finish\w*|lists?|draft\w*|scale|chart\w*|points?)\b"
)


@lru_cache(maxsize=1024)
def asked_for(question: str) -> AskedFor:
    """What a question asks for, by its first question word; open where no rule is sure."""
    text = " ".join(question.casefold().split())
    rest = _asking_part(text)
    kind = _kind(rest)
    if kind is None:
        return AskedFor(None)
    counted = _COUNTED.match(rest) if kind == "count" else None
    words = frozenset(_WORDS.findall(rest.removeprefix("how many"))) if kind == "count" else frozenset()
    noun = counted["noun"] if counted else ""
    return AskedFor(kind, noun, bool(_AUTHORS.search(text)), bool(_RANK.search(text)), words)


def _asking_part(text: str) -> str:
    """The question from its question word on, "" where none asks: it stands first, or behind the comma of a clause."""
    first = _ASKING.search(text)
    if first is None:
        return ""
    rest = text[first.start() :]
    may_ask = _may_ask(text[: first.start()])
    if may_ask and (_kind(rest) or first[0] not in {"when", "where"}):
        return rest
    later = [found.start(1) for found in _LATER.finditer(text)]
    if later:
        return text[later[-1] :]
    return rest if first[0] == "how" else ""


def _kind(rest: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS if pattern.match(rest)), None)


def _may_ask(before: str) -> bool:
    """Whether a question word asks behind these words: nothing, a clause with its comma, a preposition."""
    last = before.rpartition(",")[2].split()
    return not last or (len(last) == 1 and (last[0] in _PREPOSITIONS or last[0] in {"and", "but", "so", "then", "or"}))
