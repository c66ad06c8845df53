"""Whether two questions are the same but for words that do not change what is asked. Pure.

Embeddings alone do not tell: those of "What came before?" and "What came after?" are as near as those of two spellings
of one question. So nearly the same are only questions with the same words in the same order, but for articles, plurals
and the person of an auxiliary. In another order they may ask the opposite: "Who did Ann blame?", "Who had blamed Ann?"
Measured with `python -m eval.experiments.reading.near_questions` (docs/measurements/judgements.md).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rag.conversation.lexicon import ARTICLES, FORMS_OF_BE, FUNCTION_WORDS, PREPOSITIONS, PRONOUNS, QUESTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:[.,'-](?!s\b)[^\W_]+)*|[%$€£¥]")
_PERSONS = {"were": "was", "are": "is", "am": "is", "does": "do", "have": "has"}  # the kind and the tense count
_LEFT_OUT = ARTICLES | {"s"}
_CARRIES_NO_MEANING = FUNCTION_WORDS | FORMS_OF_BE
_SHORTEST_STEM = 3  # letters
_FEWEST = 2  # words that carry meaning, below which only the same words are the same question


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """A question as it is compared: its `words` without case and punctuation, and its `key`.

    The key is what questions have alike that may be nearly the same, in its order; () for one with hardly a word.
    """

    text: str
    words: tuple[str, ...]
    key: tuple[str, ...]

    def may_be(self, other: ComparedQuestion) -> bool:
        """Whether the other has the same words in the same order, but for articles, plurals, an auxiliary's person."""
        return self.key == other.key != ()


def compared(question: str) -> ComparedQuestion:
    """The question as it is compared; 20 µs."""
    written = _WORD.findall(unicodedata.normalize("NFC", question).replace("’", "'"))
    is_shouted = all(word.isupper() for word in written if word.isalpha())
    words = tuple(
        [
            word if place and not is_shouted and _is_acronym(word) else word.casefold()
            for place, word in enumerate(written)
        ]
    )
    key = [_stem(word, own) for own, word in zip(written, words, strict=True) if word not in _LEFT_OUT]
    if len(key) > 1 and key[0] in PREPOSITIONS and key[1] in QUESTION_WORDS:  # "In what year ...?", "What year ... in?"
        key.append(key.pop(0))
    carrying = [word for word in key if word not in _CARRIES_NO_MEANING]
    return ComparedQuestion(question, words, tuple(key) if len(carrying) >= _FEWEST else ())


def _is_acronym(written: str) -> bool:
    """Whether only its capitals tell a word from one that every text has: the US from us, the WHO from who."""
    return len(written) > 1 and written.isupper() and written.casefold() in PRONOUNS | QUESTION_WORDS


def _stem(word: str, written: str) -> str:
    """A word as it counts: a noun without the ending of a plural, an auxiliary in one person; a name stays whole."""
    if word in FUNCTION_WORDS or not (written.isalpha() and written.islower()):
        return _PERSONS.get(word, word)
    is_plural = word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST_STEM
    return word.removesuffix("s") if is_plural else word
