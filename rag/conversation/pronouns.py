"""Pronouns that refer to something of an earlier turn, replaced by what they refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.conversation import lexicon
from rag.conversation.earlier import Earlier, named, person, place, role, several, thing
from rag.conversation.noun_phrases import Word, is_verb, phrases, words_of

_WAYS = {  # to find what a pronoun of each kind refers to, the first that finds something counts
    "he": (person, role), "she": (person, role, thing), "people": (named,), "several": (several,), "thing": (thing,),
    "place": (place,),
}  # fmt: skip
_KINDS = {
    **dict.fromkeys("he him his".split(), "he"),
    **dict.fromkeys("she her hers".split(), "she"),
    **dict.fromkeys("they them their theirs these those".split(), "several"),
    **dict.fromkeys("it its this that".split(), "thing"),
}
_POSSESSIVE = frozenset("his her its their hers theirs".split())
_TELLING = frozenset(
    "tell told ask asked pay paid help helped give gave warn warned hire hired employ save saved".split()
)
_CONTRACTED = re.compile(r"(?i)^(he|she|it|they|that)'(s|re|d|ll|ve)$")
_MEASURES = frozenset(
    """time times year years month months day days week weeks hour hours minutes kind sort way reason age size share
    percentage colour color many much long far old often number""".split()
)
_CARRIED = frozenset("take took taken carry carried bring brought".split())
# What follows an "it" that refers to nothing.
_EXPLETIVE = frozenset(
    """rain rained raining snow snowed snowing windy late dark cold true possible impossible likely unlikely legal
    illegal right wrong safe better best necessary easy hard difficult important worth fair natural easier harder
    cheaper estimated assumed reported confirmed said thought believed known expected that to when who where""".split()
)
_COSTING = frozenset("take takes took taken cost costs mean matter".split())


def resolved(question: str, turns: Sequence[Earlier]) -> str | None:
    """The question with what its pronouns refer to in their place; None where none refers to an earlier turn.

    `turns` with the latest first; the first that has something to offer for a pronoun is taken.
    """
    words = words_of(question)
    referents: dict[str, str] = {}
    parts, end = [], 0
    for at, word in enumerate(words):
        kind = _kind(question, words, at)
        referent = _referent(kind, turns) if kind and kind not in referents else None
        if kind and referent and referent not in referents.values():
            referents[kind] = referent
            parts += [question[end : word.start], _inflected(words, at, referent)]
            end = word.end
    return "".join([*parts, question[end:]]) if referents else None


def is_loose(question: str) -> bool:
    """Whether a pronoun of the question refers to nothing in the question itself."""
    words = words_of(question)
    return any(_kind(question, words, at) for at in range(len(words)))


def _kind(question: str, words: Sequence[Word], at: int) -> str | None:
    """Which kind of thing the word refers to outside the question; None where it is no such pronoun."""
    low = _without_contraction(words[at])
    if at and words[at].is_capital and not question.isupper():
        return None  # a part of a name
    if low == "there":
        is_place = at and at == len(words) - 1 and not words[at - 1].is_a("auxiliary")
        return "place" if is_place else None
    if low in lexicon.POINTING and not _is_pronoun(words, at):
        return None
    if (low == "it" and _is_expletive(words, at)) or low not in _KINDS or _is_bound(question, words, at):
        return None
    return "people" if low == "them" and at and words[at - 1].low in _TELLING else _KINDS[low]


def _without_contraction(word: Word) -> str:
    contracted = _CONTRACTED.match(word.low)
    return contracted[1] if contracted else word.low


def _is_pronoun(words: Sequence[Word], at: int) -> bool:
    """Whether a "that" stands for something by itself: not before a noun, not between two clauses."""
    if at == len(words) - 1:
        return at > 0 and words[at - 1].low not in {"before", "after", "since", "like", "do", "done"}
    after = words[at + 1]
    if at and not words[at - 1].is_a("auxiliary", "preposition"):
        return False
    if words[at].low == "those" and after.is_a("preposition"):
        return False
    if after.is_a("auxiliary"):
        return not at or words[at - 1].low != "have"
    return (after.is_a("preposition") and after.low != "of") or is_verb(words, at + 1)


def _is_expletive(words: Sequence[Word], at: int) -> bool:
    """Whether an "it" refers to nothing: what time is it, how long did it take to restore power, is it true that."""
    before, after = ([word.low for word in side] for side in (words[:at], words[at + 1 :]))
    if not after:
        return before[-3:-1] in (["what", "time"], ["what", "day"], ["what", "year"])
    if after[0] in _EXPLETIVE or {"that", "when"} & {*after[1:3]} or {"since", "before", "until"} & {*after[:2]}:
        return True
    if "that" in after and (at <= 1 or after[0] in {"is", "was", "were"}):
        return True
    if (at == 0 and "to" in after) or (after[0] in {"from", "to"} and "far" in before):
        return True
    goal = next((place for place, low in enumerate(after) if low in {"to", "for"}), len(after))
    own = set(after[goal + 2 :]) - lexicon.PRONOUNS - lexicon.PREPOSITIONS
    return after[0] in _COSTING and bool(own)


def _is_bound(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun refers to something in the question itself."""
    before = [one for one in phrases(question) if one.after <= at and one.bare.lower() not in _MEASURES]
    if _is_met_later(question, words, at):
        return True
    if _is_subject(words, at):
        is_set_off = "," in question[: words[at].start] or not words[0].is_a("question", "auxiliary", "preposition")
        return is_set_off and (bool(before) or _names_something(words[: at - 1]))
    is_taken_along = words[at - 1].low == "with" and _CARRIED & {word.low for word in words[:at]}
    if _is_possessive(words, at) or _is_apart(question, words, at) or is_taken_along:
        return bool(before) or _asked_for(words, at) or _names_something(words[:at])
    named = sum(1 + len(re.findall(r"['’]s? | of ", phrase.text)) for phrase in before)
    return named > 1  # "the crew of the ship" names two


