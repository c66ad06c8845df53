"""Words, names and noun phrases of a question or an answer, found by rules without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.conversation import lexicon

_MOST_NAME = 6  # words of a name
_INSIDE = frozenset("of de la le du van von den der & the".split())
_WORD = re.compile(r"\b[A-Z]\.(?= ?[A-Z])|[£€$]?[^\W_]+(?:['’.,&/\-–][^\W_]+)*%?|&")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place; `low` is lower case with a plain apostrophe.

    A joined word has nothing but white space and quotation marks between itself and the word before it.
    """

    text: str
    start: int
    end: int
    low: str
    is_joined: bool

    def is_a(self, *classes: lexicon.WordClass) -> bool:
        """Whether the word is of one of these classes; it may be of several."""
        return any(self.low in lexicon.CLASSES[one] for one in classes)

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a text, from word `first` to before word `after`, as it reads there."""

    text: str
    first: int
    after: int
    is_name: bool = False

    @property
    def bare(self) -> str:
        """The phrase without its article."""
        return re.sub(r"(?i)^(?:the|an?)\s+", "", self.text)

    @property
    def is_person(self) -> bool:
        """Whether this is likely the name of a person: two to four words, none of them typical of a place or a body."""
        parts = [part.lower().strip(".") for part in self.text.split()]
        if not self.is_name or self.text != self.bare or any(map(str.isdigit, self.text)):
            return False
        if parts[0] in lexicon.TITLES:
            return len(parts) > 1
        return 2 <= len(parts) <= 4 and not lexicon.PLACE_OR_BODY & set(parts) and "of" not in parts


def one_line(text: str) -> str:
    """The text with single spaces, without the marks that end a question."""
    return " ".join(text.split()).rstrip("?!. ")


def words_of(text: str) -> list[Word]:
    """The words of a text in their order."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        is_joined = not words or not text[words[-1].end : match.start()].strip("“”‘’\"' ")
        words.append(Word(match[0], *match.span(), match[0].lower().replace("’", "'"), is_joined))
    return words


def is_verb(words: Sequence[Word], at: int) -> bool:
    """Whether the word is likely a verb: a common one, or by its ending; never right behind an article."""
    word = words[at]
    if word.is_capital or (at and words[at - 1].low in lexicon.DETERMINERS - lexicon.POINTING):
        return False
    return (
        word.low in lexicon.VERBS
        or word.low in lexicon.FORMS_OF_BE
        or (len(word.low) > 4 and word.low.endswith(("ed", "ing")))
    )


def names(text: str) -> list[Phrase]:
    """The names of a text: runs of capitalised words, with an article where one stands before."""
    words = words_of(text)
    found: list[Phrase] = []
    at = len(words) if text.isupper() and len(words) > 2 else 0
    while at < len(words):
        after = _name_end(words, at)
        if after > at:
            first = at - 1 if at and words[at - 1].low == "the" and words[at].is_joined else at
            shown = text[words[first].start : words[after - 1].end]
            found.append(Phrase(re.sub(r"['’]s$", "", shown), first, after, is_name=True))
        at = max(after, at + 1)
    return found


def phrases(text: str) -> list[Phrase]:
    """Names, and what an article begins, in their order; a phrase takes in what a preposition ties to it."""
    words = words_of(text)
    begun = {name.first for name in names(text)} | {at for at, word in enumerate(words) if word.low in lexicon.ARTICLES}
    found: list[Phrase] = []
    for at in sorted(begun):
        if (not found or at >= found[-1].after) and (whole := phrase_at(text, words, at)):
            found.append(whole)
    return found


def phrase_at(text: str, words: Sequence[Word], first: int, *, tied: bool = True) -> Phrase | None:
    """The noun phrase that begins with a word, with those that prepositions tie to it if `tied`; None for none."""
    after = _noun_end(words, first)
    if after is None:
        return None
    while tied and after < len(words) and words[after].low in lexicon.TYING and words[after].is_joined:
        more = _noun_end(words, after + 1)
        if more is None:
            break
        after = more
    shown = text[words[first].start : words[after - 1].end]
    return Phrase(shown, first, after, is_name=any(word.is_capital for word in words[first:after]))


def _noun_end(words: Sequence[Word], first: int) -> int | None:
    """Where the noun phrase ends that begins with a word, before any preposition; None where it has no noun."""
    begun = first + (first < len(words) and words[first].is_a("determiner"))
    at = begun
    while at < len(words) and (at == first or words[at].is_joined) and not _is_outside(words, at):
        at += 1
    return at if at > begun else None


def _is_outside(words: Sequence[Word], at: int) -> bool:
    """Whether the word is no part of a noun phrase."""
    word = words[at]
    if word.is_capital and not word.is_a("question", "determiner"):
        return False
    return word.low in lexicon.FUNCTION_WORDS or word.low in lexicon.ADVERBS or is_verb(words, at)


def _name_end(words: Sequence[Word], first: int) -> int:
    """Where the name ends that begins with this word; there where none does."""
    if not _is_name_word(words, first):
        return first
    after = first + 1
    while after < len(words) and after - first < _MOST_NAME and words[after].is_joined:
        if re.search(r"['’]s$", words[after - 1].text) and words[after].low not in lexicon.PLACE_OR_BODY:
            break
        is_inside = words[after].low in _INSIDE and after + 1 < len(words) and _is_name_word(words, after + 1)
        if not (_is_name_word(words, after) or (is_inside and words[after + 1].is_joined)):
            break
        after += 1
    return after


def _is_name_word(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if not word.is_capital or word.low in lexicon.DATES:
        return False
    if at == 0 and word.low in lexicon.FUNCTION_WORDS | lexicon.ADVERBS | lexicon.VERBS:
        return False
    return not word.is_a("question", "auxiliary", "determiner", "pronoun")
