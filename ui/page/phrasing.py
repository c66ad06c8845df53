"""Questions generated from single sentences of an article, by few patterns that keep the English right. Pure.

A sentence has to name whom it is about, so that its question can be read without the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.sentences import sentences
from ui.page.english import (
    BASES,
    CAPITAL,
    DATE,
    LEADING_DATE,
    MONEY,
    MONTH,
    NUMBER,
    OFFICES,
    OPENERS,
    PASTS,
    ROLE,
    THINGS,
    UNITS,
    is_small,
)

_MOST_SENTENCES = 80
_LONGEST_QUESTION = 110
_LONGEST_SENTENCE = 400
_LONGEST_REST = 9  # words
_NAME = rf"{CAPITAL}(?: (?:of |of the |de |for |and )?{CAPITAL}){{0,4}}"
_PERSON = rf"{CAPITAL}(?: {CAPITAL}){{1,2}}"
_SUBJECT = rf"(?P<subject>(?:The )?{CAPITAL}(?: (?:of |of the |de |for )?{CAPITAL}){{0,4}})(?:, [^,]{{4,80}},)?"
_WORD = r"[\w’'£$€%-]+"
_REST = rf"(?P<rest>(?: {_WORD}){{0,7}}?)"
_STOP = r"(?=[.,;]| (?:and|but|after|when|where|while|as|following|because|before)\b)"
_BEHIND = rf"(?:{_STOP}|(?= (?:in|on|at|for|from|to|of|with|by|during|across|over|who|that)\b))"
_TAIL = rf"(?P<rest>(?: (?:in|on|at|for|from|to|during|across|towards) {_WORD}(?: {_WORD}){{0,5}})?)(?=[.,;]| and\b)"
_WHEN = rf"(?P<answer>{DATE}){_STOP}"
_PLACE = rf"(?P<answer>(?:the )?(?!{MONTH}){_NAME})"
_SOMEBODY = rf"(?:^| )(?P<answer>(?P<person>{_PERSON}))"
_MADE = "founded|built|designed|written|directed|created|invented|composed|discovered|developed|published|painted"
_FIRST_NAME = "[A-ZÀ-ÞŠŽ][a-zß-ÿ]+"
_ALIVE = r"^(?!.*\b(?:die[ds]?|dead|death|killed|late)\b)(?:.* )?"
_UNCLEAR = re.compile(  # words that point out of the question
    r"(?i)\b(?:it|he|she|they|them|him|her|his|their|this|that|these|those|there|here|who|which|what|we|our|my|I|you"
    r"|your|also|not|never|later|then|too|both|such|another|other|same|one|reportedly|only|again|still|former"
    r"|had|has|have|was|were|is|are|said|company|firm|team|group|latter|first|next|last|previous|more|less|than|and|or"
    r"|now|nation|country|capital)\b"
)
_UNNAMED = re.compile(r"\b[Tt]he [a-z](?!.* [A-ZÀ-Þ])")  # "the port", of which no name tells which
_MARKED = re.compile("[“”\"„«»]|(?<!\\w)[‘']|\\n|[:()\\[\\]|]")  # speech, and what is hardly a sentence

_PATTERNS = tuple(
    (kind, template, re.compile(sentence))
    for kind, template, sentence in (
        ("when", "When {was} {subject} {participle}{rest}?",
         rf"^{_SUBJECT} (?P<was>was|were) (?P<verb>[a-z]+){_REST} {_WHEN}"),
        ("when", "When {was} {subject} {participle}{rest}?",
         rf"^(?P<answer>{LEADING_DATE}), {_SUBJECT} (?P<was>was|were) (?P<verb>[a-z]+){_REST}[.,]"),
        ("when", "When did {subject} {base}{rest}?", rf"^{_SUBJECT} (?P<verb>[a-z]+){_REST} {_WHEN}"),
        ("when", "When did {subject} {base}{rest}?",
         rf"^(?P<answer>{LEADING_DATE}), {_SUBJECT} (?P<verb>[a-z]+){_REST}[.,]"),
        ("when", "When will {subject} {verb}{rest}?", rf"^{_SUBJECT} will (?P<verb>[a-z]+){_REST} {_WHEN}"),
        ("how many", "How many {things} did {subject} {base}{rest}?",
         rf"^{_SUBJECT} (?P<verb>[a-z]+) (?P<answer>{NUMBER}) (?P<things>{THINGS}){_BEHIND}{_TAIL}"),
        ("how many", "How many {things} will {subject} {verb}{rest}?",
         rf"^{_SUBJECT} will (?P<verb>[a-z]+) (?P<answer>{NUMBER}) (?P<things>{THINGS}){_BEHIND}{_TAIL}"),
        ("how many", "How many times has {subject} {verb}{more}?",
         rf"^{_SUBJECT} has (?P<verb>[a-z]+ed){_REST} (?P<answer>{NUMBER}) times\b"),
        ("how much", "How much did {subject} {base}{more}?",
         rf"^{_SUBJECT} (?P<verb>[a-z]+) (?P<answer>{MONEY}){_TAIL}"),
        ("how much", "How much will {subject} {verb}{more}?",
         rf"^{_SUBJECT} will (?P<verb>[a-z]+) (?P<answer>{MONEY}){_TAIL}"),
        ("how much", "How much did {subject} pay for{more}?",
         rf"^{_SUBJECT} (?:has )?(?:bought|acquired)(?P<rest> the(?: {_WORD}){{1,8}}?) for (?P<answer>{MONEY})(?!\w)"),
        ("how much", "How much will a{rest} cost?",
         rf"^A(?P<rest>(?: [a-z-]+){{2,4}}) will cost (?P<answer>{MONEY})"),
        ("where", "Where {was} {subject} {verb}?",
         rf"^{_SUBJECT} (?P<was>was|were) (?P<verb>born|buried|arrested|educated|detained) (?:in|at|near) {_PLACE}"),
        ("where", "Where is {subject} {verb}?", rf"^{_SUBJECT} is (?P<verb>based|located|headquartered) in {_PLACE}"),
        ("who", "Who {past} {subject}?",
         rf"^{_SUBJECT} was (?P<verb>{_MADE}) by (?P<answer>{_NAME})"),
        ("who", "Who is the {role} of {of}?",
         rf"{_SOMEBODY}, (?:the )?(?P<role>{ROLE}) of (?P<of>(?:the )?{_NAME})(?=,)"),
        ("who", "Who is {of}’s {role}?",
         rf"(?:^| )(?P<of>{_NAME})['’]s (?P<role>{ROLE}), (?P<answer>(?P<person>{_PERSON}))(?=,)"),
        ("who", "Who {verb} {of}?",
         rf"{_SOMEBODY}, who (?P<verb>chairs|runs|leads|heads|manages|owns|founded) (?P<of>(?:the )?{_NAME}){_STOP}"),
        ("how old", "How old is {person}?", rf"{_ALIVE}(?P<person>{CAPITAL} {CAPITAL}), (?P<answer>\d\d),"),
        ("how old", "How old is {person}?", rf"{_ALIVE}(?P<answer>\d\d-year-old) (?P<person>{CAPITAL} {CAPITAL})\b"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GeneratedQuestion:
    """A question, its kind, and where in the article's text the answer stands, None where that is not known."""

    question: str
    kind: str
    answer: Span | None = None


