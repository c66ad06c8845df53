"""The turns of one conversation, and the addresses by which the page names its quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from corpus.library.feedback import Verdict
from rag.answer import Answer, Excerpt, Quote, Reply
from rag.citation.reanchor import AnchorStatus
from rag.conversation.query_rewriting import Earlier

MOST_TURNS = 40  # an older question makes room for a new one


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """A question with its reply, or with the `problem` that there is instead; with neither while it is being asked."""

    number: int
    question: str
    reply: Reply | None = None
    problem: str = ""
    only: tuple[str, ...] = ()  # the articles asked, in words, field by field; () for all
    newest_first: bool = False
    languages: Mapping[str, str] = field(default_factory=dict)  # article id -> ISO 639-1 code, where known
    progress: str = ""  # while it is being asked
    judged: Mapping[int, Verdict] = field(default_factory=dict)  # place of an excerpt, `NOWHERE` for an abstention
    instead: tuple[str, ...] = ()  # after an abstention: questions that the library answers
    standings: Mapping[int, AnchorStatus] = field(default_factory=dict)  # place of an excerpt that has changed

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """The quotes of the reply, answer after answer, then the passages that are not an answer."""
        if self.reply is None:
            return ()
        quotes: list[Excerpt] = [quote for answer in self.answers for quote in answer.quotes]
        return (*quotes, *self.reply.related)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of the reply, then the disputed ones, which are not believed."""
        return (*self.reply.answers, *self.reply.disputed) if self.reply else ()

    @property
    def asked(self) -> str:
        """The question as it was asked of the library, rewritten where it follows up earlier ones."""
        return self.reply.asked_as or self.question if self.reply else self.question


NOWHERE = -1  # the place of what the library does not say


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns, oldest first; `latest` is the number of the one that was asked last.

    `id` and `revision` tell which of the stored conversations it is, "" and 0 for one that was never stored. It
    `is_saved` unless the disk did not take its last change. `owner` is the digest of the client that began it.
    """

    turns: tuple[ConversationTurn, ...] = ()
    latest: int = 0
    id: str = ""
    revision: int = 0
    is_saved: bool = True
    owner: str = ""

    def turn(self, number: int) -> ConversationTurn | None:
        return next((turn for turn in self.turns if turn.number == number), None)

    def asked(self, turn: ConversationTurn) -> Conversation:
        """The conversation with this turn in place of the one of its number, or as the last; the oldest make room."""
        if self.turn(turn.number) is None:
            return replace(self, turns=(*self.turns, turn)[-MOST_TURNS:], latest=turn.number)
        return replace(self.changed(turn), latest=turn.number)

    def changed(self, turn: ConversationTurn) -> Conversation:
        """The conversation with this turn in place of the one of its number, if there still is one."""
        return replace(self, turns=tuple(turn if one.number == turn.number else one for one in self.turns))

    @property
    def next_number(self) -> int:
        return max((turn.number for turn in self.turns), default=0) + 1

    def before(self, number: int) -> tuple[Earlier, ...]:
        """The turns before this number, as the rewriting of follow-up questions takes them."""
        return tuple(_earlier(turn) for turn in self.turns if turn.number < number and turn.reply)

    def find(self, address: ExcerptAddress) -> Excerpt | None:
        turn = self.turn(address.turn)
        if turn is None or not 0 <= address.place < len(turn.excerpts):
            return None
        return turn.excerpts[address.place]

    def quotes(self) -> Iterator[tuple[ExcerptAddress, Quote]]:
        """Each quote with its address, in the order of the page."""
        for turn in self.turns:
            for place, excerpt in enumerate(turn.excerpts):
                if isinstance(excerpt, Quote):
                    yield ExcerptAddress(turn.number, place), excerpt


@dataclass(frozen=True, slots=True)
class ExcerptAddress:
    """The place of an excerpt in a turn; as text, as the page's buttons carry it, `turn.place`."""

    turn: int
    place: int

    def __str__(self) -> str:
        return f"{self.turn}.{self.place}"

    @classmethod
    def parsed(cls, text: object) -> ExcerptAddress | None:
        """The address a browser sent; None where it is none."""
        turn, _, place = str(text)[:20].partition(".")
        if not (turn.isascii() and turn.isdecimal() and place.isascii() and place.isdecimal()):
            return None
        return cls(int(turn), int(place))


def sent_number(value: object) -> int:
    """The number of a turn that a browser sent; 0, which no turn has, for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _earlier(turn: ConversationTurn) -> Earlier:
    first = turn.reply.answers[0] if turn.reply and turn.reply.answers else None
    return Earlier(turn.asked, first.text, first.quotes[0].context.text) if first else Earlier(turn.asked)
