"""An earlier turn of a conversation, and what in it the words of a later question can refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.conversation import lexicon
from rag.conversation.noun_phrases import Phrase, Word, is_verb, names, one_line, phrase_at, phrases, words_of

_LONGEST_ANSWER = 8  # words of an answer that can stand for a pronoun
_LONGEST_SENTENCE = 1_000  # characters in which persons are looked for
_LONGEST_TOPIC = 12  # words of a query without a verb that is a topic as a whole
_COUNTED = re.compile(r"(?i)^how many ((?:(?!of\b)[\w’'-]+ ){0,2}?[\w’'-]+s|people|children|men|women)\b")
_ASKS_FOR_A_NAME = re.compile(r"(?i)(?:which|what (?!is|was|are|were|did|do|does|time|year|day))\b|what\b.*\bcalled$")
_ASKS_FOR_A_PERSON = re.compile(r"(?i)(?:who|whose|whom|which)\b|.*\b(?:name|called)\b")
_WHO = re.compile(r"(?i)who\b")
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
    if not words or not words[0].is_a("question", "auxiliary", "preposition"):
        return None
    for at, word in enumerate(words):
        if word.is_a("auxiliary"):
            head, rest = text[: word.start].strip(), text[word.end :].strip()
            return Clause(head, word.text, rest, _subject(text, words, at + 1))
        is_clause = word.is_a("conjunction") and not word.is_a("question")
        if at and (is_clause or (is_verb(words, at) and words[0].is_a("question"))):
            return None
    return None


def _subject(text: str, words: list[Word], at: int) -> Phrase | None:
    """The noun phrase or the pronoun behind an auxiliary; of one that begins with a bare name, the name alone.

    What stands behind the name may be a verb that is not known.
    """
    if at == len(words) or is_verb(words, at):
        return None
    phrase = phrase_at(text, words, at)
    if phrase is None:
        return Phrase(words[at].text, at, at + 1) if words[at].is_a("pronoun") else None
    name = next((one for one in names(text) if one.first == at), None)
    if name is None or name.text != name.bare or words[at - 1].low not in _BEFORE_A_VERB:
        return phrase
    return phrase if re.search(r"['’]s$", words[name.after - 1].text) else name


def topic(turn: Earlier) -> Phrase | None:
    """The subject of the earlier question, or else its first noun phrase; all of it where it is a short query."""
    text = one_line(turn.question)
    asked = clause(text)
    if asked and asked.subject and asked.subject.text.lower() not in lexicon.PRONOUNS:
        return asked.subject
    if found := phrases(text):
        return replace(found[0], text=as_inside(found[0].text))
    words = words_of(text)
    is_query = words and not words[0].is_a("question", "auxiliary") and len(words) <= _LONGEST_TOPIC
    return Phrase(text, 0, len(words)) if is_query else None


def person(turn: Earlier) -> str | None:
    """The person that "he" or "she" refers to; None where the turn names none."""
    text, answer = one_line(turn.question), _short_answer(turn)
    asks_who = _ASKS_FOR_A_PERSON.match(text)
    asked, answered = _persons(text), _persons(answer)
    if asks_who and answered:
        return answered[0]
    if _WHO.match(text) and _is_name(answer):
        return answer
    if asks_who and not turn.answer:  # of a quote whose words are not known, the sentence may name just one
        others = set(_persons(turn.sentence)) - {*asked}
        if len(others) == 1:
            return others.pop()
    return next(
        (one for one in asked + answered if not re.search(rf"\b(?:in|at|to|near) {re.escape(one)}", text)), None
    )


def role(turn: Earlier) -> str | None:
    """The person that the question speaks of without a name: a role, or the one who did it."""
    text = one_line(turn.question)
    asked = clause(text)
    if _WHO.match(text) and not asked:
        return f"the one {text[0].lower()}{text[1:]}"
    if asked and asked.subject and re.match(r"(?i)(?:the|his|her|their)\b", asked.subject.text):
        return asked.subject.text
    single = [one.text for one in names(text) if " " not in one.text]
    unplaced = [one for one in single if not _PLACED.search(text[: text.index(one)][-4:])]
    quoted = set(_persons(turn.sentence))
    return unplaced[0] if unplaced else quoted.pop() if len(quoted) == 1 else None


def thing(turn: Earlier) -> str | None:
    """The thing, the body or the event that "it" refers to; None where the turn speaks of none."""
    text, answer = one_line(turn.question), _short_answer(turn)
    if _ASKS_FOR_A_NAME.match(text) and _is_name(answer):
        return as_inside(answer)
    about = topic(turn)
    if about and not about.is_person:
        return about.text
    others = [one.text for one in phrases(text) if not one.is_person]
    if others:
        return as_inside(others[-1])
    return as_inside(answer) if _is_name(answer) and not person(turn) else None


def named(turn: Earlier) -> str | None:
    """Who was asked for, by the words of the answer."""
    answer = _short_answer(turn)
    asks_who = re.match(r"(?i)(?:who|which)\b", one_line(turn.question))
    return as_inside(answer) if asks_who and answer and not answer[0].isdigit() else None


def several(turn: Earlier) -> str | None:
    """Those whom or which "they" refers to: who was asked for, what was counted, or what the question is about."""
    text = one_line(turn.question)
    if by_name := named(turn):
        return by_name
    if _WHO.match(text) and not clause(text):
        return f"those {text[0].lower()}{text[1:]}"
    if counted := _COUNTED.match(text):
        return f"the {counted[1]}"
    about = topic(turn)
    return about.text if about else None


def place(turn: Earlier) -> str | None:
    """What "there" refers to, with its preposition; None where the turn names no place."""
    text, answer = one_line(turn.question), _short_answer(turn)
    if re.match(r"(?i)(?:where|which (?:town|city|port|place|village|country|island))\b", text) and answer:
        return answer if _PLACED.match(answer) else f"in {as_inside(answer)}"
    found = re.findall(r"\b(?:in|at|on|near|off|to|from) (?:the )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*", text)
    if found:
        return re.sub(r"^(?:to|from)\b", "in", found[-1])
    about = [one for one in phrases(text) if one.is_name and not one.is_person]
    return f"at {about[-1].text}" if about else None


def as_inside(words: str) -> str:
    """The words as they stand inside a sentence, their article in lower case."""
    return re.sub(r"^(?:The|An?)(?= )", lambda article: article[0].lower(), words)


def _persons(text: str | None) -> list[str]:
    return [one.text for one in names(one_line(text or "")[:_LONGEST_SENTENCE]) if one.is_person]


def _short_answer(turn: Earlier) -> str:
    """The answer's words without quotation marks; empty where there are none, or too many to stand for a pronoun."""
    words = one_line(turn.answer or "").strip("“”‘’\"',;:")
    return words if len(words.split()) <= _LONGEST_ANSWER else ""


def _is_name(words: str) -> bool:
    """Whether the words are a name, from beginning to end."""
    found = names(words)
    return len(found) == 1 and len(found[0].bare) >= len(re.sub(r"(?i)^the ", "", words)) - 1
