"""The articles of one source, read here and now: its format's reader, cleaning, and the facts of the article.

This is native and heavy code at work on bytes that anybody may have made; `load` has it done in another process.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from corpus.article import Article
from corpus.draft import Draft, FaultySource
from corpus.formats.clean import clean
from corpus.formats.facts import language_of
from corpus.offset_map import Origin
from corpus.refusal import Refusal, Refused, sentence, shown
from corpus.sentences import sentences
from corpus.sourcefile import LINES, SourceFile

_LONGEST_TITLE = 100
_LONGEST_SLUG = 40
_BAD_LINES = 1_000  # so many, and more than good ones, and the rest of a file is not read


def read_file(file: SourceFile) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal."""
    try:
        if file.suffix in LINES:
            with file.opened() as handle:
                yield from _read_lines(file, handle)
            return
        data = file.data()
        draft = _reader(file.suffix)(data)
        yield _article(draft, file.source, PurePath(file.name).stem, hashlib.sha256(data).hexdigest())
    except (Refused, FaultySource, OSError) as fault:
        yield Refusal(file.source, sentence(file.name, fault))


def read_page(page: bytes, url: str, charset: str | None = None) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    tail = re.sub(r"\.\w{2,5}$", "", re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2])
    try:
        if page.startswith(b"%PDF-"):
            draft = _reader(".pdf")(page)
        else:
            from corpus.formats.webpage import read_web_page

            draft = read_web_page(page, url, charset)
        yield _article(draft, url, tail, hashlib.sha256(page).hexdigest(), url)
    except (Refused, FaultySource) as fault:
        yield Refusal(url, sentence(url, fault))


def _reader(suffix: str) -> Callable[[bytes], Draft]:
    """The function that reads a format; its module is imported when the first file needs it."""
    if suffix in (".md", ".markdown"):
        from corpus.formats.markdown import read_markdown as read
    elif suffix in (".html", ".htm"):
        from corpus.formats.webpage import read_web_page as read
    elif suffix == ".pdf":
        from corpus.formats.pdf import read_pdf as read
    elif suffix == ".docx":
        from corpus.formats.docx import read_docx as read
    else:
        from corpus.formats.plaintext import read_plain_text as read
    return read


def _read_lines(file: SourceFile, handle: BinaryIO) -> Iterator[Article | Refusal]:
    from corpus.formats.jsonl import BadLine, read_json_lines

    seen: set[str] = set()
    bad = 0
    for draft in read_json_lines(file.unpacked(handle)):
        if isinstance(draft, BadLine):
            bad += 1
            reason = f"{shown(file.name)}: line {draft.number} {draft.reason}."
            yield Refusal(f"{file.source}#line-{draft.number}", reason)
            if bad >= max(_BAD_LINES, len(seen)):
                raise Refused(
                    f"has {bad:,} lines without an article up to line {draft.number:,}; mend it and add it again"
                )
            continue
        identity = f"{file.source}#{draft.record}"
        if draft.record in seen:
            reason = f"more than one line has the id {draft.record[:80]!r}; give each its own."
            yield Refusal(identity, f"{shown(file.name)}: {reason}")
            continue
        seen.add(draft.record)
        try:
            yield _article(draft, identity, draft.record, draft.sha256)
        except Refused as fault:
            yield Refusal(identity, sentence(f"{file.name}, {draft.record[:80]}", fault))
    if not seen and not bad:
        raise Refused("is empty; put the articles in it, one a line")


def _article(draft: Draft, identity: str, name: str, sha256: str, url: str | None = None) -> Article:
    """The finished article; `identity` names its source for good, `name` is what a reader would call it."""
    draft = clean(draft)
    text, facts = draft.text.text, draft.facts
    if not text:
        raise Refused("has no text; put the article in it")
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