def sentence_questions(article: Article) -> Iterator[GeneratedQuestion]:
    """Questions that single sentences of an article answer, in their order; none of one that is not in English."""
    if article.language not in {None, "en"}:
        return
    for sentence in sentences(article.text)[:_MOST_SENTENCES]:
        words = sentence.cut(article.text)
        if len(words) > _LONGEST_SENTENCE or not words.endswith(".") or _MARKED.search(words):
            continue
        for kind, template, pattern in _PATTERNS:
            found = pattern.search(words)
            question = _question(template, found, article.text) if found else None
            if found and question and len(question) <= _LONGEST_QUESTION:
                yield GeneratedQuestion(question, kind, Span(*found.span("answer")).shift(sentence.start))


def _question(template: str, found: re.Match[str], text: str) -> str | None:
    """The template filled from a sentence; None where the sentence lacks what it needs."""
    if not _is_named(found, text) or found["answer"].split()[-1] in OFFICES:
        return None
    groups = found.groupdict("")
    verb, rest, things = groups.get("verb", ""), _clear(groups.get("rest", "")), groups.get("things", "")
    fields = groups | {
        "subject": _subject(groups.get("subject", ""), text),
        "rest": rest,
        "more": rest or None,
        "base": BASES.get(verb),
        "participle": verb if verb in PASTS or verb.endswith("ed") else None,
        "past": PASTS.get(verb, verb),
        "things": things if _clear(things) and things.split()[-1] not in UNITS else None,
    }
    needed = re.findall(r"{(\w+)}", template)
    return None if any(fields[name] is None for name in needed) else template.format(**fields)


def _is_named(found: re.Match[str], text: str) -> bool:
    """Whether the sentence names somebody or something.

    The words of a name are never small in the text; a single one has its capital inside sentences too.
    """
    parts = found.groupdict()
    for name in filter(None, (parts.get("subject"), parts.get("person"), parts.get("of"))):
        first, *more = name.removeprefix("The ").removeprefix("the ").split()
        if first in OPENERS or is_small(first, text):
            return False
        is_inside = re.search(rf"[a-z,] {re.escape(first)}\b", text)
        is_part = re.search(rf"\b{re.escape(first)} [A-ZÀ-Þ]", text)  # a first name, or the beginning of some name
        if not more and (is_part or not is_inside):
            return False
    return True


def _subject(subject: str, text: str) -> str:
    """The subject as a question has it; a surname with the first name, where the article has it."""
    if subject.startswith("The ") or " " in subject or not subject:
        return re.sub("^The ", "the ", subject)
    found = re.search(rf"(?:{_FIRST_NAME} ){{1,2}}{re.escape(subject)}\b", text)
    first = found[0].split(maxsplit=1)[0] if found else ""
    return found[0] if found and first not in OPENERS and not is_small(first, text) else subject


def _clear(words: str) -> str | None:
    """The words with a space before them, "" for none; None where they point out of the question."""
    words = words.strip()
    if _UNCLEAR.search(words) or _UNNAMED.search(words) or len(words.split()) > _LONGEST_REST:
        return None
    return f" {words}" if words else ""
