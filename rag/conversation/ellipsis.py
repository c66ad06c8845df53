"""Questions that are only a part: "and in Niger?", "what about the cannery?", "when was that?", "why?", made whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.conversation.earlier import Clause, Earlier, as_inside, clause, thing, topic
from rag.conversation.noun_phrases import (
    DETERMINERS,
    PREPOSITIONS,
    Phrase,
    is_verb,
    names,
    one_line,
    phrase_at,
    words_of,
)

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
    chair chief boss victim victims passengers""".split()
)
_ATTRIBUTES = frozenset(
    """cause reason cost price result outcome score name address date deadline budget distance height depth length
    weight size aim purpose""".split()
)
RELATIONAL = _ROLES | _ATTRIBUTES
_SEVERAL = frozenset({"victims", "passengers"})
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])\s")
_OF_THINGS = frozenset("built launched founded painted published cost weigh".split())  # never said of a person


def completed(part: str, turn: Earlier) -> str:
    """The earlier question with the part in the place of what it stands for, or else behind it."""
    question, part = one_line(turn.question), one_line(part)
    parts = words_of(part)
    if whole := _of_the_thing(question, part):
        return f"{whole}?"
    if any(is_verb(parts, at) for at in range(len(parts))):
        return f"{question}, and {part}?"
    for way in (_another_year, _behind_its_preposition, _of_the_same_head, _another_name, _another_subject):
        if whole := way(question, part):
            return f"{whole}?"
    return f"{question} {part}?" if parts[0].low in PREPOSITIONS else f"{question}, and {part}?"


def clausal(asked: str, turn: Earlier) -> str:
    """A bare question word made whole: what it asks, of what the earlier question says."""
    question, asked = one_line(turn.question), one_line(asked)
    adverbial = _ADVERBIAL.match(asked)
    said = clause(question)
    if adverbial and said and not _asks_what_it_is(said):
        opening = asked[: adverbial.end()]
        if said.subject:
            return f"{opening} {said.auxiliary.lower()} {said.rest}?"
        if counted := re.match(r"(?i)(?:how many|how much|which|what) (.+)", said.head):
            return f"{opening} {said.auxiliary.lower()} {counted[1]} {said.rest}?"
    if adverbial and not said and (whole := _of_what_was_done(asked[: adverbial.end()], question, turn)):
        return whole
    return f"{question}, and {asked[0].lower()}{asked[1:]}?"


def _asks_what_it_is(said: Clause) -> bool:
    return said.head.lower() in {"who", "what"} and said.auxiliary.lower() in {"is", "are", "was", "were"}


def _of_what_was_done(opening: str, question: str, turn: Earlier) -> str | None:
    """Who did it is in the answer: "who declined?", "why?" is "why is it that the council declined?"."""
    words = words_of(question)
    verb = next((at for at in range(1, len(words)) if is_verb(words, at)), None)
    if verb and verb > 2 and [word.low for word in words[:2]] == ["how", "many"]:
        return f"{opening} was it that {question[words[2].start :]}?"
    answer = one_line(turn.answer or "")
    if verb is None or words[0].low not in {"who", "what", "which"} or not 0 < len(answer.split()) <= _LONGEST_ANSWER:
        return None
    return f"{opening} was it that {as_inside(answer)} {question[words[verb].start :]}?"


def _another_year(question: str, part: str) -> str | None:
    there, here = _YEAR.findall(question), _YEAR.findall(part)
    return _YEAR.sub(here[0], question, count=1) if len(there) == len(here) == 1 else None


def _behind_its_preposition(question: str, part: str) -> str | None:
    """A part that begins with a preposition, in the place of what stands behind the same one, or another of place."""
    words = words_of(part)
    opening = words[0].low
    if opening not in PREPOSITIONS or len(words) < 2:
        return None
    offered = phrase_at(part, words, 1)
    is_name = bool(offered and offered.is_name)
    for strict in (True, False):
        for start, end, preposition, behind in reversed(list(_tied(question))):
            fits = preposition == opening if strict else {preposition, opening} <= _PLACES
            if fits and behind.is_name == is_name:
                return f"{question[:start]}{part}{question[end:]}"
    return _another_name(question, offered.text) if offered and is_name else None


def _tied(question: str) -> Iterator[tuple[int, int, str, Phrase]]:
    """What prepositions tie to the question: where each begins and ends, the preposition, what stands behind it."""
    words = words_of(question)
    for at, word in enumerate(words):
        behind = phrase_at(question, words, at + 1, tied=False) if word.low in PREPOSITIONS else None
        if behind:
            yield word.start, words[behind.after - 1].end, word.low, behind


