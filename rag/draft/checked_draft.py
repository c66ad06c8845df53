"""What is said of a draft and of each quotation in it.

The field names are those of the JSON that the command line and the API give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from rag.answer import Excerpt, SyndicatedCopy, Words

Verdict = Literal["exact", "altered", "near", "not_found", "short"]
Alteration = Literal["words", "signs", "negation_left_out", "speakers_joined", "insert"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
FAILURES: tuple[Verdict, ...] = ("altered", "near", "not_found")


@dataclass(frozen=True, slots=True)
class QuotedPlace(Excerpt):
    """A place of a quotation; `parts` are its parts where it leaves words out or puts some in.

    `copies` are the later articles of the same story that have the words, each with its first place.
    """

    parts: tuple[Words, ...]
    copies: tuple[SyndicatedCopy, ...]


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that both have (`kept`), that the draft alone has (`added`), or the article alone (`removed`).

    `start` and `end` count in the draft's text, `article_start` and `article_end` in the article's; they are equal
    where one of both has no words.
    """

    kind: Literal["kept", "added", "removed"]
    start: int
    end: int
    text: str
    article_start: int
    article_end: int
    article_text: str


@dataclass(frozen=True, slots=True)
class SpeakerCheck:
    """Who is named beside a quotation in the draft, and beside the words in the article; None where nobody is found."""

    verdict: Literal["same", "other", "unknown"]
    draft: str | None
    article: str | None


@dataclass(frozen=True, slots=True)
class DraftHint:
    """A number, date or name of the draft's sentence around a quotation that the quoted article states otherwise."""

    kind: Literal["number", "date", "name"]
    start: int
    end: int
    text: str
    article_start: int
    article_end: int
    article_text: str


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of a draft with its verdict.

    `start` and `end` count code points of the draft's text, without the marks around the words; `mark` is the opening
    one, `>` for a block quote; `depth` is above 0 within another quotation. `is_short`: three words at most.
    `places` are the earliest of `total` exact ones, or the one altered or near place with its `similarity` (0..1).
    `alteration` says why words that stand in the article are `altered`, and `changes` what differs.
    """

    start: int
    end: int
    text: str
    mark: str
    depth: int
    verdict: Verdict
    is_short: bool
    has_ellipsis: bool
    has_insert: bool
    total: int
    places: tuple[QuotedPlace, ...] = ()
    similarity: float | None = None
    alteration: Alteration | None = None
    changes: tuple[WordChange, ...] = ()
    speaker: SpeakerCheck | None = None
    hints: tuple[DraftHint, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft's text as it was read, and its quotations in order; `failures` are those altered, near or not found."""

    text: str
    failures: int
    counts: Mapping[Verdict, int]
    quotations: tuple[CheckedQuotation, ...]
