"""The measures of one article against its gold, each a pure function. docs/guides/documents.md says what they mean.

Precision, recall and F1 are those of the article extraction benchmark (Zyte 2019, github.com/scrapinghub/
article-extraction-benchmark, evaluate.py) over single words instead of four in a row. The order is the longest common
subsequence of ROUGE-L (Lin 2004), over the words that both have.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeVar

from rapidfuzz.distance import LCSseq

from corpus.article import Article
from eval.documents.gold import FACTS, GoldArticle

T = TypeVar("T")

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z]{1,4})[.)]\s+")  # of a list's item
_SHOWN = 60  # characters of a text in a fault
_MOST_WORDS = 8  # of those missing, or too many, in a fault


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`; shares of several documents add up, so that a mean of F1 is a share too."""

    n: float
    of: float

    def __add__(self, other: Share) -> Share:
        return Share(self.n + other.n, self.of + other.of)

    @property
    def value(self) -> float:
        """0 to 1; 1 where there is nothing to count."""
        return self.n / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """The shares by measure's name, without those that there is nothing to count of, and a sentence for each fault."""

    shares: dict[str, Share]
    faults: tuple[str, ...]


class _Reading:
    """What was read of an article, without the lines that state what its facts state too."""

    def __init__(self, article: Article | None, gold: GoldArticle) -> None:
        self.lines = list(_without_head(article, gold)) if article else []
        text = "\n".join(self.lines)
        self.text = _plain(text)
        self.blocks = [_plain(block) for block in re.split(r"\n\s*\n", text)]

    @cached_property
    def words(self) -> list[str]:
        return _words(self.text)

    @cached_property
    def word_blocks(self) -> list[str]:
        """Each block's words, with a space on either side of each."""
        return [_spaced(block) for block in self.blocks]


def measure_article(article: Article | None, gold: GoldArticle) -> ArticleScore:
    """Every measure of what was read, or of nothing, where there has to be an article."""
    reading = _Reading(article, gold)
    shares: dict[str, Share] = {}
    faults: list[str] = []
    shares |= _text_shares(reading, gold, faults)
    shares["order"] = _order(reading, gold)
    if shares["order"].value < 1:
        faults.append(f"order: {_first_out_of_order(reading, gold)}")
    for name, held in (
        ("blocks", _blocks_whole(reading, gold)),
        ("rows", _rows_whole(reading, gold)),
        ("items", _items_whole(reading, gold)),
        ("apart", _kept_apart(reading, gold)),
        ("absent", _absent(reading, gold)),
    ):
        found = list(held)
        shares[name] = Share(sum(is_held for is_held, _ in found), len(found))
        faults += [f"{name}: {_short(what)}" for is_held, what in found if not is_held]
    for name, values in (gold.facts or {}).items():
        shares |= _fact_shares(name, values, _stated(article, name), faults)
    return ArticleScore({name: share for name, share in shares.items() if share.of}, tuple(faults))


def _text_shares(reading: _Reading, gold: GoldArticle, faults: list[str]) -> dict[str, Share]:
    """Precision, recall and F1 of the words, counted as often as they occur."""
    wanted = Counter(_words("\n".join(block.text for block in gold.blocks)))
    found = Counter(reading.words)
    both = (wanted & found).total()
    for what, words in (("missing", wanted - found), ("too many", found - wanted)):
        if words:
            more = f" and {words.total() - _MOST_WORDS} more" if words.total() > _MOST_WORDS else ""
            faults.append(f"words {what}: {' '.join(list(words.elements())[:_MOST_WORDS])}{more}")
    if not wanted and not found:
        return {name: Share(1, 1) for name in ("f1", "precision", "recall")}
    return {
        "f1": Share(2 * both / (wanted.total() + found.total()), 1),
        "precision": Share(both / max(found.total(), 1), 1),
        "recall": Share(both / max(wanted.total(), 1), 1),
    }


def _order(reading: _Reading, gold: GoldArticle) -> Share:
    """Of the words that both have, the share in the gold's order; blocks that float are looked at only if not whole."""
    rest, kept = _spaced(reading.text), []
    for block in gold.blocks:
        words = _spaced(block.text)
        if block.floats and words in rest:
            rest = rest.replace(words, " ", 1)
        else:
            kept += words.split()
    found = rest.split()
    both = (Counter(kept) & Counter(found)).total()
    return Share(LCSseq.similarity(kept, found) / both, 1) if both else Share(0, 0)


def _first_out_of_order(reading: _Reading, gold: GoldArticle) -> str:
    """Two blocks of which the second stands first, as far as they are whole."""
    text = _spaced(reading.text)
    placed = [(text.find(_spaced(block.text)), block.text) for block in gold.blocks if not block.floats]
    whole = [(place, _short(words)) for place, words in placed if place >= 0]
    swapped = (f"{after} / stands before / {one}" for (at, one), (then, after) in pairwise(whole) if then < at)
    return next(swapped, "lines of blocks are mixed")


