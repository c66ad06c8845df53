"""The checks of a question, and the question that is really asked after earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.errors import PullquoteError
from corpus.library.feedback import BadJudgement, Verdict
from rag.conversation.query_rewriting import Earlier, as_asked
from rag.options import AskOptions
from rag.small_talk import is_small_talk, may_follow, without_greeting

LONGEST_QUESTION = 2_000  # characters
_JOINERS = "\u200c\u200d"  # not printable, but Persian words and emoji are spelt with them


class BadQuestion(PullquoteError):
    """The question cannot be asked; ask one of 1 to 2,000 characters."""

    status = 422


@dataclass(frozen=True, slots=True)
class CheckedQuestion:
    """A validated question with its options; BadQuestion where it is empty or too long.

    `rewritten` is the question that is searched for and read: `text` without a greeting, and with what it leaves out
    taken from the earlier turns.
    """

    text: str
    options: AskOptions
    rewritten: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked(self.text))
        object.__setattr__(self, "rewritten", followed(self.text, self.options.earlier))


def checked(question: str) -> str:
    """The question without white space around it; BadQuestion where it is empty or too long."""
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; ask one of at most {LONGEST_QUESTION:,} characters."
        )
    visible = "".join(letter for letter in question if letter.isprintable() or letter.isspace() or letter in _JOINERS)
    if not visible.strip():
        raise BadQuestion("The question is empty; ask one of at least one character.")
    return visible.strip()


def checked_to_judge(question: str, verdict: Verdict) -> str:
    """The checked question of a judgement; BadQuestion; BadJudgement where small talk would be given an answer."""
    question = checked(question)
    if verdict in {"right", "better"} and is_small_talk(question):
        raise BadJudgement("Small talk has no answer in the library; judge the answer to a question.")
    return question


def followed(question: str, earlier: Sequence[Earlier]) -> str:
    """The question without a greeting, rewritten after these turns (`rag.conversation.query_rewriting`).

    It is not rewritten where that is too long, and small talk is only where it may follow a turn; nothing follows small
    talk.
    """
    turns = [
        replace(turn, question=without_greeting(turn.question)) for turn in earlier if not is_small_talk(turn.question)
    ]
    if is_small_talk(question) and not (turns and may_follow(question)):
        return question
    plain = without_greeting(question)
    rewritten = as_asked(plain, turns)
    return rewritten if len(rewritten) <= LONGEST_QUESTION else plain
