"""Pronouns that mean something of an earlier turn, and what they mean put in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.conversation.earlier import Earlier, named, person, place, role, several, thing
from rag.conversation.noun_phrases import (
    AUXILIARIES,
    CLAUSE,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    WH,
    Phrase,
    Word,
    is_verb,
    phrases,
    words_of,
)

_HE = frozenset("he him his".split())
_SHE = frozenset("she her hers".split())
_TELLING = frozenset(
    "tell told ask asked pay paid help helped give gave warn warned hire hired employ save saved".split()
)
_SEVERAL = frozenset("they them their theirs".split())
_THING = frozenset("it its".split())
_POINTING = frozenset("this that these those".split())
_POSSESSIVE = frozenset("his her its their hers theirs".split())
_CONTRACTED = re.compile(r"(?i)^(he|she|it|they|that)'(s|re|d|ll|ve)$")
_MEASURES = frozenset(
    """time times year years month months day days week weeks hour hours minutes kind sort way reason age size share
    percentage colour color many much long far old often number""".split()
)
_CARRIED = frozenset("take took taken carry carried bring brought".split())
_WEATHER = frozenset("rain rained raining snow snowed snowing windy late dark cold".split())
_JUDGED = frozenset(
    """true possible impossible likely unlikely legal illegal right wrong safe better best necessary easy hard difficult
    important worth fair natural easier harder cheaper estimated assumed reported
    confirmed said thought believed known expected""".split()
)
_OPENERS = WH | AUXILIARIES | PREPOSITIONS


def resolved(question: str, turns: Sequence[Earlier]) -> str | None:
    """The question with what its pronouns mean in their place; None where none of them means an earlier turn.

    `turns` with the latest first; the first that has something to offer for a pronoun is taken.
    """
    words = words_of(question)
    meant: dict[str, str] = {}
    pieces, done = [], 0
    for at, word in enumerate(words):
        kind = _kind(question, words, at)
        if kind is None or kind in meant:
            continue
        found = _referent(kind, turns)
        if found is None or found in meant.values():
            continue
        meant[kind] = found
        pieces += [question[done : word.start], _put(words, at, found)]
        done = word.end
    return "".join([*pieces, question[done:]]) if meant else None


def is_loose(question: str) -> bool:
    """Whether a pronoun of the question means nothing that stands in the question itself."""
    words = words_of(question)
    return any(_kind(question, words, at) for at in range(len(words)))


def _kind(question: str, words: Sequence[Word], at: int) -> str | None:
    """Which kind of thing the word points to, outside the question; None where it is no such pronoun."""
    low = _plain(words[at])
    if at and words[at].is_capital and not question.isupper():
        return None  # a part of a name
    if low in _HE | _SHE:
        kind = "he" if low in _HE else "she"
    elif low in _SEVERAL:
        kind = "people" if low == "them" and at and words[at - 1].low in _TELLING else "several"
    elif low in _THING or (low in _POINTING and _points(words, at)):
        kind = "several" if low in {"these", "those"} else "thing"
    elif low == "there" and at and at == len(words) - 1 and words[at - 1].low not in AUXILIARIES:
        return "place"
    else:
        return None
    is_idle = low in {"it", "it's"} and _is_expletive(words, at)
    return None if is_idle or _is_bound(question, words, at) else kind


def _plain(word: Word) -> str:
    contracted = _CONTRACTED.match(word.low)
    return contracted[1] if contracted else word.low


def _points(words: Sequence[Word], at: int) -> bool:
    """Whether a "that" stands for something by itself: not before a noun, not between two clauses."""
    before = words[at - 1].low if at else ""
    if at == len(words) - 1:
        return at > 0 and before not in {"before", "after", "since", "like", "do", "done"}
    after = words[at + 1]
    if before not in AUXILIARIES and before not in PREPOSITIONS and at:
        return False
    if (words[at].low == "those" and after.low in PREPOSITIONS) or (before == "have" and after.low in AUXILIARIES):
        return False
    return after.low in AUXILIARIES or after.low in PREPOSITIONS - {"of"} or is_verb(words, at + 1)


def _is_expletive(words: Sequence[Word], at: int) -> bool:
    """Whether an "it" means nothing: what time is it, how long did it take to restore power, is it true that."""
    after = [word.low for word in words[at + 1 :]]
    if not after:
        return [word.low for word in words[:at]][-3:-1] in (["what", "time"], ["what", "day"], ["what", "year"])
    if after[0] in _WEATHER | _JUDGED | {"that", "to", "when", "who", "where"} or {"that", "when"} & {*after[1:3]}:
        return True
    opens = (at <= 1 or after[0] in {"is", "was", "were"}) and "that" in after
    if opens or (at == 0 and "to" in after) or {"since", "before", "until"} & {after[0], *after[1:2]}:
        return True
    if after[0] in {"from", "to"} and "far" in {word.low for word in words[:at]}:
        return True
    is_cost = after[0] in {"take", "takes", "took", "taken", "cost", "costs", "mean", "matter"}
    goal = next((place for place, low in enumerate(after) if low in {"to", "for"}), None)
    if is_cost and goal is not None:
        own = [low for low in after[goal + 2 :] if low not in PRONOUNS | PREPOSITIONS]
        return bool(own)
    return False


def _is_bound(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether something in the question itself is what the pronoun means."""
    before = [one for one in phrases(question) if one.after <= at and one.bare.lower() not in _MEASURES]
    if _is_met_later(question, words, at):
        return True
    if _is_subject(words, at):
        is_set_off = "," in question[: words[at].start] or words[0].low not in _OPENERS
        return is_set_off and (bool(before) or _names_something(words[: at - 1]))
    is_there = bool(before) or _asked_for(words, at)
    if _is_possessive(words, at):
        return is_there or _names_something(words[:at])
    if _is_apart(question, words, at):
        return is_there or _names_something(words[:at])
    is_taken_along = words[at - 1].low == "with" and bool(_CARRIED & {word.low for word in words[:at]})
    return is_there or _names_something(words[:at]) if is_taken_along else sum(map(_named_in, before)) > 1


