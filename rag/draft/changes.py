"""What differs between words of a draft and words of an article, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import Indel

from corpus.article import Span
from corpus.folding import folded
from rag.draft.checked_draft import WordChange

_WORD = re.compile(r"(?:\[\w\](?=\w))?[^\W_]+(?:['’‘][^\W_]+)*")  # the first letter may be in brackets: [T]he
_WORD_OR_SIGN = re.compile(rf"{_WORD.pattern}|[^\s\w\"“”„‟«»‹›‘’‚‛'*_`~>\\#|\[\]]")
_MEANS = re.compile(rf"{_WORD.pattern}|[$€£¥%‰+=]")
_Kind = Literal["kept", "added", "removed"]


def changes(draft: str, parts: Sequence[Span], article: str, span: Span) -> tuple[WordChange, ...]:
    """The runs of words that both have or one alone has, in order; of signs too where all words are the same."""
    for pattern in (_WORD, _WORD_OR_SIGN):
        ours = [Span(*match.span()) for part in parts for match in pattern.finditer(draft, part.start, part.end)]
        theirs = [Span(*match.span()) for match in pattern.finditer(article, span.start, span.end)]
        if _plain(draft, ours) != _plain(article, theirs):
            break
    return tuple(_runs(draft, ours, article, theirs))


def is_of_signs(found: Sequence[WordChange]) -> bool:
    """Whether nothing but signs and the case of letters differs."""
    added, removed = (
        [folded(text).lower() for change in found for text in _MEANS.findall(_text(change, kind))]
        for kind in ("added", "removed")
    )
    return added == removed


def _text(change: WordChange, kind: str) -> str:
    if change.kind != kind:
        return ""
    return change.text if kind == "added" else change.article_text


def _plain(text: str, spans: Sequence[Span]) -> list[str]:
    """The words in plain signs, the first in lower case."""
    found = [folded(span.cut(text)).replace("[", "").replace("]", "") for span in spans]
    return [found[0][0].lower() + found[0][1:], *found[1:]] if found else []


def _runs(draft: str, ours: Sequence[Span], article: str, theirs: Sequence[Span]) -> list[WordChange]:
    at = (ours[0].start if ours else 0), (theirs[0].start if theirs else 0)  # where the last run ended in each text
    found = []
    codes = list(Indel.opcodes(_plain(article, theirs), _plain(draft, ours)))
    for index, (code, following) in enumerate(pairwise(codes)):
        if (code.tag, following.tag) == ("insert", "delete"):  # what the article has comes first
            codes[index : index + 2] = following, code
    for code in codes:
        there, here = theirs[code.src_start : code.src_end], ours[code.dest_start : code.dest_end]
        kind: _Kind = "kept" if code.tag == "equal" else "removed" if code.tag == "delete" else "added"
        start, end = (here[0].start, here[-1].end) if here else (at[0], at[0])
        first, last = (there[0].start, there[-1].end) if there else (at[1], at[1])
        found.append(WordChange(kind, start, end, draft[start:end], first, last, article[first:last]))
        at = end, last
    return found
