"""What the page does with a conversation: asks, stops, keeps, judges, and takes it up again."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from corpus.errors import PullquoteError
from corpus.library.feedback import BadJudgement, Judgement, Verdict, keep
from corpus.library.store import NoSuchArticle
from rag.answer import Excerpt, Related, Reply
from rag.api.access.admission import Admission, Busy
from rag.api.log import logger
from rag.api.state import State
from rag.citation.reanchor import AnchorStatus, reanchor
from rag.options import AskOptions
from rag.question import LONGEST_QUESTION, CheckedQuestion
from ui.page.cards import problem_html
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn, sent_number
from ui.page.conversation_store import Conversations
from ui.page.examples import ExampleQuestions
from ui.page.library.facets import Facets
from ui.page.selection import EVERYTHING, Selection
from ui.page.source import problem_html as source_problem_html
from ui.page.source_controller import SourcePane
from ui.page.suggestions import Suggestions
from ui.page.welcome import welcome_html

_UNREADABLE = "The library cannot be read at the moment; try again, and see `pullquote status` if it stays so."
_STOPPED = "Stopped. Ask again whenever you like."
_VERDICTS: Mapping[str, Verdict] = {"right": "right", "wrong": "wrong", "nothing": "nothing"}
_MISTAKES = (PullquoteError, sqlite3.Error)


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question as the page asks it: of the articles selected, in the place of turn `number` where that is not 0.

    With `plainly`, nothing is carried over from the questions before.
    """

    question: str
    selection: Selection = EVERYTHING
    number: int = 0
    plainly: bool = False


@dataclass(frozen=True, slots=True)
class JudgedPlace:
    """What was judged of a place of one turn of a conversation."""

    conversation: str
    turn: int
    place: int
    verdict: Verdict


