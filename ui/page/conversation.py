"""What was asked and replied in one session, and how a click names a quote of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rag.answer import Excerpt, Quote, Reply

MOST_TURNS = 40  # an older question makes room for a new one


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its reply, or with the sentence that says why there is none; neither while it is being asked."""

    number: int
    question: str
    reply: Reply | None = None
    problem: str = ""
    only: tuple[str, ...] = ()  # which articles were asked, in words, field by field; () for all
    newest_first: bool = False
    languages: Mapping[str, str] = field(default_factory=dict)  # article id -> ISO 639-1 code, where known

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """Every quote of the reply, answer after answer, then the passages that are not an answer."""
        return excerpts(self.reply) if self.reply else ()


Conversation = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Which excerpt of which turn, as the page's buttons carry it: `turn.place`."""

    turn: int
    place: int

    def __str__(self) -> str:
        return f"{self.turn}.{self.place}"

    @classmethod
    def parsed(cls, text: object) -> Address | None:
        """The address a browser sent, or None where it is not one."""
        turn, _, place = str(text)[:20].partition(".")
        if not (turn.isdecimal() and place.isdecimal()):
            return None
        return cls(int(turn), int(place))


def excerpts(reply: Reply) -> tuple[Excerpt, ...]:
    """Every quote of a reply, answer after answer, then the passages that are not an answer."""
    quotes: list[Excerpt] = [quote for answer in reply.answers for quote in answer.quotes]
    return (*quotes, *reply.related)


def asked(
    conversation: Conversation, question: str, only: tuple[str, ...] = (), *, newest_first: bool = False
) -> Conversation:
    """The conversation with one more question, not yet replied to."""
    number = conversation[-1].number + 1 if conversation else 1
    return (*conversation, Turn(number, question, only=only, newest_first=newest_first))[-MOST_TURNS:]


def settled(
    conversation: Conversation, reply: Reply | None, problem: str = "", languages: Mapping[str, str] | None = None
) -> Conversation:
    """The conversation with its last question replied to, or with the sentence that says why it is not."""
    last = replace(conversation[-1], reply=reply, problem=problem, languages=languages or {})
    return (*conversation[:-1], last)


def find(conversation: Conversation, address: Address) -> Excerpt | None:
    """The excerpt at an address, or None where the conversation has none there."""
    for turn in conversation:
        if turn.number == address.turn and address.place < len(turn.excerpts):
            return turn.excerpts[address.place]
    return None


def quotes_from(conversation: Conversation, article_id: str) -> Iterator[Quote]:
    """The quotes of a conversation that stand in one article."""
    for turn in conversation:
        for excerpt in turn.excerpts:
            if isinstance(excerpt, Quote) and excerpt.article_id == article_id:
                yield excerpt
