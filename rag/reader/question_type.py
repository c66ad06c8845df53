"""Answers longer than a name or a number, where the question asks for more: why, how, and what somebody said. Pure."""

from __future__ import annotations

import re

_MODAL = r"(?:do|does|did|will|would|can|could|should|must|may|might|to)(?:n['’]?t)?\b"
_BE = r"(?:is|are|was|were|has|have|had)(?:n['’]?t)?\b"
_CAUSED = r"^what (?:has |had )?(?:caused|causes|led to|leads to|prompted|set off|killed)\b"
_REASON = re.compile(rf"\bwhy\b|\bhow come\b|\breasons?\b|{_CAUSED}")
_MANNER = re.compile(rf"(?:^|, )(?:in what way|how) (?:{_MODAL}|{_BE})")
_SAY = "(?:say|tell|think|argue|advise|warn|respond|react|explain|describe|criticise|criticize)"
_NAMED_ALIKE = "(?:claim|promise|reply|comment|object)"  # verbs of speech that are nouns as well
_SAYING = "(?:objection|argument|advice|criticism|reply|response|reaction|explanation|comment|claim|promise)"
_SAYINGS = "(?:objections|arguments|criticisms|replies|comments)"
# In "the reply rate" and "the comment section" a word of speech is part of a noun. It is a verb where no determiner
# stands before it, and a noun by itself where the question ends behind it or goes on with one of these words.
_NO_DETERMINER = "".join(rf"(?<!\b{word} )" for word in "the a an this my your his her its our their".split())
_ALONE = (
    r"(?=[^\w\s'’-]|$| (?:to|towards?|of|from|by|on|about|against|regarding|for|in|at|with|after|before|when|where|that"
    r"|who|which|and|or|as|given|made|sent|he|she|they|it|we|you|i|the|his|her|their|its|did|does|is|are|was|were"
    r"|\w+ed)\b)"
)
_NOT_COMPOUND = (
    r"(?! (?:rate|time|section|form|period|box|button|line|page|date|team|sheet|field|thread|count|column|board)s?\b)"
)
_SPEECH = re.compile(
    rf"\b(?:what|how) (?:else )?(?:{_MODAL}|{_BE}).*\b(?:said|told)\b"
    rf"|\b(?:what|how) (?:else )?{_MODAL}.*{_NO_DETERMINER}\b(?:{_SAY}\b|{_NAMED_ALIKE}\b{_NOT_COMPOUND})"
    rf"|\b(?:what|how) (?:else )?{_BE}.*\bto (?:{_SAY}\b|{_NAMED_ALIKE}\b{_NOT_COMPOUND})"
    rf"|^what (?:is|was|were|are) .*\b(?:{_SAYING}\b{_ALONE}|{_SAYINGS}\b{_NOT_COMPOUND})"
)


def asks_for_more(question: str) -> bool:
    """Whether a question asks for a reason, a manner or a speech rather than for a name, a number or the like."""
    words = _words(question)
    return any(pattern.search(words) for pattern in (_REASON, _MANNER, _SPEECH))


def asks_for_speech(question: str) -> bool:
    """Whether a question asks what somebody said."""
    return bool(_SPEECH.search(_words(question)))


def _words(question: str) -> str:
    return " ".join(question.casefold().split())