def _blocks_whole(reading: _Reading, gold: GoldArticle) -> Iterator[tuple[bool, str]]:
    """Whether each paragraph's words stand one after the other in one block."""
    for block in gold.blocks:
        if not block.rows and not block.items:
            words = _spaced(block.text)
            yield any(words in found for found in reading.word_blocks), block.text


def _rows_whole(reading: _Reading, gold: GoldArticle) -> Iterator[tuple[bool, str]]:
    """Whether each row is a line with its cells, parted by bars, in their columns; no line counts twice."""
    left = Counter(_cells(line) for line in reading.lines if "|" in line)
    for row in (row for block in gold.blocks for row in block.rows):
        yield _taken(left, tuple(map(_plain, row))), " | ".join(row)


def _items_whole(reading: _Reading, gold: GoldArticle) -> Iterator[tuple[bool, str]]:
    """Whether each item of a list is a line; a number that the gold does not have may stand before it."""
    left = Counter(_spaced(line) for line in reading.lines)
    left += Counter(_spaced(line[found.end() :]) for line in reading.lines if (found := _NUMBER.match(line)))
    for item in (item for block in gold.blocks for item in block.items):
        yield _taken(left, _spaced(item)), item


def _kept_apart(reading: _Reading, gold: GoldArticle) -> Iterator[tuple[bool, str]]:
    """Whether no block holds both texts of a pair."""
    for one, other in gold.apart:
        both = [block for block in reading.blocks if _holds(block, one) and _holds(block, other)]
        yield not both, f"{one} / {other}"


def _absent(reading: _Reading, gold: GoldArticle) -> Iterator[tuple[bool, str]]:
    for words in gold.forbidden:
        yield not _holds(reading.text, words), words


def _fact_shares(name: str, gold: Sequence[str], stated: Sequence[str], faults: list[str]) -> dict[str, Share]:
    """How many values of the gold are stated, how many are not, and how many of those stated are not in the gold."""
    if name == "title" and not gold:
        return {}  # every article has one, if only its file's name
    wanted = {_fact_key(name, one): one for one in gold}
    found = {_fact_key(name, one): one for one in stated}
    faults += [f"{name} missing: {_short(one)}" for key, one in wanted.items() if key not in found]
    faults += [f"{name} invented: {_short(one)}" for key, one in found.items() if key not in wanted]
    right = len(wanted.keys() & found.keys())
    return {
        name: Share(right, len(wanted)),
        f"{name}_missing": Share(len(wanted) - right, len(wanted)),
        f"{name}_invented": Share(len(found) - right, len(found)),
    }


def _stated(article: Article | None, name: str) -> tuple[str, ...]:
    if article is None:
        return ()
    stated = getattr(article, name)
    return tuple(stated) if name == "authors" else tuple(filter(None, [stated]))


def _fact_key(name: str, stated: str) -> str:
    """What has to be equal: a day, a code of a language, an address, otherwise the words; of names in any case."""
    if name == "published":
        return stated[:10]
    if name == "language":
        return re.split("[-_]", stated.lower())[0]
    words = _spaced(stated).strip() or stated
    return stated if name == "url" else words.casefold() if name == "authors" else words


def _without_head(article: Article, gold: GoldArticle) -> Iterator[str]:
    """The lines of the text but for one of each that states a line of the gold's head, or its title."""
    head = Counter({_spaced(line) for line in (*gold.head, *(gold.facts or {}).get("title", ()))})
    for line in article.text.split("\n"):
        if not _taken(head, _spaced(line)):
            yield line


def _taken(left: Counter[T], key: T) -> bool:
    """Whether the key was left; it is one fewer then."""
    is_left = left[key] > 0
    left[key] -= is_left
    return is_left


def _cells(line: str) -> tuple[str, ...]:
    return tuple(map(_plain, line.split("|")))


def _holds(text: str, words: str) -> bool:
    """Whether whole words, or signs, stand in a text."""
    plain = _plain(words)
    start, end = (r"\b" if re.match(r"\w", edge) else "" for edge in (plain[:1], plain[-1:]))
    return re.search(f"{start}{re.escape(plain)}{end}", text) is not None


@lru_cache(maxsize=4096)
def _spaced(text: str) -> str:
    """The words with a space on either side of each, so that a search finds whole words only."""
    return f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    """The text as it is compared: compatibility forms such as ligatures taken apart, white space a single space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


MEASURES = ("f1", "precision", "recall", "order", "blocks", "rows", "items", "apart", "absent")
LOWER_IS_BETTER = frozenset(f"{name}_{what}" for name in FACTS for what in ("missing", "invented"))
