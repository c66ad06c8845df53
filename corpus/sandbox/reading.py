"""The articles of one source, read in this process: its format's reader, cleaning, and the facts of the article.

Native and heavy code works here on untrusted bytes; `corpus.load` has it done in a worker process.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import PurePath

from corpus.article import LONGEST_ARTICLE, Article
from corpus.draft import BadLine, Draft, FaultySource
from corpus.file_format import FORMATS
from corpus.formats.clean import clean
from corpus.language import language_of
from corpus.offset_map import Origin
from corpus.refusal import Refusal, Refused, sentence, shown
from corpus.sentences import sentences
from corpus.sourcefile import SourceFile

MOST_RUNS = 1_000_000  # of the map from an article to its source, which take 200 MB
_MAX_TITLE = 100
_MAX_SLUG = 40
_MAX_BAD_LINES = 1_000  # so many, and more than good ones, and the rest of a file is not read


def read_file(file: SourceFile, most: int = LONGEST_ARTICLE) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal.

    An article has at most so many characters.
    """
    try:
        if file.format and file.format.is_lines:
            with file.open() as handle:
                yield from _read_lines(file, file.format.load_reader()(file.decompressed(handle)), most)
            return
        data = file.read_bytes()
        assert file.format  # else it was Refused
        draft = file.format.load_reader()(data)
        _check_size(draft, most)
        yield _article(draft, file.source, PurePath(file.name).stem, hashlib.sha256(data).hexdigest())
    except (Refused, FaultySource, OSError) as fault:
        yield Refusal(file.source, sentence(file.name, fault))


def read_page(
    page: bytes, url: str, charset: str | None = None, most: int = LONGEST_ARTICLE
) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    name = re.sub(r"\.\w{2,5}$", "", re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2])
    try:
        file_format = next((one for one in FORMATS if one.magic and page.startswith(one.magic)), None)
        if file_format:
            draft = file_format.load_reader()(page)
        else:
            from corpus.formats.webpage import read_web_page

            draft = read_web_page(page, url, charset)
        _check_size(draft, most)
        yield _article(draft, url, name, hashlib.sha256(page).hexdigest(), url)
    except (Refused, FaultySource) as fault:
        yield Refusal(url, sentence(url, fault))


def _read_lines(file: SourceFile, drafts: Iterable[Draft | BadLine], most: int) -> Iterator[Article | Refusal]:
    ids: set[str] = set()
    bad = 0
    for draft in drafts:
        if isinstance(draft, BadLine):
            bad += 1
            reason = f"{shown(file.name)}: line {draft.number} {draft.reason}."
            yield Refusal(f"{file.source}#line-{draft.number}", reason)
            if bad >= max(_MAX_BAD_LINES, len(ids)):
                raise Refused(
                    f"has {bad:,} lines without an article up to line {draft.number:,}; mend it and add it again"
                )
            continue
        source = f"{file.source}#{draft.record}"
        if draft.record in ids:
            reason = f"more than one line has the id {draft.record[:80]!r}; give each its own."
            yield Refusal(source, f"{shown(file.name)}: {reason}")
            continue
        ids.add(draft.record)
        try:
            _check_size(draft, most)
            yield _article(draft, source, draft.record, draft.sha256)
        except Refused as fault:
            yield Refusal(source, sentence(f"{file.name}, {draft.record[:80]}", fault))
    if not ids and not bad:
        raise Refused("is empty; put the articles in it, one a line")


def _check_size(draft: Draft, most: int) -> None:
    """Nothing where an article may be as long as this one, and its map as large; Refused."""
    if len(draft.text.text) > most:
        raise Refused(f"has {len(draft.text.text):,} characters, more than {most:,}; split it")
    if len(draft.text.runs) > MOST_RUNS:
        raise Refused(f"has marks or escapes in more than {MOST_RUNS:,} places; save its words alone as .txt")


def _article(draft: Draft, source: str, name: str, sha256: str, url: str | None = None) -> Article:
    """The finished article; `name` is what a reader would call its source."""
    draft = clean(draft)
    _check_size(draft, len(draft.text.text))
    text, facts = draft.text.text, draft.facts
    if not text:
        raise Refused("has no text; put the article in it")
    return Article(
        id=f"{slug(name)}-{hashlib.sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}",
        title=facts.title or _first_sentence(text) or name,
        text=text,
        source=source,
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
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_MAX_SLUG].strip("-") or "article"


def _first_sentence(text: str) -> str:
    """The first sentence of a text on one line, cut after a word at about 100 characters.

    It ends with its line, unless the next one goes on in small letters.
    """
    lines = text[:2000].split("\n")
    opening = "\n".join([lines[0], *takewhile(lambda line: line[:1].islower(), lines[1:])])
    first = sentences(opening)
    words = " ".join(first[0].cut(opening).split()) if first else ""
    if len(words) <= _MAX_TITLE:
        return words
    return f"{words[:_MAX_TITLE].rpartition(' ')[0] or words[:_MAX_TITLE]}…"