def _is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun, or what it owns, is the subject of the question: it stands behind the first auxiliary."""
    if not at or words[at - 1].low not in AUXILIARIES or any(is_verb(words, one) for one in range(at - 1)):
        return False
    return not (_is_possessive(words, at) and words[at - 1].low in {"have", "has", "had"})


def _named_in(phrase: Phrase) -> int:
    """How many a phrase names: "the crew of the ship" names two."""
    return 1 + len(re.findall(r"['’]s? | of ", phrase.text))


def _is_met_later(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether a clause that goes before has the pronoun, and what follows its comma names something."""
    if words[0].low not in (CLAUSE | PREPOSITIONS) - {"which", "who"} or "," not in question[words[at].end :]:
        return False
    comma = question.index(",", words[at].end)
    return any(one.first > at and words[one.first].start > comma for one in phrases(question))


def _is_apart(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun stands in another clause than what goes before: in one, "the council" is not "it"."""
    if "," in question[: words[at].start]:
        return True
    after = words[at + 1].low if at + 1 < len(words) else ""
    if after in AUXILIARIES or after == "to" or (after and is_verb(words, at + 1)):
        return True
    if at > 1 and words[at - 2].low == "to" and is_verb(words, at - 1):
        return True
    inner = range(1, at)
    return any(
        words[one].low in CLAUSE or (words[one].low.endswith("ing") and words[one - 1].low in PREPOSITIONS)
        for one in inner
    )


def _names_something(words: Sequence[Word]) -> bool:
    """Whether a word among these may be a noun, though nothing shows it: "why did halvorsen move its plant"."""
    closed = WH | AUXILIARIES | PREPOSITIONS | DETERMINERS | PRONOUNS | CLAUSE | _MEASURES
    return any(word.low not in closed and not is_verb(words, number) for number, word in enumerate(words))


def _asked_for(words: Sequence[Word], at: int) -> bool:
    """Whether the question asks for somebody or something that the pronoun then means: who sold his house."""
    if words[0].low == "who":
        return at > 1 and words[1].low not in AUXILIARIES and _plain(words[at]) not in _THING
    counts = words[0].low in {"which", "what"} or [word.low for word in words[:2]] in (["how", "many"], ["how", "much"])
    asked = [word.low for word in words[1:at] if word.low not in WH and word.low not in {"many", "much"}]
    return counts and bool(asked) and asked[0] not in AUXILIARIES | _MEASURES | PREPOSITIONS


def _is_possessive(words: Sequence[Word], at: int) -> bool:
    if words[at].low == "it's" and at:
        return words[at - 1].low not in CLAUSE
    if words[at].low not in _POSSESSIVE:
        return False
    if words[at].low != "her":
        return True
    after = words[at + 1].low if at + 1 < len(words) else ""
    return bool(after) and after not in PREPOSITIONS | CLAUSE | AUXILIARIES | PRONOUNS


def _referent(kind: str, turns: Sequence[Earlier]) -> str | None:
    ways: dict[str, tuple[Callable[[Earlier], str | None], ...]] = {
        "he": (person, role), "she": (person, role, thing), "people": (named,), "several": (several,),
        "thing": (thing,), "place": (place,),
    }  # fmt: skip
    for way in ways[kind]:
        for turn in turns:
            if found := way(turn):
                return found
    return None


def _put(words: Sequence[Word], at: int, found: str) -> str:
    """What stands for the pronoun, in its case."""
    contracted = None if _is_possessive(words, at) else _CONTRACTED.match(words[at].low)
    if contracted:
        return f"{found}’{contracted[2]}"
    if _is_possessive(words, at):
        return f"{found}’" if found.endswith("s") else f"{found}’s"
    return f"{found[0].upper()}{found[1:]}" if at == 0 else found
