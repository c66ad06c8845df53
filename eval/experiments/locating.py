"""How like a place must be to be shown for a quote that is nowhere to the letter: precision and recall by likeness.

    python -m eval.experiments.locating DATA_FOLDER

The folder holds `articles/wikinews.jsonl.gz`. Half of its articles make a library. Sentences of these are pasted as
people misquote them; sentences of the other half, which are not in the library, are pasted as they are. Of both, parts
of a few words are pasted too.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from zlib import crc32

import numpy as np

from corpus.article import Article, Passage
from corpus.library.store import Library
from corpus.sentences import sentences
from eval.experiments.command import notice, parser, table, write
from eval.experiments.copying import read_articles
from eval.experiments.editing import Edit, drawing, other_typography, rewritten
from eval.temporary_library import temporary_library
from index.encoder.encoder import Encoder
from index.search import HybridIndex
from rag.assemble import open_encoder
from rag.locate.locate import HIGHEST_THRESHOLD, Place, checked_quote, nearest_places, similarity_threshold
from rag.locate.nearest import words
from rag.retrieve import Retriever
from rag.settings import Settings

_A_SENTENCE = range(5, 61)  # words
_SENTENCES = 3  # of each article
_PARTS = (2, 3, 4, 6, 9)  # words of a sentence that are pasted alone
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_BASES = [number / 20 for number in range(8, 18)]
_SLOPES = (0.0, 0.4, 0.8, 1.2, 1.6)


def exchanged(quote: str, other: str, draw: random.Random, count: int) -> str:
    """So many words exchanged for another article's."""
    own, others = quote.split(), other.split()
    for place in draw.sample(range(len(own)), count):
        own[place] = draw.choice(others)
    return " ".join(own)


def left_out(quote: str, _: str, draw: random.Random, count: int) -> str:
    """So many words in a row left out, with nothing to say so."""
    own = quote.split()
    place = draw.randint(0, len(own) - count)
    return " ".join(own[:place] + own[place + count :])


def put_in(quote: str, other: str, draw: random.Random) -> str:
    """Three words of another article put in."""
    own, others = quote.split(), other.split()
    place, taken = draw.randint(0, len(own)), draw.randint(0, len(others) - 3)
    return " ".join([*own[:place], *others[taken : taken + 3], *own[place:]])


def shortened(quote: str, _: str, __: random.Random) -> str:
    """The middle third left out with an ellipsis."""
    own = quote.split()
    third = len(own) // 3
    return " ".join([*own[:third], "…", *own[-third:]])


