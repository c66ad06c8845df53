"""Files and fetched pages to articles, one at a time.

Whatever is wrong with a file comes out as a Refusal that says so: one bad file among thousands stops nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.clean import clean
from corpus.draft import Draft, FaultySource
from corpus.facts import language_of
from corpus.origin import Origin
from corpus.sentences import sentences

MAX_BYTES = 64 * 2**20  # of a file that holds one article
_LONGEST_TITLE = 100
_LONGEST_SLUG = 40
_LINES = (".jsonl", ".jsonl.gz")
FORMATS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", *_LINES)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source that holds no article: which one, and a sentence that says why and what to do."""

    source: str
    reason: str


class _Refused(Exception):
    """Carries the reason of a Refusal up to where it is made."""


def load(path: Path) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal."""
    source = os.fsencode(path.resolve()).decode("utf-8", "replace")
    try:
        suffix = _checked(path)
        if suffix in _LINES:
            yield from _load_lines(path, source)
            return
        data = _bytes_of(path)
        yield _article(_reader(suffix)(data), source, path.stem, hashlib.sha256(data).hexdigest())
    except (_Refused, FaultySource) as fault:
        yield Refusal(source, _sentence(Path(source).name, fault))
    except OSError as fault:
        yield Refusal(
            source, f"{path.name} cannot be read ({fault.strerror or fault}); check that it is there and yours to read."
        )


def load_page(html: bytes, url: str, charset: str | None = None) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    tail = re.sub(r"\.\w{2,5}$", "", re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2])
    try:
        if html.startswith(b"%PDF-"):
            draft = _reader(".pdf")(html)
        else:
            from corpus.webpage import read_web_page

            draft = read_web_page(html, url, charset)
        yield _article(draft, url, tail, hashlib.sha256(html).hexdigest(), url)
    except (_Refused, FaultySource) as fault:
        yield Refusal(url, _sentence(url, fault))


def _reader(suffix: str) -> Callable[[bytes], Draft]:
    """The function that reads a format; its module is imported when the first file needs it."""
    if suffix in (".md", ".markdown"):
        from corpus.markdown import read_markdown as read
    elif suffix in (".html", ".htm"):
        from corpus.webpage import read_web_page as read
    elif suffix == ".pdf":
        from corpus.pdf import read_pdf as read
    elif suffix == ".docx":
        from corpus.docx import read_docx as read
    else:
        from corpus.plaintext import read_plain_text as read
    return read


def _load_lines(path: Path, source: str) -> Iterator[Article | Refusal]:
    from corpus.jsonl import BadLine, read_json_lines

    seen: set[str] = set()
    empty = True
    for draft in read_json_lines(path):
        empty = False
        if isinstance(draft, BadLine):
            yield Refusal(f"{source}#line-{draft.number}", f"{path.name}: line {draft.number} {draft.reason}.")
            continue
        identity = f"{source}#{draft.record}"
        if draft.record in seen:
            yield Refusal(
                identity, f"{path.name}: more than one line has the id {draft.record[:80]!r}; give each its own."
            )
            continue
        seen.add(draft.record)
        try:
            yield _article(draft, identity, draft.record, draft.sha256)
        except _Refused as fault:
            yield Refusal(identity, _sentence(f"{path.name}, {draft.record[:80]}", fault))
    if empty:
        raise _Refused("is empty; put the articles in it, one a line")


def _checked(path: Path) -> str:
    """The suffix of a file that can be read; _Refused where it is not one of ours, OSError where there is none."""
    if not _is_utf8(path.resolve()):
        raise _Refused("lies under a name that is not UTF-8; rename it")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _Refused(
            "is no file; name a file, or sync the folder" if path.is_dir() else "is a device and no file; name a file"
        )
    suffix = suffix_of(path.name)
    if suffix not in FORMATS:
        raise _Refused(f"is of no format that can be read; use one of {' '.join(FORMATS)}")
    if status.st_size == 0:
        raise _Refused("is empty; put the article in it")
    if suffix not in _LINES and status.st_size > MAX_BYTES:
        raise _Refused(f"is larger than {MAX_BYTES // 2**20} MB; split it")
    return suffix


def _is_utf8(path: Path) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def suffix_of(name: str) -> str:
    """The ending of a file's name that tells its format, in lower case: that of "a.JSONL.gz" is ".jsonl.gz"."""
    match = re.search(r"(?:\.jsonl)?\.[a-z]+$", name.lower())
    return match.group() if match else ""


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as handle:
        data = handle.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:  # it has grown since it was looked at
        raise _Refused(f"is larger than {MAX_BYTES // 2**20} MB; split it")
    return data


def _article(draft: Draft, identity: str, name: str, sha256: str, url: str | None = None) -> Article:
    """The finished article; `identity` names its source for good, `name` is what a reader would call it."""
    draft = clean(draft)
    text, facts = draft.text.text, draft.facts
    if not text:
        raise _Refused("has no text; put the article in it")
    return Article(
        id=f"{slug(name)}-{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}",
        title=facts.title or _opening(text) or name,
        text=text,
        source=identity,
        url=url or facts.url,
        authors=facts.authors,
        outlet=facts.outlet,
        published=facts.published,
        language=facts.language or language_of(text),
        sha256=sha256,
        origin=Origin(draft.text.runs, draft.page_starts, draft.is_text),
    )


def slug(name: str) -> str:
    """A name in lower-case ASCII letters, digits and hyphens, at most 40 characters; "article" where none are left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "article"


def _opening(text: str) -> str:
    """The first sentence of a text on one line, cut after a word at about 100 characters."""
    first = sentences(text[:2000])
    words = " ".join(first[0].cut(text).split()) if first else ""
    if len(words) <= _LONGEST_TITLE:
        return words
    return f"{words[:_LONGEST_TITLE].rpartition(' ')[0] or words[:_LONGEST_TITLE]}…"


def _sentence(name: str, fault: Exception) -> str:
    """A refusal's sentence: "report.pdf is empty; ..." or, for what a format's reader says, "report.pdf: it is ..."."""
    return f"{name} {fault}." if isinstance(fault, _Refused) else f"{name}: {fault}."
