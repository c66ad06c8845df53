"""The facts that a source states about its article: title, authors, date, outlet, address, language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.draft import SourceFacts
from corpus.facts.byline_words import ACCOUNTS
from corpus.facts.dates import day_first_in, iso_date
from corpus.facts.names import people

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
_MAX_FACT = 2_000  # characters of a list of names, or any other fact: a search for names in more takes long
_PARTS_OF_NAMES = (
    ("given", "givenname", "first", "firstname", "forename"),
    ("nondroppingparticle", "droppingparticle"),
    ("family", "familyname", "last", "lastname", "surname"),
)


def stated(record: Mapping[str, object]) -> SourceFacts:
    """The facts in a record of front matter or JSON, under any of their usual names."""
    known = {re.sub(r"[\s:.-]+", "_", str(key).strip().lower()): value for key, value in record.items()}
    found = {fact: [known[name] for name in names if known.get(name)] for fact, names in KEYS.items()}
    outlets = [value for value in map(_words, found["outlet"]) if value]
    day_first = next((day_first_in(code) for code in found["language"] if isinstance(code, str)), None)
    addresses = [value for value in map(_words, found["url"] + found["outlet"]) if value and is_address(value)]
    return SourceFacts(
        title=next(filter(None, map(_words, found["title"])), None),
        authors=next(filter(None, map(_people, found["authors"])), ()),
        outlet=next((value for value in outlets if not is_address(value)), None),
        published=next(filter(None, (iso_date(value, day_first) for value in found["published"])), None),
        url=next(iter(addresses), None),
        language=next(filter(None, map(_language_code, found["language"])), None),
    )


def is_address(text: str) -> bool:
    return re.match(r"https?://[^\s/]", text, re.IGNORECASE) is not None


def _people(value: object, depth: int = 3) -> tuple[str, ...]:
    """The authors in a value of front matter or JSON: a name, a list of names, or records with a name."""
    if depth and isinstance(value, Mapping):
        return _people(value.get("name") or value.get("display_name") or _joined(value), depth - 1)
    if depth and isinstance(value, list | tuple):
        if len(value) == 1 and isinstance(value[0], list):  # [[Ada Quill]] or [[Quill, Ada]] without quotation marks
            value = [", ".join(filter(None, map(_words, value[0][:50])))]
        return tuple(dict.fromkeys(name for item in value[:50] for name in _people(item, depth - 1)))
    name = _words(value)
    if name is None or is_address(name):
        return ()
    return people(name) or _as_stated(name)


def _joined(record: Mapping[object, object]) -> str:
    """The name in a record of its parts, as in CSL-JSON and schema.org."""
    known = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in record.items()}
    parts = [next(filter(None, (_words(known.get(key)) for key in keys)), None) for keys in _PARTS_OF_NAMES]
    return " ".join(filter(None, parts))


def _as_stated(name: str) -> tuple[str, ...]:
    """A name that is none by the rules of bylines, such as "badger99"; none where it is the name of an account."""
    plain = re.sub(r"^by\s+", "", name.strip("[]*_ "), flags=re.IGNORECASE)
    words = plain.lower().split()
    return () if not words or any(word.strip(".:：") in ACCOUNTS for word in words) else (plain,)


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
