"""What a question asks for: a reason, a manner, what somebody said, or several things. Pure."""

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

_COUNTS = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_COUNT = rf"(?P<count>{'|'.join(_COUNTS)}|[2-9]|1[0-9])"
_MODIFIER = r"(?!(?:is|was|does|did|do|has|had|are|were|of|in|to|on|at|by|for|with)\b)[\w'’-]+"
_PLURAL = r"(?:(?!\w*(?:ss|us|is)\b|does\b|was\b|has\b)[a-z]{2,}s|people|men|women|children)"
_PLURAL_VERB = r"(?:are|were|do|did|have|had|can|could|will|would|should|must|may|might|make|\w+ed)"
_SEVERAL = re.compile(
    r"\b(?:who|whom|what|which|where|whose)(?: else| all)? (?:are|were|have)\b"
    rf"|\b(?:what|which|whose|name|list|identify) (?:of )?(?:the |all |some |these )*(?:\w+ ){{0,2}}?{_COUNT}\b"
    rf"|\bwhich {_PLURAL}\b|\b(?:what|which|whose) (?:{_MODIFIER} ){{0,3}}?{_PLURAL} {_PLURAL_VERB}\b"
    r"|^(?:name|list|identify)\b|\bnames of\b"
)
_CALLED = re.compile(r"\b(?:called|known as|named|mean|defined)\b")
_ASKED_COUNT = re.compile(rf"\b{_COUNT} (?!million|billion|thousand|hundred|percent|per cent)[a-z]")


def asks_for_more(question: str) -> bool:
    """Whether a question asks for a reason, a manner or a speech rather than for a name, a number or the like."""
    words = _words(question)
    return any(pattern.search(words) for pattern in (_REASON, _MANNER, _SPEECH))


def asks_for_speech(question: str) -> bool:
    """Whether a question asks what somebody said."""
    return bool(_SPEECH.search(_words(question)))


def asks_for_several(question: str) -> bool:
    """Whether a question asks by its grammar for more than one thing: "Who were", "Which countries", "two colours"."""
    words = _words(question)
    return bool(_SEVERAL.search(words)) and not _CALLED.search(words)


def asked_count(question: str) -> int | None:
    """How many things a question asks for, 2 to 19; None where it does not say."""
    found = _ASKED_COUNT.search(_words(question))
    return (_COUNTS.get(found["count"]) or int(found["count"])) if found else None


def _words(question: str) -> str:
    return " ".join(question.casefold().split())
