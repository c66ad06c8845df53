"""What the page does with a conversation: asks, stops, stores, judges and resumes it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
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
from rag.judgements.answer_of_quote import answer_of
from rag.options import AskOptions
from rag.question import LONGEST_QUESTION, CheckedQuestion
from ui.page.cards import problem_html
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn, sent_number
from ui.page.conversation_store import ConversationStore
from ui.page.examples import ExampleQuestions, Suggestions
from ui.page.library.facets import Facets
from ui.page.selection import EVERYTHING, Selection
from ui.page.source import problem_html as source_problem_html
from ui.page.source_controller import SourcePane
from ui.phrases import one_or_many
from ui.templating import render

_UNREADABLE = "The library cannot be read at the moment; try again, and see `pullquote status` if it stays so."
_STOPPED = "Stopped. Ask again whenever you like."
_VERDICTS: Mapping[str, Verdict] = {"right": "right", "wrong": "wrong", "nothing": "nothing"}
_MISTAKES = (PullquoteError, sqlite3.Error)


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question as the page asks it: of the articles selected, in the place of turn `number` where that is not 0.

    With `plainly`, nothing is carried over from earlier questions.
    """

    question: str
    selection: Selection = EVERYTHING
    number: int = 0
    plainly: bool = False


@dataclass(frozen=True, slots=True)
class JudgedPlace:
    """The verdict on a place of one turn of a conversation."""

    conversation: str
    turn: int
    place: int
    verdict: Verdict


