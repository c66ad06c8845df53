"""Answers longer than a name or a number, where the question asks for more: why, how, and what somebody said. Pure."""

from __future__ import annotations

import re

_AUXILIARY = r"(?:do|does|did|is|are|was|were|will|would|can|could|has|have|had|should|must|may|might|to)(?:n['’]?t)?\b"
_CAUSED = r"^what (?:has |had )?(?:caused|causes|led to|leads to|prompted|set off|killed)\b"
_REASON = re.compile(rf"\bwhy\b|\bhow come\b|\breasons?\b|{_CAUSED}")
_MANNER = re.compile(rf"(?:^|, )(?:in what way|how) {_AUXILIARY}")
_SAYS = (
    "say said tell told think claim argue advise warn promise respond react reply explain comment object describe"
    " criticise criticize"
)
_SAYINGS = "objections? arguments? advice criticisms? replies reply response reaction explanation comments?"
_SPEECH = re.compile(
    rf"\b(?:what|how) (?:else )?{_AUXILIARY}.*\b(?:{_SAYS.replace(' ', '|')})\b"
    rf"|^what (?:is|was|were|are) .*\b(?:{_SAYINGS.replace(' ', '|')})\b"
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
