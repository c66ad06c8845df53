"""Whether two questions are the same but for words that do not change what is asked. Pure.

Embeddings alone do not tell: those of "What came before?" and "What came after?" are as near as those of two spellings
of one question. So nearly the same are only questions with the same words that carry meaning. In another order they may
ask the opposite ("What do roots get from shoots?"), unless the words between are others too ("the MVP of the Bowl").
Measured with `python -m eval.experiments.reading.near_questions` (docs/measurements/judgements.md).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rag.conversation.lexicon import ARTICLES, AUXILIARIES, FORMS_OF_BE, QUESTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:[.,'-](?!s\b)[^\W_]+)*|[%$€£¥]")
_PAST = frozenset("was were did had".split())
_PRESENT = frozenset("is are am do does has have".split())
_MODALS = frozenset("will would can could should may might must shall".split())
_NEGATED = frozenset(word for word in AUXILIARIES if word.endswith("n't"))
_LEFT_OUT = (  # what does not change the question; "by" and "from" do, and so do modals and "not"
    (AUXILIARIES - _MODALS - _NEGATED)
    | {*ARTICLES, *FORMS_OF_BE, "of", "in", "on", "at", "for", "during", "within", "there", "s"}
)
_ENDINGS = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM = 3  # letters
_FEWEST = 2  # words that carry meaning, below which only the same words are the same question


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """A question as it is compared: the words as they are `written`, and `words` without case and punctuation.

    `asking` is the question word with the tense; `stems` are of the words that carry meaning, in their order.
    """

    text: str
    written: tuple[str, ...]
    words: tuple[str, ...]
    asking: tuple[str, str]
    stems: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What questions have alike that may be nearly the same; () for one with hardly a word."""
        return (*self.asking, *sorted(self.stems)) if len(self.stems) >= _FEWEST else ()

    @property
    def names(self) -> set[str]:
        """The words that begin with a capital, but for the first."""
        return {word.casefold() for word in self.written[1:] if word[0].isupper()} - _LEFT_OUT - QUESTION_WORDS

    def may_be(self, other: ComparedQuestion) -> bool:
        """Whether the other has the same question word, tense, names, numbers and words that carry meaning."""
        is_same = self.key == other.key != ()
        is_in_order = self.stems == other.stems or sorted(self.words) != sorted(other.words)
        is_inverted = self.stems == other.stems and {"s", "of"} <= {*self.words} ^ {*other.words}  # Ann's boss, boss of
        return (
            is_same
            and is_in_order
            and not is_inverted
            and self.names <= {*other.words}
            and other.names <= {*self.words}
        )


def compared(question: str) -> ComparedQuestion:
    """The question as it is compared; 20 µs."""
    written = _WORD.findall(unicodedata.normalize("NFC", question).replace("’", "'"))
    words = [word.casefold() for word in written]
    asking = next((word for word in words if word in QUESTION_WORDS), "")
    tense = "past" if not _PAST.isdisjoint(words) else "present" if not _PRESENT.isdisjoint(words) else ""
    stems = tuple([_stem(word) for word in words if word not in _LEFT_OUT and word != asking])
    return ComparedQuestion(question, tuple(written), tuple(words), (asking, tense), stems)


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """A word without the ending of a plural or of a tense; one with a digit or a sign stays whole."""
    if not word.isalpha():
        return word
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) >= _SHORTEST_STEM + len(one)), "")
    return word.removesuffix(ending)