class Chat:
    """The conversations of every session with one library; their questions wait in one queue with the API's.

    Whatever reads or writes a database does so in a thread of the server, never in its event loop.
    """

    def __init__(self, state: State) -> None:
        pipeline, settings = state.pipeline, state.settings
        self.state = state
        self.facets = Facets(pipeline.library)
        self._library = pipeline.library
        self._store = ConversationStore(settings.home.expanduser() / "conversations.sqlite")
        options = AskOptions(settings.passages, settings.threshold)
        self._examples = ExampleQuestions(pipeline, options)
        self._suggestions = Suggestions(pipeline, options)
        self._pane = SourcePane(pipeline.library)

    async def ask(self, conversation: Conversation, asked: PageQuestion) -> AsyncIterator[Conversation]:
        """The conversation while a question is asked, then with the reply."""
        number = asked.number if conversation.turn(asked.number) else conversation.next_number
        turn = ConversationTurn(
            number,
            shortened_question(asked.question),
            only=await self._in_words(asked.selection),
            newest_first=asked.selection.newest_first,
            progress="Searching",
        )
        conversation = conversation.asked(turn)
        yield conversation
        conversation = await self.save(conversation)  # so that the question is not lost with the page
        yield conversation
        try:
            async for turn in self._replied(conversation, turn, asked):  # noqa: B020 - each is the turn further on
                conversation = conversation.changed(turn)
                if not turn.reply:
                    yield conversation
        except _MISTAKES as mistake:
            if not turn.reply:  # what goes wrong after the reply takes nothing from it
                conversation = conversation.changed(replace(turn, problem=_sentence(mistake), progress=""))
        yield await self.save(conversation)

    async def _replied(
        self, conversation: Conversation, turn: ConversationTurn, asked: PageQuestion
    ) -> AsyncIterator[ConversationTurn]:
        """The turn with its progress, then with its reply."""
        earlier = () if asked.plainly else conversation.before(turn.number)
        question = CheckedQuestion(asked.question, asked.selection.options(self.state.settings, earlier))
        if self.state.settings.log == "questions":
            logger().info("asked", extra={"asked": [question.text]})
        async for step in self.state.ask_in_steps(question):
            if isinstance(step, Reply):
                yield replace(turn, reply=step, languages=await self._languages(step), progress="")
            else:
                yield replace(turn, progress=_reading(step))

    async def suggest(self, conversation: Conversation) -> tuple[str, ...]:
        """Questions that the library answers, where it did not answer the last; the first time that takes a moment."""
        reply = _without_answer(conversation)
        if reply:
            with suppress(*_MISTAKES):  # a suggestion is not worth an error
                return await self.state.inference.run(lambda: self._suggestions.instead(reply))
        return ()

    async def with_suggestions(self, conversation: Conversation) -> Conversation:
        """The conversation with questions to ask instead of the last, saved; as it is where there are none."""
        turn, questions = conversation.turn(conversation.latest), await self.suggest(conversation)
        if turn is None or not questions:
            return conversation
        return await self.save(conversation.changed(replace(turn, instead=questions)))

    def refused(self, conversation: Conversation, question: str, why: str) -> Conversation:
        return conversation.asked(ConversationTurn(conversation.next_number, shortened_question(question), problem=why))

    async def stop(self, conversation: Conversation) -> Conversation:
        """The conversation with what is still being asked stopped; saved."""
        return await self.save(self.stopped(conversation))

    def stopped(self, conversation: Conversation) -> Conversation:
        """The conversation with what is still being asked stopped."""
        for turn in conversation.turns:
            if turn.progress:
                conversation = conversation.changed(replace(turn, progress="", problem=_STOPPED))
        return conversation

    async def save(self, conversation: Conversation) -> Conversation:
        """The conversation with the id and the revision that it is stored under, or marked as not saved."""
        if not conversation.turns:
            return conversation
        saved = None
        with suppress(Busy):
            saved = await self.state.lookups.run(lambda: self._store.save(conversation))
        return replace(saved or conversation, is_saved=saved is not None)

    async def current(self, conversation: Conversation, stored: object) -> Conversation:
        """The session's conversation; the one that the browser names where a new server knows nothing of it yet."""
        identity = str(stored.get("id") or "") if isinstance(stored, dict) else ""
        return await self.resumed(identity) if identity and identity != conversation.id else conversation

    async def open_source(self, conversation: Conversation, address: object, count: int) -> str:
        """The source pane at the address that a browser sent; `count` is the number of this opening."""
        return await self._source(self.state.lookups, lambda: self._pane.open(conversation, address, count), count)

    async def keep_better(self, conversation: Conversation, sent: Mapping[str, Any], count: int) -> str:
        """The source pane once the better words that a browser sent are kept."""
        return await self._source(self.state.writes, lambda: self._pane.keep_better(conversation, sent, count), count)

    async def _source(self, admission: Admission, work: Callable[[], str], count: int) -> str:
        try:
            return await admission.run(work)
        except _MISTAKES as mistake:
            return source_problem_html(_sentence(mistake), count)

    async def welcome(self, earlier: object, *, examples: bool = False) -> str:
        """The welcome, with the conversations whose ids a browser sent, and with `examples` questions to begin with."""
        ids = [str(one) for one in earlier] if isinstance(earlier, list) else []

        def rendered() -> str:
            questions = self._examples.questions() if examples else ()
            articles, _ = self._library.counts()
            return render(
                "page/welcome.html", articles=articles, questions=questions, earlier=self._store.listing(ids)
            )  # fmt: skip

        try:
            return await self.state.lookups.run(rendered)
        except _MISTAKES as mistake:
            return problem_html(_sentence(mistake))

    async def make_examples(self) -> None:
        """Makes the questions of the welcome, which takes a moment where the library is new."""
        with suppress(*_MISTAKES):
            await self.state.inference.run(self._examples.questions)

    async def forget(self, identity: str) -> None:
        with suppress(Busy):
            await self.state.lookups.run(lambda: self._store.delete(identity))

    async def resumed(self, identity: str) -> Conversation:
        """The conversation stored under an id, with the state of its quotes; an empty one where there is none."""
        try:
            return await self.state.lookups.run(lambda: self._loaded(identity))
        except _MISTAKES:
            return Conversation()

    def _loaded(self, identity: str) -> Conversation:
        loaded = self._store.load(identity) or Conversation()
        with self._library.reading():
            turns = tuple(replace(turn, standings=self._changed_places(turn)) for turn in loaded.turns)
        return self.stopped(replace(loaded, turns=turns))

    def _changed_places(self, turn: ConversationTurn) -> dict[int, AnchorStatus]:
        """The status of each excerpt of the turn that does not stand where it stood, by its place."""
        statuses = {place: self._status(excerpt) for place, excerpt in enumerate(turn.excerpts)}
        return {place: status for place, status in statuses.items() if status != "there"}

    def _status(self, excerpt: Excerpt) -> AnchorStatus:
        try:
            if self._library.header(excerpt.article_id).sha256 == excerpt.sha256:
                return "there"
            return reanchor(excerpt, self._library.article(excerpt.article_id)).status
        except NoSuchArticle:
            return "gone"

    async def judge(self, conversation: Conversation, sent: Mapping[str, Any]) -> JudgedPlace | None:
        """The verdict a browser sent on a quote or an abstention, kept in the library; None where it is not kept."""
        turn, verdict = conversation.turn(sent_number(sent.get("turn"))), str(sent.get("verdict"))
        place = NOWHERE if verdict == "nothing" else sent_number(sent.get("place"))
        if turn is None or verdict not in _VERDICTS:
            return None
        try:
            judgement = _judgement(turn, place, _VERDICTS[verdict])
            answer = answer_of(turn.excerpts[place], turn.reply) if turn.reply and place != NOWHERE else None
            await self.state.writes.run(lambda: keep(self._library, judgement, answer))
        except _MISTAKES:
            return None
        return JudgedPlace(conversation.id, turn.number, place, judgement.verdict)

    async def with_judged(self, conversation: Conversation, judged: JudgedPlace | None) -> Conversation:
        """The conversation as it is now with the verdict, saved."""
        turn = conversation.turn(judged.turn) if judged and judged.conversation == conversation.id else None
        if turn is None or judged is None:
            return conversation
        verdicts = {**turn.judged, judged.place: judged.verdict}
        return await self.save(conversation.changed(replace(turn, judged=verdicts)))

    async def _in_words(self, selection: Selection) -> tuple[str, ...]:
        """The selection in words, with an article's id in place of its title where that cannot be read."""
        with suppress(*_MISTAKES):
            return await self.state.lookups.run(lambda: selection.in_words(self._title))
        return selection.in_words(str)

    def _title(self, article_id: str) -> str:
        try:
            return self._library.header(article_id).title
        except NoSuchArticle:  # the reply will say so
            return article_id

    async def _languages(self, reply: Reply) -> dict[str, str]:
        """The language of each article of a reply, where it is known and can be read."""
        excerpts = (*(quote for answer in reply.answers for quote in answer.quotes), *reply.related)
        ids = {excerpt.article_id for excerpt in excerpts}
        with suppress(*_MISTAKES):
            headers = await self.state.lookups.run(lambda: self._library.headers(ids))
            return {header.id: header.language for header in headers if header.language}
        return {}


