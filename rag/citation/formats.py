"""An excerpt as a citation that other programs read: Markdown, a W3C Web Annotation, CSL-JSON, RIS.

Titles, names, addresses and the words themselves are others' text: in no form can they become markup or fields.
"""

from __future__ import annotations

import re
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Literal
from urllib.parse import quote as percent_encoded

from corpus.article import Span
from corpus.library.store import Library
from corpus.sourcefile import file_of
from rag.answer import Answer, Excerpt, Quote, is_verbatim
from rag.citation.cite import BrokenQuote

Format = Literal["markdown", "w3c", "csl-json", "ris"]

MEDIA_TYPES: Mapping[Format, str] = {
    "markdown": "text/markdown; charset=utf-8",
    "w3c": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    "csl-json": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}

_AROUND = 32  # characters on either side by which a text quote selector tells copies of the words apart
_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_IN_ADDRESSES = frozenset(' "<>\\^`{|}')  # RFC 3987; of what cannot be seen, no sign either
# What CommonMark and GitHub's Markdown read as markup anywhere in a line: an `&` that begins an entity, and what begins
# an address that would become a link by itself.
_MARKUP = re.compile(r"[\\`*_{\[\]<|~$@^=]|&(?=#?[a-z0-9]+;)|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"^(?=[-+:#>])|^([0-9]+)(?=[.)])")  # ... and where a line begins


def format_citation(excerpt: Excerpt, article_text: str, style: Format) -> str | dict[str, Any]:
    """The citation: a text for `markdown` and `ris`, for `w3c` and `csl-json` (one item) what JSON holds.

    BrokenQuote where the words do not stand in the article's text.
    """
    if not is_verbatim(excerpt, article_text):
        raise BrokenQuote(excerpt.article_id, Span(excerpt.start, excerpt.end))
    match style:
        case "markdown":
            return _markdown(excerpt)
        case "w3c":
            return _annotation(excerpt, article_text)
        case "csl-json":
            return _csl_item(excerpt)
        case "ris":
            return _ris(excerpt)


def with_citations(answers: tuple[Answer, ...], styles: Sequence[Format], library: Library) -> tuple[Answer, ...]:
    """The answers, each quote with its citation in these formats."""
    if not styles:
        return answers

    def added(quote: Quote) -> Quote:
        text = library.article(quote.article_id).text
        return replace(quote, citations={style: format_citation(quote, text, style) for style in styles})

    return tuple(replace(answer, quotes=tuple(map(added, answer.quotes))) for answer in answers)


def _markdown(excerpt: Excerpt) -> str:
    """A block quote of the words, then a line with authors, title, outlet, date and page."""
    lines = (_LINE_START.sub(r"\1\\", escaped_markdown(line.strip())) for line in excerpt.text.splitlines())
    words = "\n".join(f"> {line}" if line else ">" for line in lines)
    title = escaped_markdown(_title(excerpt))
    address = web_uri(excerpt.fragment_url) or web_uri(excerpt.url)
    if address:
        title = f"[{title}](<{address.replace('&', '&amp;')}>)"
    authors = (escaped_markdown(_line(author)) for author in excerpt.authors)
    outlet, published = escaped_markdown(_line(excerpt.outlet or "")), escaped_markdown(_line(excerpt.published or ""))
    page = f"page {excerpt.page}" if excerpt.page else ""
    return f"{words}\n\n— {', '.join(part for part in (*authors, title, outlet, published, page) if part)}\n"


def escaped_markdown(line: str) -> str:
    """A line as Markdown that shows it."""
    return _MARKUP.sub(r"\\\g<0>", line)


def _annotation(excerpt: Excerpt, article_text: str) -> dict[str, Any]:
    """The words as the target of an annotation of the Web Annotation Data Model (2017).

    Its sections 4.2.4 and 4.2.5 count Unicode code points, not code units, of text without tags and entities, from 0
    and end-exclusive: as an Article's text and our offsets are, so nothing is converted. They count in the text as it
    was read from the page, which `renderedVia` states; the text quote selector holds for any rendering.
    """
    source = web_uri(excerpt.url) or source_uri(excerpt.source)
    place = f"{source}#{excerpt.sha256}:{excerpt.start}-{excerpt.end}"
    target = {
        "source": source,
        "state": _state(excerpt.sha256),
        "renderedVia": {"type": "Software", "name": "Pullquote"},
        "selector": _selectors(excerpt, article_text),
    }
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": uuid.uuid5(uuid.NAMESPACE_URL, place).urn,  # the same words of the same bytes have the same name
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {key: value for key, value in target.items() if value},
    }


def _selectors(excerpt: Excerpt, article_text: str) -> list[dict[str, Any]]:
    """Selectors that each find the words; the one for a page names that on which they begin."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": excerpt.text,
        "prefix": article_text[max(excerpt.start - _AROUND, 0) : excerpt.start],
        "suffix": article_text[excerpt.end : excerpt.end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": excerpt.start, "end": excerpt.end}
    if not excerpt.page:
        return [quote, position]
    page = {
        "type": "FragmentSelector",
        "conformsTo": _PDF_FRAGMENTS,
        "value": f"page={excerpt.page}",
        # Without prefix and suffix, which may be on another page.
        "refinedBy": {"type": "TextQuoteSelector", "exact": excerpt.text},
    }
    return [quote, position, page]


def _state(sha256: str) -> dict[str, str] | None:
    """The digest (RFC 6920) of the bytes that were read; the model advises a state beside positions."""
    if not _SHA256.fullmatch(sha256):
        return None
    digest = urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b"=").decode("ascii")
    return {"type": "TimeState", "cached": f"ni:///sha-256;{digest}"}


def _csl_item(excerpt: Excerpt) -> dict[str, Any]:
    """An item of the CSL 1.0.2 input schema; its page and note are those of the quote.

    Names are literal, for which part of a name is the family name is not known.
    """
    address, date = web_uri(excerpt.url), _date_parts(excerpt.published)
    # citeproc-js reads `{:field:value}` in a note as a field; the words as they are stand in `custom`.
    note = f"“{_line(excerpt.text)}”".replace("{:", "{ :")
    custom = {"quote": excerpt.text, "start": excerpt.start, "end": excerpt.end}
    item = {
        "id": f"{excerpt.article_id}:{excerpt.start}-{excerpt.end}",
        "type": "article-newspaper" if excerpt.outlet else "webpage" if address else "document",
        "title": _title(excerpt),
        "container-title": _line(excerpt.outlet or ""),
        "author": [{"literal": name} for name in map(_line, excerpt.authors) if name],
        "issued": {"date-parts": [[int(part) for part in date]]} if date else None,
        "URL": address,
        "page": str(excerpt.page or ""),
        "note": note,
        "custom": custom | ({"sha256": excerpt.sha256} if excerpt.sha256 else {}),
    }
    return {key: value for key, value in item.items() if value}


def _ris(excerpt: Excerpt) -> str:
    """One record of RIS, whose lines end with CR LF; a value is one line, so none can begin a field."""
    address, date = web_uri(excerpt.url), _date_parts(excerpt.published)
    fields = [
        ("TY", "NEWS" if excerpt.outlet else "ELEC" if address else "GEN"),
        ("TI", _title(excerpt)),
        *(("AU", _line(author)) for author in excerpt.authors),
        ("T2", _line(excerpt.outlet or "")),
        ("PY", date[0] if date else ""),
        ("DA", "/".join([*date, "", "", ""][:3]) + "/" if date else ""),  # YYYY/MM/DD/, parts may be empty
        ("UR", address or ""),
        ("SP", str(excerpt.page or "")),
        ("N1", f"“{_line(excerpt.text)}”"),
    ]
    lines = [f"{tag}  - {value}\r\n" for tag, value in fields if value]
    return "".join([*lines, "ER  - \r\n"])


def _title(excerpt: Excerpt) -> str:
    """The title, or the source where the title is blank."""
    return _line(excerpt.title) or _line(excerpt.source)


def _line(text: str) -> str:
    """The text on one line, with a space for each control character and each line break with the space around it."""
    lines = (_CONTROLS.sub(" ", line).strip() for line in text.splitlines())
    return " ".join(line for line in lines if line)


def _date_parts(published: str | None) -> list[str]:
    """Year, month and day of a date, as far as they are given."""
    found = _DATE.fullmatch(published or "")
    return [part for part in found.groups() if part] if found else []


def web_uri(url: str | None) -> str | None:
    """The web address, percent-encoded where it needs to be; None for another address."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    return "".join(
        sign if sign.isprintable() and sign not in _NOT_IN_ADDRESSES else percent_encoded(sign, errors="replace")
        for sign in url
    )


def source_uri(source: str) -> str:
    """An article's source as a URI; a line of a JSON Lines file is the fragment of the file's."""
    if address := web_uri(source):
        return address
    file = file_of(source)
    path = PurePath(file)
    start = path.as_uri() if path.is_absolute() else percent_encoded(file, errors="replace")
    record = source[len(file) + 1 :]
    return f"{start}#{percent_encoded(record, safe='', errors='replace')}" if record else start