class Chat:
    """The conversations of every session with one library; asks in one line with the API."""

    def __init__(self, state: State) -> None:
        pipeline, settings = state.pipeline, state.settings
        self.state = state
        self.facets = Facets(pipeline.library)
        self._library = pipeline.library
        self._kept = Conversations(settings.home.expanduser() / "conversations.sqlite")
        options = AskOptions(settings.passages, settings.threshold)
        self._examples = ExampleQuestions(pipeline, options)
        self._suggestions = Suggestions(pipeline, options)
        self._pane = SourcePane(pipeline.library)

    async def ask(self, conversation: Conversation, asked: PageQuestion) -> AsyncIterator[Conversation]:
        """The conversation while a question is asked, then with the reply."""
        selection = asked.selection
        number = asked.number if conversation.turn(asked.number) else conversation.next_number
        only = selection.in_words(self._title)
        turn = ConversationTurn(
            number,
            shortened_question(asked.question),
            only=only,
            newest_first=selection.newest_first,
            progress="Searching",
        )
        conversation = conversation.asked(turn)
        yield conversation
        conversation = await self.keep(conversation)  # so that what is asked is not lost with the page
        yield conversation
        try:
            async for turn in self._replied(conversation, turn, asked):  # noqa: B020 - each is the turn further on
                conversation = conversation.changed(turn)
                if turn.progress or not turn.reply:
                    yield conversation
        except _MISTAKES as mistake:
            conversation = conversation.changed(replace(turn, problem=_said(mistake), progress=""))
        conversation = await self.keep(conversation)
        yield conversation

    async def _replied(
        self, conversation: Conversation, turn: ConversationTurn, asked: PageQuestion
    ) -> AsyncIterator[ConversationTurn]:
        """The turn with how far it is, then with its reply."""
        earlier = () if asked.plainly else conversation.before(turn.number)
        settings = self.state.settings
        question = CheckedQuestion(asked.question, asked.selection.options(settings, earlier))
        if settings.log == "questions":
            logger().info("asked", extra={"asked": [question.text]})
        async for step in self.state.inference.steps(lambda: self.state.pipeline.ask_in_steps(question)):
            if isinstance(step, Reply):
                self.state.metrics.replied(step)
                languages = self._languages(step)
                yield replace(turn, reply=step, languages=languages, progress="")
            else:
                yield replace(turn, progress=_reading(step))

    async def instead(self, conversation: Conversation) -> tuple[str, ...]:
        """What could be asked instead, where the library did not say; the first time that takes a moment."""
        reply = _without_answer(conversation)
        if reply:
            with suppress(*_MISTAKES):  # what could be asked instead is not worth an error
                return await self.state.inference.run(lambda: self._suggestions.instead(reply))
        return ()

    async def with_instead(self, conversation: Conversation) -> Conversation:
        """The conversation with what could be asked instead; kept."""
        turn, found = conversation.turn(conversation.latest), await self.instead(conversation)
        return await self.keep(conversation.changed(replace(turn, instead=found))) if turn and found else conversation

    def refused(self, conversation: Conversation, question: str, why: str) -> Conversation:
        """The conversation with a question that cannot be asked, and why."""
        return conversation.asked(ConversationTurn(conversation.next_number, shortened_question(question), problem=why))

    async def stop(self, conversation: Conversation) -> Conversation:
        """The conversation with what is still being asked stopped; kept."""
        return await self.keep(self.stopped(conversation))

    def stopped(self, conversation: Conversation) -> Conversation:
        """The conversation with what is still being asked stopped."""
        for turn in conversation.turns:
            if turn.progress:
                conversation = conversation.changed(replace(turn, progress="", problem=_STOPPED))
        return conversation

    async def keep(self, conversation: Conversation) -> Conversation:
        """The conversation as it is kept; as it was where the disk does not take it."""
        one = conversation
        try:
            saved = await self.state.lookups.run(lambda: self._kept.save(one.id, one.turns, one.revision))
        except Busy:
            return one
        return replace(one, id=saved.id, revision=saved.revision) if saved else one

    async def current(self, conversation: Conversation, kept: object) -> Conversation:
        """The session's conversation; the one that the browser names where a new server knows nothing of it yet."""
        named = str(kept.get("id") or "") if isinstance(kept, dict) else ""
        return await self.taken_up(named) if named and named != conversation.id else conversation

    async def opened(self, conversation: Conversation, sent: object, shown: int) -> str:
        """What the source pane shows of an address that a browser sent."""
        return await self._source(self.state.lookups, lambda: self._pane.opened(conversation, sent, shown), shown)

    async def better(self, conversation: Conversation, sent: Mapping[str, Any], shown: int) -> str:
        """What the source pane shows once better words are kept."""
        return await self._source(self.state.writes, lambda: self._pane.better(conversation, sent, shown), shown)

    async def _source(self, turns: Admission, work: Callable[[], str], shown: int) -> str:
        try:
            return await turns.run(work)
        except _MISTAKES as mistake:
            return source_problem_html(_said(mistake), shown)

    async def welcome(self, earlier: object, *, examples: bool = False) -> str:
        """What the page is for; the browser's earlier conversations by their ids, questions to begin with."""
        ids = [str(one) for one in earlier] if isinstance(earlier, list) else []

        def made() -> str:
            questions = self._examples.questions() if examples else ()
            return welcome_html(self._library, questions, self._kept.listing(ids))

        try:
            return await self.state.lookups.run(made)
        except _MISTAKES as mistake:
            return problem_html(_said(mistake))

    async def make_examples(self) -> None:
        """Makes the questions of the welcome, which takes a moment where the library is new."""
        with suppress(*_MISTAKES):
            await self.state.inference.run(self._examples.questions)

    async def forget(self, identity: str) -> None:
        """Deletes a kept conversation."""
        with suppress(Busy):
            await self.state.lookups.run(lambda: self._kept.delete(identity))

    async def taken_up(self, identity: str) -> Conversation:
        """The conversation kept under an id, with what has become of its quotes; an empty one where there is none."""
        try:
            return await self.state.lookups.run(lambda: self._loaded(identity))
        except _MISTAKES:
            return Conversation()

    def _loaded(self, identity: str) -> Conversation:
        loaded = self._kept.load(identity)
        if loaded is None:
            return Conversation()
        turns = loaded.turns
        conversation = Conversation(turns, max((turn.number for turn in turns), default=0), identity, loaded.revision)
        with self._library.reading():
            turns = tuple(replace(turn, standings=dict(self._standings(turn))) for turn in turns)
        return self.stopped(replace(conversation, turns=turns))

    def _standings(self, turn: ConversationTurn) -> Iterator[tuple[int, AnchorStatus]]:
        """What has become of a turn's excerpts, those left out that stand where they stood."""
        for place, excerpt in enumerate(turn.excerpts):
            standing = self._standing(excerpt)
            if standing != "there":
                yield place, standing

    def _standing(self, excerpt: Excerpt) -> AnchorStatus:
        try:
            if self._library.header(excerpt.article_id).sha256 == excerpt.sha256:
                return "there"
            return reanchor(excerpt, self._library.article(excerpt.article_id)).status
        except NoSuchArticle:
            return "gone"

    async def judge(self, conversation: Conversation, sent: Mapping[str, Any]) -> JudgedPlace | None:
        """What a browser said of a quote, or of an abstention, once it is kept in the library; None where it is not."""
        turn, verdict = conversation.turn(sent_number(sent.get("turn"))), str(sent.get("verdict"))
        place = NOWHERE if verdict == "nothing" else sent_number(sent.get("place"))
        if turn is None or verdict not in _VERDICTS:
            return None
        try:
            judgement = _judgement(turn, place, _VERDICTS[verdict])
            await self.state.writes.run(lambda: keep(self._library, judgement))
        except _MISTAKES:
            return None
        return JudgedPlace(conversation.id, turn.number, place, judgement.verdict)

    async def with_judged(self, conversation: Conversation, judged: JudgedPlace | None) -> Conversation:
        """The conversation as it is now with what was judged; kept."""
        turn = conversation.turn(judged.turn) if judged and judged.conversation == conversation.id else None
        if turn is None or judged is None:
            return conversation
        verdicts = {**turn.judged, judged.place: judged.verdict}
        return await self.keep(conversation.changed(replace(turn, judged=verdicts)))

    def _title(self, article_id: str) -> str:
        """An article's title, or its id where it cannot be read: the reply will say so."""
        try:
            return self._library.header(article_id).title
        except (NoSuchArticle, sqlite3.Error):
            return article_id

    def _languages(self, reply: Reply) -> dict[str, str]:
        """The language of each article of a reply, where it is known."""
        quotes = (quote for answer in reply.answers for quote in answer.quotes)
        named = {excerpt.article_id for excerpt in (*quotes, *reply.related)}
        return {header.id: header.language for header in self._library.headers(named) if header.language}


