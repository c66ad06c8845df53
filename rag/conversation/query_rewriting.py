"""A follow-up question rewritten to stand by itself: "And in Niger?" as the question that is really asked.

Pronouns are replaced by what they refer to in the conversation, and fragments by the earlier question with the fragment
in it. A question that stands by itself is left as it is, and so is one that is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversation import lexicon
from rag.conversation.earlier import Earlier
from rag.conversation.ellipsis import clausal, completed, is_relational, with_topic
from rag.conversation.noun_phrases import names, one_line, words_of
from rag.conversation.pronouns import is_loose, resolved

__all__ = ["Earlier", "as_asked"]

_MOST_WORDS = 40  # of a question that follows; longer ones say what they mean
_MOST_TURNS = 3  # that are looked back at
_LONGEST_QUESTION = 500  # characters of an earlier question that can be carried over
_OPENING = re.compile(r"(?i)^\s*(?:(?:and|but|or|so|ok|okay|also|then)\b[\s,]*)+")
_ABOUT = re.compile(r"(?i)^\s*(?:(?:what|how) about|same for|what of)\s+")
_LONGEST_FRAGMENT = 8  # words
_LONGEST_UNMARKED = 5  # words of a fragment without such an opening
# Words that add nothing of their own to a question: what is asked for stands in the earlier one.
_LIGHT = frozenset(
    """much many long far often old big exactly happen happened happens so said says say come of it that this they them
    those these he she ago else precisely again for about earlier later take place took work works use occur occurred
    year day month time date""".split()
)
_RELATED = re.compile(r"(?i)^(?:who|what|when|where|how (?:much|big|long|high)) (?:is|was|are|were) the (\w+)$")


def as_asked(question: str, earlier: Sequence[Earlier]) -> str:
    """The question that is really asked, after these earlier turns (the latest last); itself where it stands alone."""
    asked = [turn for turn in earlier if len(turn.question) <= _LONGEST_QUESTION and words_of(turn.question)]
    turns = asked[: -_MOST_TURNS - 1 : -1]
    words = words_of(question)
    if not turns or not 0 < len(words) <= _MOST_WORDS:
        return question
    rewritten = _rewritten(question, turns)
    return " ".join(rewritten.split()) if rewritten and one_line(rewritten) != one_line(question) else question


def _rewritten(question: str, turns: Sequence[Earlier]) -> str | None:
    """The question completed; None where it stands by itself."""
    core = _ABOUT.sub("", _OPENING.sub("", question))
    is_marked = core != question.lstrip() and bool(words_of(core))
    core = core if is_marked else question
    if all(word.is_a("pronoun") for word in words_of(core)):
        return None
    if _is_fragment(core, is_marked=is_marked):
        named = resolved(core, turns)
        return completed(named or core, turns[0])
    if _is_bare(core):
        return _completed_bare(core, turns)
    if is_loose(core):
        asks_of_people = any(word.low == "them" for word in words_of(core))
        return resolved(core, turns) or (with_topic(core, turns[0], "{} ({})?") if asks_of_people else None)
    if related := _RELATED.match(one_line(core)):
        return with_topic(core, turns[0], "{} of {}?") if is_relational(related[1].lower()) else None
    return with_topic(core, turns[0], "{} ({})?") if is_marked and _says_little(core) else None


def _is_fragment(text: str, *, is_marked: bool) -> bool:
    """Whether the words are a fragment of a question: marked as one, or short and begun by a preposition."""
    words = words_of(text)
    if any(word.is_a("question", "auxiliary") for word in words):
        return False
    if is_marked:
        return len(words) <= _LONGEST_FRAGMENT
    is_tied = words[0].is_a("preposition") and len(words) > 1 and "?" in text
    return is_tied and len(words) <= _LONGEST_UNMARKED


def _is_bare(text: str) -> bool:
    """Whether the question says nothing of its own, but that it asks: "when was that?", "how many of them?"."""
    words = words_of(text)
    asks = any(word.is_a("question") for word in words[:2])
    light = lexicon.QUESTION_WORDS | lexicon.AUXILIARIES | (lexicon.PREPOSITIONS - lexicon.CONJUNCTIONS) | _LIGHT
    return asks and all(word.low in light for word in words)


def _completed_bare(core: str, turns: Sequence[Earlier]) -> str | None:
    """The bare question completed: "who is he?" is about somebody, "when was that?" about what the earlier one says."""
    lows = {word.low for word in words_of(core)}
    is_of_somebody = lows & {"he", "she"} or (lows & {"it", "they"} and not lows & {"happen", "happened", "occur"})
    asks_for_a_moment = re.match(r"(?i)^(?:when|why|where|how) (?:is|was) (?:it|that|this)$", one_line(core))
    if is_of_somebody and not asks_for_a_moment:
        return resolved(core, turns)
    if "happen" in lows and re.match(r"(?i)(?:who|what|which) ", one_line(turns[0].question)):
        return resolved(core, turns) or clausal(core, turns[0])
    return clausal(core, turns[0])


def _says_little(core: str) -> bool:
    words = words_of(core)
    telling = [one for one in words if not one.is_a("question", "auxiliary", "preposition", "determiner", "pronoun")]
    return words[0].is_a("question") and len(telling) <= 2 and not names(core)