def mistyped(quote: str, _: str, draw: random.Random) -> str:
    """Two letters that stand side by side exchanged, in one word out of three."""

    def slipped(found: re.Match[str]) -> str:
        word = found[0]
        at = draw.randrange(len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if draw.random() < 1 / 3 else word

    return _LETTERS.sub(slipped, quote)


MISQUOTES: Mapping[str, Edit] = {
    "case and typography": other_typography,
    "one word exchanged": partial(exchanged, count=1),
    "two words exchanged": partial(exchanged, count=2),
    "three words exchanged": partial(exchanged, count=3),
    "one word left out": partial(left_out, count=1),
    "three words left out": partial(left_out, count=3),
    "three words put in": put_in,
    "an ellipsis for the middle third": shortened,
    "letters exchanged in every third word": mistyped,
    "rewritten lightly": rewritten,
}


@dataclass(frozen=True, slots=True)
class Paste:
    """What is looked for, and the sentence that it was; `is_strange` where no article of the library has that."""

    kind: str
    text: str
    sentence: Passage
    is_strange: bool


@dataclass(frozen=True, slots=True)
class LocatedPaste:
    """A paste that is nowhere to the letter: its nearest place's similarity, and whether that is the right place."""

    kind: str
    is_strange: bool
    words: int
    similarity: float
    is_right: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class LocatingRates:
    """What comes of showing places from a similarity of `base + slope / words` on: shares of the pastes.

    Every kind of paste counts alike; `found` and `misplaced` are shares of the misquotes, `strange` of the others.
    """

    base: float
    slope: float
    found: float
    misplaced: float
    strange: float

    @property
    def precision(self) -> float:
        """How much of what is shown is the right place, were half of the pastes strange."""
        return self.found / max(self.found + self.misplaced + self.strange, 1e-9)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.found / max(self.precision + self.found, 1e-9)


def locate_pastes(articles: list[Article], encoder: Encoder, settings: Settings) -> list[LocatedPaste]:
    """Every paste looked for; what is drawn depends on the articles alone."""
    stored = [article for article in articles if crc32(article.id.encode()) % 2]
    strange = [article for article in articles if not crc32(article.id.encode()) % 2]
    with temporary_library(stored, encoder, settings) as library:
        retriever = HybridIndex(library, encoder)
        pastes = (*misquotes(stored, strange), *strange_pastes(strange))
        return [one for paste in pastes if (one := _looked_for(library, retriever, paste))]


def misquotes(articles: list[Article], others: list[Article]) -> Iterator[Paste]:
    """Sentences of the library pasted as people misquote them, with words of the others."""
    for sentence in drawn_sentences(articles):
        other = others[crc32(sentence.text.encode()) % len(others)].text
        for kind, edit in MISQUOTES.items():
            yield Paste(
                kind, edit(sentence.text, other, drawing(f"{kind} {sentence.text}")), sentence, is_strange=False
            )
        for count in _PARTS:
            edited = exchanged(_part(sentence, count), other, drawing(sentence.text), 1)
            yield Paste(f"{count} words, one of them exchanged", edited, sentence, is_strange=False)


def strange_pastes(articles: list[Article]) -> Iterator[Paste]:
    """Sentences that the library does not have, and parts of them, as they are."""
    for sentence in drawn_sentences(articles):
        yield Paste("a sentence of no article there", sentence.text, sentence, is_strange=True)
        for count in _PARTS:
            yield Paste(f"{count} words of no article there", _part(sentence, count), sentence, is_strange=True)


def drawn_sentences(articles: Iterable[Article]) -> Iterator[Passage]:
    """A few sentences of each article, of neither few nor many words."""
    for article in articles:
        fit = [span for span in sentences(article.text) if len(span.cut(article.text).split()) in _A_SENTENCE]
        for span in drawing(article.id).sample(fit, min(_SENTENCES, len(fit))):
            yield Passage(article.id, article.title, span, span.cut(article.text))


def _part(sentence: Passage, count: int) -> str:
    whole = sentence.text.split()
    start = drawing(f"{count} {sentence.text}").randint(0, max(len(whole) - count, 0))
    return " ".join(whole[start : start + count])


def _looked_for(library: Library, retriever: Retriever, paste: Paste) -> LocatedPaste | None:
    """None for what cannot be looked for, or stands somewhere to the letter."""
    if not any(map(str.isalnum, paste.text)) or _stands(library, quote := checked_quote(paste.text)):
        return None
    start = perf_counter()
    with library.reading():
        best = next(iter(nearest_places(library, retriever, quote)), None)
    seconds = perf_counter() - start
    similarity, is_right = (best.nearest.similarity, _is_at(best, paste.sentence)) if best else (0.0, False)
    return LocatedPaste(paste.kind, paste.is_strange, len(words(quote)), similarity, is_right, seconds)


def _stands(library: Library, quote: str) -> bool:
    """Whether the quote stands somewhere to the letter."""
    return any(quote in text for _, _, text in library.may_hold(quote))


def _is_at(place: Place, sentence: Passage) -> bool:
    """Whether most of a place is the sentence's, in its article or in another that has the same words."""
    one, other = place.nearest.span, sentence.span
    shared = min(one.end, other.end) - max(one.start, other.start)
    is_there = place.article_id == sentence.article_id and 2 * shared > one.end - one.start
    return is_there or place.text in sentence.text


def locating_rates(made: Iterable[LocatedPaste], base: float, slope: float) -> LocatingRates:
    """What comes of the pastes if places are shown from that similarity on, .9 at the most."""
    flags: dict[bool, dict[str, list[tuple[bool, bool]]]] = {True: defaultdict(list), False: defaultdict(list)}
    for one in made:
        is_shown = one.similarity >= min(base + slope / max(one.words, 1), HIGHEST_THRESHOLD)
        flags[one.is_strange][one.kind].append((is_shown and one.is_right, is_shown and not one.is_right))
    found, misplaced = np.mean([np.mean(of, axis=0) for of in flags[False].values()], axis=0)
    _, strange = np.mean([np.mean(of, axis=0) for of in flags[True].values()], axis=0)
    return LocatingRates(base, slope, float(found), float(misplaced), float(strange))


def markdown(made: list[LocatedPaste]) -> Iterator[str]:
    """For each slope the base with the highest F1; then what is shown of each kind of paste, as `locate` decides it."""
    best = [max((locating_rates(made, base, slope) for base in _BASES), key=lambda one: one.f1) for slope in _SLOPES]
    yield from table(
        ("a place is shown from", "found", "misplaced", "strange", "precision", "F1"),
        ((f"{one.base:.2f} + {one.slope:.1f} / words", one.found, one.misplaced, one.strange, one.precision, one.f1)
         for one in best),
    )  # fmt: skip
    yield ""
    yield from table(
        ("paste", "pastes", "the right place is nearest", "shown", "another place is shown"),
        _rows_by_kind(made),
    )
    yield ""
    yield f"{1000 * float(np.mean([one.seconds for one in made])):.0f} ms a paste, {len(made):,} pastes"


def _rows_by_kind(made: list[LocatedPaste]) -> Iterator[tuple[object, ...]]:
    for kind in dict.fromkeys(one.kind for one in made):
        of = [one for one in made if one.kind == kind]
        shown = [one.similarity >= similarity_threshold(one.words) for one in of]
        right = [one.is_right for one in of]
        wrong = np.logical_and(shown, np.invert(right))
        yield kind, len(of), *(float(np.mean(flags)) for flags in (right, np.logical_and(shown, right), wrong))


if __name__ == "__main__":
    options, current = parser("locating", "From which likeness a quote is near."), Settings()
    options.add_argument("folder", type=Path, help="the data folder, with articles/wikinews.jsonl.gz")
    real = read_articles(options.parse_args().folder)
    write(markdown(locate_pastes(real, open_encoder(current, notice), current)))
