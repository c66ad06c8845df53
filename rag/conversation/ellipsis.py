"""Fragments and bare questions completed from the earlier question: "and in Niger?", "when was that?", "why?"."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.conversation import lexicon
from rag.conversation.earlier import Earlier, as_inside, clause, thing, topic
from rag.conversation.noun_phrases import Phrase, Word, is_verb, names, one_line, phrase_at, words_of

_PLACES = frozenset("in at on near off".split())
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_ADVERBIAL = re.compile(
    r"(?i)^(?:since when|until when|when exactly|when|where exactly|where|why|how long ago|how long|how often|how far|"
    r"how exactly|how(?= (?:is|was|are|were|did|does|do|has|have|had|will|would|can|could|so|come)\b|$)|"
    r"what time|(?:in|on|at) (?:what|which) \w+)\b"
)
_LONGEST_ANSWER = 6  # words of an answer that can be the subject of a clause
# What is always of something: the captain of a ship, the cause of a fire.
_ROLES = frozenset(
    """captain skipper master crew owner builder maker author writer winner loser leader manager chairman chairwoman
    chair chief boss victim passenger mate cook engineer navigator helmsman coxswain designer architect composer
    publisher editor director producer coach founder""".split()
)
_OF_THINGS_ALONE = frozenset("owner builder crew skipper maker passenger mate coxswain".split())
_ATTRIBUTES = frozenset(
    """cause reason cost price result outcome score name address date deadline budget distance height depth length
    weight size aim purpose""".split()
)
_RELATIONAL = _ROLES | _ATTRIBUTES
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])\s")
_OF_THINGS = frozenset("built launched founded painted published cost weigh".split())  # never said of a person


def completed(fragment: str, turn: Earlier) -> str:
    """The earlier question with the fragment in the place of its counterpart, or else behind it."""
    question, fragment = one_line(turn.question), one_line(fragment)
    words = words_of(fragment)
    if whole := _of_the_thing(question, fragment):
        return f"{whole}?"
    if any(is_verb(words, at) for at in range(len(words))):
        return f"{question}, and {fragment}?"
    for way in (_another_year, _behind_its_preposition, _of_the_same_head, _another_name, _another_subject):
        if whole := way(question, fragment):
            return f"{whole}?"
    return f"{question} {fragment}?" if words[0].is_a("preposition") else f"{question}, and {fragment}?"


def clausal(bare: str, turn: Earlier) -> str:
    """A bare question such as "why?", asked about what the earlier question says."""
    question, bare = one_line(turn.question), one_line(bare)
    adverbial = _ADVERBIAL.match(bare)
    asked = clause(question)
    if adverbial and asked:
        is_identity = asked.head.lower() in {"who", "what"} and asked.auxiliary.lower() in {"is", "are", "was", "were"}
        counted = re.match(r"(?i)(?:how many|how much|which|what) (.+)", asked.head)
        subject = "" if asked.subject else f" {counted[1]}" if counted else None
        if subject is not None and not is_identity:
            return f"{adverbial[0]} {asked.auxiliary.lower()}{subject} {asked.rest}?"
    if adverbial and not asked and (whole := _of_what_was_done(adverbial[0], question, turn)):
        return whole
    return f"{question}, and {bare[0].lower()}{bare[1:]}?"


def with_topic(question: str, turn: Earlier, form: str) -> str:
    """The question with what the earlier one is about, as in "{} of {}?"; itself where that is nothing."""
    found = topic(turn)
    return form.format(one_line(question), found.text) if found else question


def _of_what_was_done(opening: str, question: str, turn: Earlier) -> str | None:
    """Who did it is in the answer: "who declined?", "why?" is "why is it that the council declined?"."""
    words = words_of(question)
    verb = next((at for at in range(1, len(words)) if is_verb(words, at)), 0)
    if verb > 2 and [word.low for word in words[:2]] == ["how", "many"]:
        return f"{opening} was it that {question[words[2].start :]}?"
    answer = one_line(turn.answer or "")
    if not verb or words[0].low not in {"who", "what", "which"} or not 0 < len(answer.split()) <= _LONGEST_ANSWER:
        return None
    return f"{opening} was it that {as_inside(answer)} {question[words[verb].start :]}?"


def _replaced(question: str, first: Word, last: Word, fragment: str) -> str:
    return f"{question[: first.start]}{fragment}{question[last.end :]}"


def _another_year(question: str, fragment: str) -> str | None:
    old, new = _YEAR.findall(question), _YEAR.findall(fragment)
    return _YEAR.sub(new[0], question, count=1) if len(old) == len(new) == 1 else None


def _behind_its_preposition(question: str, fragment: str) -> str | None:
    """A fragment that begins with a preposition, in the place of the same one's, or of another one's of place."""
    opening, *others = words_of(fragment)
    if not opening.is_a("preposition") or not others:
        return None
    offered = phrase_at(fragment, [opening, *others], 1)
    is_name = bool(offered and offered.is_name)
    words = words_of(question)
    tied = [
        (word, behind)
        for at, word in enumerate(words)
        if word.is_a("preposition") and (behind := phrase_at(question, words, at + 1, tied=False))
    ]
    for prepositions in ({opening.low}, _PLACES if opening.low in _PLACES else frozenset[str]()):
        for word, behind in reversed(tied):
            if word.low in prepositions and behind.is_name == is_name:
                return _replaced(question, word, words[behind.after - 1], fragment)
    return _another_name(question, offered.text) if offered and is_name else None


def _of_the_same_head(question: str, fragment: str) -> str | None:
    """Such as "the technical director" in the place of "the managing director", "number 14" in that of "number 1"."""
    offered = words_of(fragment)
    if not offered[0].is_a("determiner") or len(offered) < 2:
        return None
    words = words_of(question)
    if offered[-1].text.isdigit():
        for before, word in pairwise(words):
            if word.text.isdigit() and before.low == offered[-2].low:
                return _replaced(question, word, word, offered[-1].text)
        return None
    for whole in _determined(question):
        if words[whole.after - 1].low == offered[-1].low:
            return _replaced(question, words[whole.first], words[whole.after - 1], fragment)
    return None


def _determined(question: str) -> list[Phrase]:
    """The noun phrases that a determiner begins."""
    words = words_of(question)
    begun = (phrase_at(question, words, at, tied=False) for at, word in enumerate(words) if word.is_a("determiner"))
    return [phrase for phrase in begun if phrase]


def _of_the_thing(question: str, fragment: str) -> str | None:
    """Such as "the owner" of the ship in the question, where it cannot stand in the ship's place.

    "Who skippered the Girl Rhoda?", "and the owner?" is "who is the owner of the Girl Rhoda?".
    """
    *owner, owned = _POSSESSIVE.split(fragment)
    words = words_of(owned)
    behind = next((at for at, word in enumerate(words) if word.is_a("preposition")), len(words))
    head = words[behind - 1].low if behind else ""
    has_verb = any(is_verb(words, at) for at in range(len(words)) if at != behind - 1)
    one = _singular(head)
    if one not in _RELATIONAL or has_verb or _has_relational(question):
        return None
    subject = thing(Earlier(question)) or (_last_name(question) if one in _OF_THINGS_ALONE else None)
    if subject == question:  # the earlier query is a topic, without a verb
        return None
    if one in _ROLES and not (subject and _takes_no_person(question)):
        return None
    opening = f"{'Who' if one in _ROLES else 'What'} {'is' if head == one else 'are'}"
    article = "" if owner or words[0].is_a("determiner") else "the "
    if owner or behind < len(words):
        return f"{opening} {article}{fragment}"
    return f"{opening} {article}{fragment} of {subject}" if subject else f"{question}, and {fragment}"


def _has_relational(question: str) -> bool:
    """Whether the question itself has a role or an attribute, such as "the mate", whose place another can take."""
    words = words_of(question)
    return any(is_relational(words[phrase.after - 1].low) for phrase in _determined(question))


def is_relational(word: str) -> bool:
    """Whether a noun in lower case is a role or an attribute, which is always of something."""
    return _singular(word) in _RELATIONAL


def _singular(word: str) -> str:
    return word.removesuffix("s") if word.removesuffix("s") in _RELATIONAL else word


def _last_name(question: str) -> str | None:
    """The last name in a question that asks who did something to it."""
    known = names(question)
    return known[-1].text if known and words_of(question)[0].low == "who" and not clause(question) else None


def _takes_no_person(question: str) -> bool:
    """Whether the thing of the question is its object, as in "who skippered it?", or its verb is one of things."""
    asked = clause(question)
    return not asked or any(word.low in _OF_THINGS for word in words_of(asked.rest))


def _another_name(question: str, fragment: str) -> str | None:
    """A name, or what has no article, in the place of the question's last name of its kind."""
    offered, known = names(fragment), names(question)
    if not known or (not offered and words_of(fragment)[0].is_a("determiner", "preposition")):
        return None
    is_person = bool(offered) and offered[0].is_person
    old = ([one for one in known if one.is_person == is_person] or known)[-1]
    start = words_of(question)[old.first].start
    return f"{question[:start]}{fragment}{question[start + len(old.text) :]}"


def _another_subject(question: str, fragment: str) -> str | None:
    """What an article begins, in the place of the first thing of the question that one begins, or of its name."""
    if words_of(fragment)[0].is_a("preposition"):
        return None
    words = words_of(question)
    asked = clause(question)
    begins = [at for at, word in enumerate(words) if word.low in lexicon.ARTICLES]
    if asked and asked.subject and asked.subject.first in begins:
        begins = [asked.subject.first]
    for first in begins:
        if whole := phrase_at(question, words, first, tied=False):
            return _replaced(question, words[first], words[whole.after - 1], fragment)
    known = names(question)
    if len(known) != 1:
        return None
    owned = phrase_at(question, words, known[0].first, tied=False)
    after = max(known[0].after, owned.after if owned else 0)
    return _replaced(question, words[known[0].first], words[after - 1], fragment)