def _judgement(turn: ConversationTurn, place: int, verdict: Verdict) -> Judgement:
    """The judgement of a turn's excerpt at a place, or of its abstention; BadJudgement where there is none."""
    if place == NOWHERE:
        return Judgement(turn.asked, verdict)
    if not 0 <= place < len(turn.excerpts):
        raise BadJudgement("There is no such quote in this conversation.")
    excerpt = turn.excerpts[place]
    return Judgement(turn.asked, verdict, excerpt.article_id, excerpt.start, excerpt.end, excerpt.text)


def _without_answer(conversation: Conversation) -> Reply | None:
    """The reply to the last question, where the library may answer others in its place: not if it is empty."""
    turn = conversation.turn(conversation.latest)
    reply = turn.reply if turn else None
    return reply if reply and reply.reason in {"nothing_near", "weak_evidence", "small_talk", "judged_wrong"} else None


def shortened_question(question: str) -> str:
    """So much of a question as can be asked, and a little more that shows that it is too long."""
    return question if len(question) <= LONGEST_QUESTION else f"{question[:LONGEST_QUESTION]} …"


def _sentence(mistake: Exception) -> str:
    return (isinstance(mistake, PullquoteError) and mistake.public) or _UNREADABLE


def _reading(found: tuple[Related, ...]) -> str:
    articles = len({passage.article_id for passage in found})
    return f"Reading {one_or_many(len(found), 'passage')} from {one_or_many(articles, 'article')}"
