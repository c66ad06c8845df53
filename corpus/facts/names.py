"""Names of authors: found in bylines and in lists of names, without what stands beside them."""

from __future__ import annotations

import re

_MAX_FACT = 2_000  # characters of a list of names: a search for names in more takes long
_AGENCIES = re.compile(
    r"(?:the )?(?:associated press|ap|reuters|afp|agence france-presse|upi|dpa|efe|ansa|bbc(?: news)?|"
    r"cnn|bloomberg(?: news)?|nbc news|cbs news|abc news|fox news|npr|pa media|staff(?: (?:and )?agencies)?|"
    r"agencies|contributors?)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:correspondent|reporters?|editors?|staff|writers?|columnist|bureau|chief|desk|contributors?|producer|analyst|"
    r"journalist|photographer|critic|in [A-Z]\w+)\b"
)
_BYLINE = re.compile(
    r"(?:(?:story|words|article|text|report|written|reported|posted)\s+)?"
    r"(?:by|par|von|por|di|da|door|af|av)\b[:\s]\s*(?P<names>\S.*)",
    re.IGNORECASE,
)
_AFTER_NAMES = re.compile(
    r"\s+(?:in|for|at)\s+[A-Z].*$"
    r"|[\s,|–—-]+(?:published|posted|updated|publié|mis à jour|veröffentlicht|publicado)\b.*$"
)
_NAME_SPLIT = re.compile(r"\s*(?:[;|,&/]|\b(?:and|et|und|y|e|en|og|och|with)\b)\s*")
_NAME = re.compile(r"(?:[^\W\d_][\w.'’-]*\.?)(?:[ \xa0][^\W\d_][\w.'’-]*\.?){0,4}")
_PARTICLES = frozenset(
    "al bin ibn ag de del della der den di da dos du el la le van von ten ter y e abu af av zu".split()
)


def byline_names(line: str) -> tuple[str, ...]:
    """The names in a line such as "By A B and C D, Staff writer", without agencies and roles; empty for other lines."""
    match = _BYLINE.fullmatch(line.strip())
    if match is None or len(line) > 160:
        return ()
    names = people(_AFTER_NAMES.sub("", match["names"]))
    return names if all(" " in name for name in names) else ()


def people(text: str) -> tuple[str, ...]:
    """The names in a list such as "A B, C D and E F", without agencies and roles; empty where one is no name."""
    names: list[str] = []
    if len(text) > _MAX_FACT:
        return ()
    for part in _NAME_SPLIT.split(re.sub(r"\([^)]*\)|@\w+|\S+@\S+", "", text).strip(" .:;,|–—-")):
        if not part or _AGENCIES.fullmatch(part) or (names and _ROLE.search(part)):
            continue
        if not _is_name(part):
            return ()
        if part not in names:
            names.append(part)
    return tuple(names)


def _is_name(text: str) -> bool:
    words = text.split()
    capitals = [word for word in words if word[0].isupper() or not word[0].isascii()]
    return (
        _NAME.fullmatch(text) is not None
        and bool(capitals)
        and all(word in capitals or word.lower() in _PARTICLES or word.lower().startswith("al-") for word in words)
    )
