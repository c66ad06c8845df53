"""The facts that a source states about its article: title, authors, date, outlet, address, language.

A date needs its day, month and year; a number such as 03/04/2025 that could be two days is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from corpus.draft import SourceFacts
from corpus.facts.names import byline_names, people

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["KEYS", "byline_names", "is_address", "iso_date", "language_of", "people", "stated"]

KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name"),
    "authors": ("authors", "author", "byline", "creator", "by"),
    "outlet": ("outlet", "publisher", "site_name", "sitename", "site", "newspaper", "publication", "source"),
    "published": tuple(
        "published date_published datepublished publication_date published_at publishdate published_date pubdate "
        "pub_date date created created_at".split()
    ),
    "url": ("url", "link", "canonical", "canonical_url", "permalink", "source_url", "original_url"),
    "language": ("language", "lang", "locale"),
}
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?=\D|$|[01]\d[0-3]\d(?!\d))")
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?![\d])|(\d{4})(\d\d)(\d\d)(?!\d)|(\d{4})[/.](\d\d?)[/.](\d\d?)(?!\d)")
_DAY_FIRST = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})(?!\d)")
_EITHER_WAY = re.compile(r"(\d\d?)[/-](\d\d?)[/-](\d{4})(?!\d)")
_MONTH_NAME = re.compile(r"[^\W\d_]{3}")
_DATE_LEAD = re.compile(
    r"(?:(?:first |originally |last )?(?:published|posted|updated|modified|created|issued|filed|date|pubdate)"
    r"(?: on| at)?|publié|mis à jour|veröffentlicht|aktualisiert|stand|publicado|actualizado|pubblicato)"
    r"(?: le| am| el| il)?\s*[:|]?\s*",
    re.IGNORECASE,
)
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
_DATE_SETTINGS = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
    "RETURN_AS_TIMEZONE_AWARE": False,
}
_MAX_FACT = 2_000  # characters of a list of names, or any other fact: a search for names in more takes long
_MIN_LETTERS = 60  # fewer make a text's language a guess
_MIN_PROBABILITY = 0.5


def stated(record: Mapping[str, object]) -> SourceFacts:
    """The facts in a record of front matter or JSON, under any of their usual names."""
    known = {re.sub(r"[\s:.-]+", "_", str(key).strip().lower()): value for key, value in record.items()}
    found = {fact: [known[name] for name in names if known.get(name)] for fact, names in KEYS.items()}
    outlets = [value for value in map(_words, found["outlet"]) if value]
    addresses = [value for value in map(_words, found["url"] + found["outlet"]) if value and is_address(value)]
    return SourceFacts(
        title=next(filter(None, map(_words, found["title"])), None),
        authors=next(filter(None, map(_people, found["authors"])), ()),
        outlet=next((value for value in outlets if not is_address(value)), None),
        published=next(filter(None, map(iso_date, found["published"])), None),
        url=next(iter(addresses), None),
        language=next(filter(None, map(_language_code, found["language"])), None),
    )


def is_address(text: str) -> bool:
    return re.match(r"https?://[^\s/]", text, re.IGNORECASE) is not None


def iso_date(value: object) -> str | None:
    """The date that a value states, as `YYYY-MM-DD`; None unless it is one whole, unambiguous date and nothing else."""
    if isinstance(value, dt.date):  # a datetime is one too
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**8:
        value = str(value)  # as YAML reads 20240312
    if not isinstance(value, str) or len(value) > 80 or not _YEAR.search(value):
        return None
    text = _DATE_LEAD.sub("", value.strip(), count=1).strip(" \xa0.,|–—-")
    is_numeric = any(form.match(text) for form in (_ISO, _DAY_FIRST, _EITHER_WAY))
    return _numeric_date(text) if is_numeric else _worded_date(text)


def _numeric_date(text: str) -> str | None:
    if iso := _ISO.match(text):
        year, month, day = (int(part) for part in iso.groups() if part)
    elif dotted := _DAY_FIRST.match(text):
        day, month, year = map(int, dotted.groups())
    elif either := _EITHER_WAY.match(text):
        day, month, year = map(int, either.groups())
        if day <= 12 and month <= 12 and day != month:
            return None
        if month > 12:
            day, month = month, day
    else:
        return None
    rest = re.sub(r"^[\d./-]+", "", text)
    if not re.fullmatch(r"\s*(?:[T,|–-]?\s*(?:at\s*)?\d\d?[:.h]\d\d.{0,20})?", rest):
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _worded_date(text: str) -> str | None:
    if not _MONTH_NAME.search(text) or not re.search(r"(?<!\d)[0-3]?\d(?!\d)", text):
        return None
    import dateparser

    try:
        parsed = dateparser.parse(text, languages=list(_LANGUAGES), settings=dict(_DATE_SETTINGS))
    except (ValueError, OverflowError, RecursionError):  # what dateparser lets through for absurd numbers
        return None
    return parsed.strftime("%Y-%m-%d") if parsed else None


def _people(value: object, depth: int = 3) -> tuple[str, ...]:
    """The authors in a value of front matter or JSON: a name, a list of names, or records with a name."""
    if depth and isinstance(value, Mapping):
        return _people(value.get("name") or value.get("display_name"), depth - 1)
    if depth and isinstance(value, list | tuple):
        return tuple(dict.fromkeys(name for item in value[:50] for name in _people(item, depth - 1)))
    name = _words(value)
    if name is None or is_address(name):
        return ()
    return byline_names(name) or people(name) or (re.sub(r"^by\s+", "", name, flags=re.IGNORECASE),)


def _words(value: object) -> str | None:
    """A value as text on one line; None where it has none."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    if isinstance(value, str):
        return " ".join(value[:_MAX_FACT].split())[:500] or None
    is_number = isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**18)
    return str(value) if is_number and not isinstance(value, bool) else None


def _language_code(value: object) -> str | None:
    code = re.match(r"([a-z]{2})(?:[-_]\w+)*$", value[:40].strip(), re.IGNORECASE) if isinstance(value, str) else None
    return code[1].lower() if code else None


def language_of(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None where it is too short or too mixed to be sure."""
    sample = text[:4000]
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(sample.encode("utf-8", "ignore"))
    return code if confidence >= _MIN_PROBABILITY and len(code) == 2 else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