def _of_the_same_head(question: str, part: str) -> str | None:
    """Such as "the technical director" in the place of "the managing director", "number 14" in that of "number 1"."""
    offered = words_of(part)
    if offered[0].low not in DETERMINERS or len(offered) < 2:
        return None
    words = words_of(question)
    if offered[-1].text.isdigit():
        for at in range(1, len(words)):
            if words[at].text.isdigit() and words[at - 1].low == offered[-2].low:
                return f"{question[: words[at].start]}{offered[-1].text}{question[words[at].end :]}"
        return None
    for first, word in enumerate(words):
        whole = phrase_at(question, words, first, tied=False) if word.low in DETERMINERS else None
        if whole and words[whole.after - 1].low == offered[-1].low:
            return f"{question[: word.start]}{part}{question[words[whole.after - 1].end :]}"
    return None


def _of_the_thing(question: str, part: str) -> str | None:
    """Such as "the owner" of the ship in the question, where it cannot stand in the ship's place.

    "Who skippered the Girl Rhoda?", "and the owner?" is "who is the owner of the Girl Rhoda?".
    """
    *owner, owned = _POSSESSIVE.split(part)
    words = words_of(owned)
    behind = next((at for at, word in enumerate(words) if word.low in PREPOSITIONS), len(words))
    head = words[behind - 1].low if behind else ""
    has_verb = any(is_verb(words, at) for at in range(len(words)) if at != behind - 1)
    if head not in RELATIONAL or has_verb or _has_relational(question):
        return None
    subject = thing(Earlier(question))
    if subject == question:  # the earlier query is a topic, without a verb
        return None
    if head in _ROLES and not (subject and _takes_no_person(question)):
        return None
    opening = f"{'Who' if head in _ROLES else 'What'} {'are' if head in _SEVERAL else 'is'}"
    article = "" if owner or words[0].low in DETERMINERS else "the "
    if owner or behind < len(words):
        return f"{opening} {article}{part}"
    return f"{opening} {article}{part} of {subject}" if subject else f"{question}, and {part}"


def _has_relational(question: str) -> bool:
    """Whether the question itself has a role or an attribute, such as "the mate", whose place another can take."""
    words = words_of(question)
    begun = [phrase_at(question, words, at, tied=False) for at, word in enumerate(words) if word.low in DETERMINERS]
    return any(words[one.after - 1].low in RELATIONAL for one in begun if one)


def _takes_no_person(question: str) -> bool:
    """Whether the thing of the question is its object, as in "who skippered it?", or its verb is one of things."""
    asked = clause(question)
    return not asked or any(word.low in _OF_THINGS for word in words_of(asked.rest))


def _another_name(question: str, part: str) -> str | None:
    """A name, or what has no article, in the place of the question's last name of its kind."""
    offered = words_of(part)
    named = names(part)
    if not named and offered[0].low in DETERMINERS | PREPOSITIONS:
        return None
    known = names(question)
    is_person = bool(named) and named[0].is_person
    alike = [one for one in known if one.is_person == is_person] or known
    if not alike:
        return None
    words = words_of(question)
    old = alike[-1]
    return f"{question[: words[old.first].start]}{part}{question[words[old.first].start + len(old.text) :]}"


def _another_subject(question: str, part: str) -> str | None:
    """What an article begins, in the place of the first thing of the question that one begins, or of its name."""
    if words_of(part)[0].low in PREPOSITIONS:
        return None
    words = words_of(question)
    said = clause(question)
    aux = said.subject.first if said and said.subject else None
    begins = [at for at, word in enumerate(words) if word.low in {"the", "a", "an"} and at + 1 < len(words)]
    begins = [aux] if aux is not None and aux in begins else begins
    for first in begins:
        whole = phrase_at(question, words, first, tied=False)
        if whole:
            return f"{question[: words[first].start]}{part}{question[words[whole.after - 1].end :]}"
    known = names(question)
    if len(known) != 1:
        return None
    owned = phrase_at(question, words, known[0].first, tied=False)
    after = max(known[0].after, owned.after if owned else 0)
    return f"{question[: words[known[0].first].start]}{part}{question[words[after - 1].end :]}"


def about(question: str, turn: Earlier) -> str:
    """The question with what the earlier one is about behind it, in brackets; itself where that is nothing."""
    found = topic(turn)
    asked = one_line(question)
    return f"{asked} ({found.text})?" if found else question


def of_topic(question: str, turn: Earlier) -> str:
    """A question such as "what was the cause?" with what it was the cause of."""
    found = topic(turn)
    return f"{one_line(question)} of {found.text}?" if found else question