def _is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun, or what it owns, is the subject of the question: it stands behind the first auxiliary."""
    if not at or not words[at - 1].is_a("auxiliary") or any(is_verb(words, one) for one in range(at - 1)):
        return False
    return not (_is_possessive(words, at) and words[at - 1].low in {"have", "has", "had"})


def _is_met_later(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether a clause that goes before has the pronoun, and what follows its comma names something."""
    comma = question.find(",", words[at].end)
    if comma < 0 or words[0].low in {"which", "who"} or not words[0].is_a("conjunction", "preposition"):
        return False
    return any(words[one.first].start > comma for one in phrases(question))


def _is_apart(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun stands in another clause than what goes before: in one, "the council" is not "it"."""
    if "," in question[: words[at].start]:
        return True
    if at + 1 < len(words) and (words[at + 1].low == "to" or words[at + 1].is_a("auxiliary") or is_verb(words, at + 1)):
        return True
    if at > 1 and words[at - 2].low == "to" and is_verb(words, at - 1):
        return True
    return any(
        word.is_a("conjunction") or (word.low.endswith("ing") and before.is_a("preposition"))
        for before, word in pairwise(words[:at])
    )


def _names_something(words: Sequence[Word]) -> bool:
    """Whether a word among these may be a noun, though nothing shows it: "why did halvorsen move its plant"."""
    no_nouns = lexicon.FUNCTION_WORDS | _MEASURES
    return any(word.low not in no_nouns and not is_verb(words, number) for number, word in enumerate(words))


def _asked_for(words: Sequence[Word], at: int) -> bool:
    """Whether the question asks for somebody or something that the pronoun then refers to: who sold his house."""
    if words[0].low == "who":
        return at > 1 and not words[1].is_a("auxiliary") and _without_contraction(words[at]) not in {"it", "its"}
    many = words[0].low == "how" and words[1].low in {"many", "much"}
    asked = next((word for word in words[1:at] if not word.is_a("question") and word.low not in {"many", "much"}), None)
    if asked is None or not (many or words[0].low in {"which", "what"}):
        return False
    return not asked.is_a("auxiliary", "preposition") and asked.low not in _MEASURES


def _is_possessive(words: Sequence[Word], at: int) -> bool:
    after = words[at + 1] if at + 1 < len(words) else None
    if words[at].low == "it's" and at:
        return not words[at - 1].is_a("conjunction")
    if words[at].low == "her":
        return after is not None and not after.is_a("preposition", "conjunction", "auxiliary", "pronoun")
    return words[at].low in _POSSESSIVE


def _referent(kind: str, turns: Sequence[Earlier]) -> str | None:
    found = (way(turn) for way in _WAYS[kind] for turn in turns)
    return next(filter(None, found), None)


def _inflected(words: Sequence[Word], at: int, referent: str) -> str:
    """What stands in the place of the pronoun, in its case."""
    if _is_possessive(words, at):
        return f"{referent}’" if referent.endswith("s") else f"{referent}’s"
    if contracted := _CONTRACTED.match(words[at].low):
        return f"{referent}’{contracted[2]}"
    return f"{referent[0].upper()}{referent[1:]}" if at == 0 else referent