def _judgement(turn: ConversationTurn, place: int, verdict: Verdict) -> Judgement:
    """What is kept of a turn's excerpt at a place, or of its abstention; BadJudgement where there is none."""
    if place == NOWHERE:
        return Judgement(turn.asked, verdict)
    if not 0 <= place < len(turn.excerpts):
        raise BadJudgement("There is no such quote in this conversation.")
    excerpt = turn.excerpts[place]
    return Judgement(turn.asked, verdict, excerpt.article_id, excerpt.start, excerpt.end, excerpt.text)


def _without_answer(conversation: Conversation) -> Reply | None:
    """The reply to what was asked last, if the library does not say and has something to say."""
    turn = conversation.turn(conversation.latest)
    reply = turn.reply if turn else None
    return reply if reply and reply.reason in {"nothing_near", "weak_evidence"} else None


def shortened_question(question: str) -> str:
    """So much of a question as can be asked, and a little more that shows that it is too long."""
    return question if len(question) <= LONGEST_QUESTION else f"{question[:LONGEST_QUESTION]} …"


def _said(mistake: Exception) -> str:
    return (isinstance(mistake, PullquoteError) and mistake.public) or _UNREADABLE


def _reading(found: tuple[Related, ...]) -> str:
    articles = len({passage.article_id for passage in found})
    passages = "one passage" if len(found) == 1 else f"{len(found)} passages"
    return f"Reading {passages} from {'one article' if articles == 1 else f'{articles} articles'}"
