"""An earlier turn of a conversation, and what in it a later question can mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.conversation.noun_phrases import (
    AUXILIARIES,
    CLAUSE,
    PREPOSITIONS,
    PRONOUNS,
    WH,
    Phrase,
    is_verb,
    names,
    one_line,
    phrase_at,
    phrases,
    words_of,
)

_LONGEST_ANSWER = 8  # words of an answer that can stand for a pronoun
_LONGEST_SENTENCE = 1_000  # characters in which persons are looked for
_LONGEST_TOPIC = 12  # words of a query without a verb that is a topic as a whole
_COUNTED = re.compile(r"(?i)^how many ((?:(?!of\b)[\w’'-]+ ){0,2}?[\w’'-]+s|people|children|men|women)\b")
_ASKS_FOR_A_NAME = re.compile(
    r"(?i)^(?:who|whose|which|what (?!is|was|are|were|did|do|does|time|year|day))\b|\bcalled$"
)
_BEFORE_A_VERB = frozenset("do does did will would can could should may might must shall".split())
_PLACED = re.compile(r"(?i)^(?:in|at|on|near|off|outside|inside|between|from|to)\b")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier turn: the question as it was really asked, the words of its best answer, the sentence around them.

    `answer` and `sentence` are None where the library did not say.
    """

    question: str
    answer: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A question taken apart: what it asks for (`head`), its auxiliary, and all that follows (`rest`).

    `subject` is what stands right behind the auxiliary; None where the head itself is the subject.
    """

    head: str
    auxiliary: str
    rest: str
    subject: Phrase | None


def clause(question: str) -> Clause | None:
    """The question taken apart; None where it begins with no question word, or has no auxiliary of its own."""
    text = one_line(question)
    words = words_of(text)
    if not words or words[0].low not in WH | AUXILIARIES | PREPOSITIONS:
        return None
    for at, word in enumerate(words):
        if word.low in AUXILIARIES:
            begins = at + 1 < len(words) and not is_verb(words, at + 1)
            subject = phrase_at(text, words, at + 1) if begins else None
            if begins and subject is None and words[at + 1].low in PRONOUNS:
                subject = Phrase(words[at + 1].text, at + 1, at + 2)
            if subject and word.low in _BEFORE_A_VERB:
                subject = _without_the_verb(text, subject)
            return Clause(text[: word.start].strip(), word.text, text[word.end :].strip(), subject)
        if at and (word.low in CLAUSE - WH or (is_verb(words, at) and words[0].low in WH)):
            return None
    return None


def _without_the_verb(text: str, subject: Phrase) -> Phrase:
    """A subject that is a name without an article, without what stands behind it: that may be a verb."""
    found = next((one for one in names(text) if one.first == subject.first), None)
    is_bare = (
        found is not None
        and found.text == found.bare
        and not re.match(r"['’]s\b", text[text.index(found.text) + len(found.text) :])
    )
    return found if found and is_bare else subject


def topic(turn: Earlier) -> Phrase | None:
    """What the earlier question is about, first of all: its subject, or what is said to be done to something."""
    text = one_line(turn.question)
    asked = clause(text)
    if asked and asked.subject and asked.subject.text.lower() not in PRONOUNS:
        return asked.subject
    if found := phrases(text):
        return replace(found[0], text=_as_inside(found[0].text))
    words = words_of(text)
    is_query = words and words[0].low not in WH | AUXILIARIES and len(words) <= _LONGEST_TOPIC
    return Phrase(text, 0, len(words)) if is_query else None


def person(turn: Earlier) -> str | None:
    """The person that "he" or "she" means; None where the turn names none."""
    asks_who = re.match(r"(?i)(?:who|whose|whom|which)\b|.*\b(?:name|called)\b", one_line(turn.question))
    answered = [one.text for one in names(_answer(turn)) if one.is_person]
    if asks_who and answered:
        return answered[0]
    if asks_who and re.match(r"(?i)who\b", turn.question.strip()) and _is_name(_answer(turn)):
        return _answer(turn)
    text = one_line(turn.question)
    asked = [one.text for one in names(text) if one.is_person]
    if asks_who and not turn.answer:  # of a quote whose words are not known, the sentence may name just one
        told = {one.text for one in names(one_line(turn.sentence or "")[:_LONGEST_SENTENCE]) if one.is_person} - {
            *asked
        }
        if len(told) == 1:
            return told.pop()
    return next(
        (one for one in asked + answered if not re.search(rf"\b(?:in|at|to|near) {re.escape(one)}", text)), None
    )


def role(turn: Earlier) -> str | None:
    """The person that the question speaks of without a name: a role, or the one who did it."""
    text = one_line(turn.question)
    found = clause(text)
    if re.match(r"(?i)who\b", text) and not found:
        return f"the one {text[0].lower()}{text[1:]}"
    if found and found.subject and re.match(r"(?i)(?:the|his|her|their)\b", found.subject.text):
        return found.subject.text
    alone = [
        one.text for one in names(text) if " " not in one.text and not _PLACED.search(text[: text.index(one.text)][-4:])
    ]
    told = {one.text for one in names(one_line(turn.sentence or "")[:_LONGEST_SENTENCE]) if one.is_person}
    return alone[0] if alone else told.pop() if len(told) == 1 else None


def thing(turn: Earlier) -> str | None:
    """The thing, the body or the event that "it" means; None where the turn speaks of none."""
    text = one_line(turn.question)
    answered = _answer(turn)
    if re.match(r"(?i)(?:which|what)\b", text) and _ASKS_FOR_A_NAME.search(text) and _is_name(answered):
        return _as_inside(answered)
    about = topic(turn)
    if about and not about.is_person:
        return about.text
    others = [one.text for one in phrases(text) if not one.is_person]
    if others:
        return _as_inside(others[-1])
    return _as_inside(answered) if _is_name(answered) and not person(turn) else None


def named(turn: Earlier) -> str | None:
    """Who was asked for, by the words of the answer."""
    answered = _answer(turn)
    asks_who = re.match(r"(?i)(?:who|which)\b", one_line(turn.question))
    return _as_inside(answered) if asks_who and answered and not answered[0].isdigit() else None


def several(turn: Earlier) -> str | None:
    """Those whom or which "they" means: who was asked for, what was counted, or what the question is about."""
    text = one_line(turn.question)
    if by_name := named(turn):
        return by_name
    if re.match(r"(?i)who\b", text) and not clause(text):
        return f"those {text[0].lower()}{text[1:]}"
    if counted := _COUNTED.match(text):
        return f"the {counted[1]}"
    about = topic(turn)
    return about.text if about else None


def place(turn: Earlier) -> str | None:
    """What "there" means, with its preposition; None where the turn names no place."""
    text, answered = one_line(turn.question), _answer(turn)
    if re.match(r"(?i)(?:where|which (?:town|city|port|place|village|country|island))\b", text) and answered:
        return answered if _PLACED.match(answered) else f"in {_as_inside(answered)}"
    found = re.findall(r"\b(?:in|at|on|near|off|to|from) (?:the )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*", text)
    if found:
        return re.sub(r"^(?:to|from)\b", "in", found[-1])
    about = [one for one in phrases(text) if one.is_name and not one.is_person]
    return f"at {about[-1].text}" if about else None


def _answer(turn: Earlier) -> str:
    """The answer's words without quotation marks; empty where there are none, or too many to stand for a pronoun."""
    words = one_line(turn.answer or "").strip("“”‘’\"',;:")
    return words if len(words.split()) <= _LONGEST_ANSWER else ""


def _is_name(words: str) -> bool:
    """Whether the words are a name, from beginning to end."""
    found = names(words)
    return len(found) == 1 and len(found[0].bare) >= len(re.sub(r"(?i)^the ", "", words)) - 1


def _as_inside(words: str) -> str:
    """The words as they stand inside a sentence."""
    return re.sub(r"^(?:The|An?)(?= )", lambda article: article[0].lower(), words)
