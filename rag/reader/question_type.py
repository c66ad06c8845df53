"""What a question asks for: an explanation (a reason, a manner, what happened), or several things. Pure."""

from __future__ import annotations

import re
from typing import Literal

FewWords = Literal["yes", "unquoted", "no"]  # "unquoted": of a sentence without quotation marks
_MODAL = r"(?:do|does|did|will|would|can|could|should|must|may|might|to)(?:n['’]?t)?\b"
_BE = r"(?:is|are|was|were|has|have|had)(?:n['’]?t)?\b"
_WHAT_IS = r"what(?:['’]s| is| are| was| were)"
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
# "Can you tell me why ..." asks what stands behind it.
_COURTESY = re.compile(
    r"^(?:please |so |and )*"
    r"(?:(?:can|could|would|will) you |do you know |i(?:['’]d| would) like to know |(?:please )?tell (?:me|us) )+"
    rf"(?={_WH}|if |whether )"
)

_CAUSED = r"^what (?:has |had )?(?:caused|causes|led to|leads to|prompted|set off|killed|determine[sd])\b"
_REASON = re.compile(
    rf"\bwhy\b|\bhow come\b|\breasons?\b|{_CAUSED}|^{_WHAT_IS} (?:the )?(?:\w+ )?causes? of\b|\bcauses?$"
)
_MANNER = re.compile(rf"(?:^|, )(?:in what way|how) (?:{_MODAL}|{_BE})")
_HAPPENING = re.compile(rf"^what(?:['’]s)? (?:else )?(?:(?:{_MODAL}|{_BE}) .*)?happen(?:s|ed|ing)?\b")
_ASPECT = (
    r"(?:roles?|functions?|purposes?|meanings?|significance|importance|effects?|impacts?|benefits?|advantages?"
    r"|disadvantages?|consequences|process|principles?|definitions?|history|origins?|relationship|connection|views?|attitude)"
)
_ASPECT_OF = re.compile(
    rf"^{_WHAT_IS} (?:[\w'’-]+ ){{0,3}}{_ASPECT} (?:of|for|in|on|to|behind|between|and)\b"
    rf"|^(?:the )?{_ASPECT} (?:of|behind|between)\b(?!.*\b{_WH})|^(?!.*\b{_WH}).*\b(?:meaning|summary|history)$"
    rf"|^{_WHAT_IS} .*\babout$"
    r"|^what (?:do|does|did|can|could|would|should) .*\bdo(?:$| (?!(?:for|as) (?:a living|work)))"
    r"|^what (?:do|does|did|would) .*\b(?:mean|involve|entail|consist of|refer to)\b|\bwhat is meant\b"
)
_ORIGIN = re.compile(r"^where (?:do|does|did) .*\b(?:come from|originate|get (?:its|their|his|her)\b)")

_YES_NO = (
    r"^(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|should|must|may|might)(?:n['’]?t)?"
    r" (?!you (?:name|identify|find|give|list|show)\b)(?!.*\b(?:what|which)\b)"
)
_CHOICE = re.compile(rf"{_YES_NO}.*\bor\b")
_SETTLED = re.compile(rf"{_YES_NO}(?!.*\bor\b)|^true(?:,)? (?:that|or false)\b|^(?:if|whether)\b(?!.*\b{_WH})")
_DIFFERENCE = re.compile(
    rf"^(?:{_WHAT_IS} (?:the )?(?:(?!age|price|size|time|score|height|weight)\w+ )?)?"
    r"differences? (?:between|among|of|in|from)\b"
)
_DESCRIBED = re.compile(
    r"^(?:please )?(?:(?:can|could|would|will) you )?(?:please )?(?:briefly )?"
    r"(?:(?:describe|explain|discuss|summari[sz]e|outline|compare|differentiate)\b"
    r"|tell (?:me|us) (?:something |more |all )?about\b)"
    r"|^what (?:do (?:you|we) know|is known) about\b"
    r"|^(?:an? |the |\d+ )?(?:(?:summary|overview|explanation|description) of|facts about)\b"
)
_TWO_AT_ONCE = re.compile(
    rf"^{_WH} (?!and\b).*\band (?:(?:when|where|why|how)$|{_WH} (?:{_MODAL}|{_BE})"
    rf"|(?:{_MODAL}|{_BE}) (?:he|she|it|they|there)\b)|^{_WH}.*\b(?:begin|start)s? and (?:end|finish|stop)"
)
_IN_FULL = (_SETTLED, _DIFFERENCE, _DESCRIBED, _TWO_AT_ONCE)

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
_SPEECH = re.compile(  # each begins with the first "what did" or the like; tried from each, a long question took 0.3 s
    rf"\A(?>.*?\b(?:what|how) (?:else )?(?:{_MODAL}|{_BE})).*\b(?:said|told)\b"
    rf"|\A(?>.*?\b(?:what|how) (?:else )?{_MODAL}).*{_NO_DETERMINER}\b(?:{_SAY}\b|{_NAMED_ALIKE}\b{_NOT_COMPOUND})"
    rf"|\A(?>.*?\b(?:what|how) (?:else )?{_BE}).*\bto (?:{_SAY}\b|{_NAMED_ALIKE}\b{_NOT_COMPOUND})"
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
    """Whether a question asks for an explanation rather than for a name, a number or the like.

    That is a reason, a manner, a speech, what happened, what something is for, does or means, where it comes from, and
    whatever few words cannot answer.
    """
    words = _words(question)
    return any(
        one.search(words) for one in (_REASON, _MANNER, _SPEECH, _HAPPENING, _ASPECT_OF, _ORIGIN, _CHOICE, *_IN_FULL)
    )


def few_words(question: str) -> FewWords:
    """Whether few words may answer a question that asks for more.

    They cannot settle what is asked with yes or no, nor tell a difference, describe, or answer two questions at once.
    """
    words = _words(question)
    if any(pattern.search(words) for pattern in _IN_FULL):
        return "no"
    return "unquoted" if _SPEECH.search(words) else "yes"


def asks_for_several(question: str) -> bool:
    """Whether a question asks by its grammar for more than one thing: "Who were", "Which countries", "two colours"."""
    words = _words(question)
    return bool(_SEVERAL.search(words)) and not _CALLED.search(words)


def asked_count(question: str) -> int | None:
    """How many things a question asks for, 2 to 19; None where it does not say."""
    found = _ASKED_COUNT.search(_words(question))
    return (_COUNTS.get(found["count"]) or int(found["count"])) if found else None


def _words(question: str) -> str:
    """The question in small letters, without courtesies before it and marks behind it."""
    return _COURTESY.sub("", " ".join(question.casefold().split()).rstrip("?!. "))
