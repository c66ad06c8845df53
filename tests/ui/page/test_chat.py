"""What the page does with a conversation: asks in line with the API, stops, keeps, judges, takes up again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from threading import current_thread
from typing import Any

import pytest

from corpus.library.feedback import feedback
from corpus.library.judged_answers import JudgedConfidence, judged_confidences
from corpus.library.store import Library
from index.filters import Filter
from index.ingest import add, remove
from index.manifest import record, recorded
from rag.api.access.admission import Busy
from rag.api.state import State
from rag.pipeline import Pipeline
from rag.question import LONGEST_QUESTION
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.ui.conftest import CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE, HOSTILE_QUESTION, UNKNOWN_QUESTION
from tests.ui.page.test_cards import seen
from ui.page.cards import conversation_html
from ui.page.chat import Chat, PageQuestion
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn
from ui.page.selection import EVERYTHING, Selection


@pytest.fixture
def chat(pipeline: Pipeline, settings: Settings) -> Chat:
    return Chat(State.of(pipeline, settings))


NOTHING = Conversation()


def done(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def steps(chat: Chat, question: str, conversation: Conversation = NOTHING, **how: Any) -> list[Conversation]:
    async def collected() -> list[Conversation]:
        return [one async for one in chat.ask(conversation, PageQuestion(question, **how))]

    return asyncio.run(collected())


def replied(chat: Chat, question: str, conversation: Conversation = NOTHING, **how: Any) -> Conversation:
    return steps(chat, question, conversation, **how)[-1]


def opened(chat: Chat, conversation: Conversation, address: object, shown: int = 1) -> str:
    html: str = done(chat.open_source(conversation, address, shown))
    return html


def judged_as(chat: Chat, conversation: Conversation, sent: dict[str, Any]) -> Conversation:
    made: Conversation = done(chat.with_judged(conversation, done(chat.judge(conversation, sent))))
    return made


class TestAsking:
    @pytest.mark.parametrize("question", [FERRY_QUESTION, CAFE_QUESTION, HOSTILE_QUESTION])
    def test_the_source_marks_exactly_what_was_quoted(self, chat: Chat, question: str) -> None:
        conversation = replied(chat, question)
        assert conversation.turns[0].reply is not None
        best = conversation.turns[0].reply.answers[0].quotes[0]
        assert seen(opened(chat, conversation, "1.0"), "mark", "current").text == best.text
        assert seen(conversation_html(conversation), "mark").text.startswith(best.text)

    def test_says_how_far_it_is_before_it_answers(self, chat: Chat) -> None:
        first, kept, second, *_, last = steps(chat, FERRY_QUESTION)
        assert first.turns[0].progress == kept.turns[0].progress == "Searching"
        assert second.turns[0].progress.startswith("Reading ")
        assert last.turns[0].progress == ""
        assert last.turns[0].reply is not None

    def test_what_is_not_in_the_library_is_not_answered(self, chat: Chat) -> None:
        conversation = replied(chat, UNKNOWN_QUESTION)
        assert 'class="card abstention"' in conversation_html(conversation)
        (turn,) = done(chat.with_suggestions(conversation)).turns
        assert 0 < len(turn.instead) <= 3

    def test_small_talk_is_told_what_can_be_asked(self, chat: Chat) -> None:
        conversation = done(chat.with_suggestions(replied(chat, "thank you!")))
        assert 0 < len(conversation.turns[0].instead) <= 3
        shown = conversation_html(conversation)
        assert "<h3>That asks nothing of the articles.</h3>" in shown
        assert "Pullquote quotes what they say" in shown
        assert "Nearest passages" not in shown

    def test_an_answer_has_nothing_instead(self, chat: Chat) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        assert done(chat.suggest(conversation)) == ()
        assert done(chat.with_suggestions(conversation)) is conversation

    def test_a_bad_question_is_told_in_one_sentence(self, chat: Chat) -> None:
        conversation = replied(chat, "x" * (LONGEST_QUESTION + 1))
        (turn,) = conversation.turns
        assert turn.problem == "The question has 2,001 characters; ask one of at most 2,000 characters."
        assert 'class="card problem" role="alert"' in conversation_html(conversation)

    def test_an_index_of_another_encoder_is_told_without_where_the_library_lies(self, chat: Chat) -> None:
        library = chat.state.pipeline.library
        with library.writing():
            record(library, replace(recorded(library), encoder="another@1"))  # type: ignore[type-var]
        (turn,) = replied(chat, FERRY_QUESTION).turns
        assert turn.problem.startswith("The library was built with the encoder another@1")

    def test_only_the_articles_selected_are_asked(self, chat: Chat) -> None:
        some = Selection(Filter(article=("cafe", "hostile")), newest_first=True)
        pending, *_, last = steps(chat, FERRY_QUESTION, selection=some)
        assert pending.turns[-1].reply is None
        assert last.turns[-1].only == ("“Croissants 🥐 before dawn” or “" + HOSTILE.title + "”",)
        assert last.turns[-1].newest_first
        assert {one.article_id for one in last.turns[-1].excerpts} <= {"cafe", "hostile"}
        everywhere = replied(chat, FERRY_QUESTION, last, selection=EVERYTHING)
        assert everywhere.turns[-1].excerpts[0].article_id == "ferry"
        assert everywhere.turns[-1].only == ()

    def test_a_selection_that_nothing_passes_is_the_reason(self, chat: Chat) -> None:
        reply = replied(chat, FERRY_QUESTION, selection=Selection(Filter(until="1999"))).turns[-1].reply
        assert reply is not None
        assert reply.reason == "nothing_passes"

    def test_an_article_that_is_gone_is_told(self, chat: Chat) -> None:
        turn = replied(chat, FERRY_QUESTION, selection=Selection(Filter(article=("gone",)))).turns[-1]
        assert turn.problem.startswith("There is no article 'gone' in the library;")
        assert turn.only == ("“gone”",)

    def test_a_question_asked_again_takes_the_place_of_the_first(self, chat: Chat) -> None:
        both = replied(chat, CAFE_QUESTION, replied(chat, "What of it all?"))
        again = replied(chat, FERRY_QUESTION, both, number=1)
        assert [turn.question for turn in again.turns] == [FERRY_QUESTION, CAFE_QUESTION]
        assert again.latest == 1

    def test_a_follow_up_says_what_was_really_asked_unless_told_not_to(self, chat: Chat) -> None:
        first = replied(chat, FERRY_QUESTION)
        followed, plain = replied(chat, "And where?", first), replied(chat, "And where?", first, plainly=True)
        assert followed.turns[1].reply is not None
        assert plain.turns[1].reply is not None
        assert "Osprey" in (followed.turns[1].reply.asked_as or "")
        assert plain.turns[1].reply.asked_as is None

    def test_a_server_with_too_much_to_do_says_so(self, pipeline: Pipeline, settings: Settings) -> None:
        state = State.of(pipeline, settings.model_copy(update={"seconds": 1e-9}))
        (turn,) = replied(Chat(state), FERRY_QUESTION).turns
        assert turn.problem.startswith("More is asked of this server than it can answer in time; try again in ")

    def test_a_broken_library_is_told(self, chat: Chat, pipeline: Pipeline) -> None:
        _break(pipeline.library)
        (turn,) = replied(chat, FERRY_QUESTION).turns
        assert turn.problem.startswith("The library cannot be read at the moment;")

    def test_a_library_that_breaks_after_the_reply_takes_nothing_from_it(
        self, chat: Chat, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = replied(chat, FERRY_QUESTION).turns[0]
        assert whole.languages["ferry"] == "en"
        monkeypatch.setattr(pipeline.library, "headers", _fails)
        (turn,) = replied(chat, FERRY_QUESTION).turns
        assert turn.problem == ""
        assert turn.reply is not None
        assert turn.languages == {}
        assert [quote.text for quote in turn.excerpts] == [quote.text for quote in whole.excerpts]

    def test_what_goes_wrong_after_the_reply_takes_nothing_from_it(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The time of a question may be over when its reply has come and its work has yet to end."""
        steps_of = chat.state.inference.steps

        async def late(work: Any) -> AsyncIterator[Any]:
            async for step in steps_of(work):
                yield step
            raise Busy(1)

        monkeypatch.setattr(chat.state.inference, "steps", late)
        (turn,) = replied(chat, FERRY_QUESTION).turns
        assert turn.reply is not None
        assert turn.problem == ""

    def test_the_event_loop_reads_no_database(
        self, chat: Chat, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        threads: set[str] = set()
        for name in ("header", "headers"):
            read = getattr(pipeline.library, name)

            def recorded(*ids: Any, read: Any = read) -> Any:
                threads.add(current_thread().name)
                return read(*ids)

            monkeypatch.setattr(pipeline.library, name, recorded)
        replied(chat, FERRY_QUESTION, selection=Selection(Filter(article=("ferry",))))
        assert threads
        assert current_thread().name not in threads

    def test_what_is_stopped_can_be_asked_again(self, chat: Chat) -> None:
        pending, *_ = steps(chat, FERRY_QUESTION)
        stopped = chat.stopped(pending)
        assert stopped.turns[0].problem == "Stopped. Ask again whenever you like."
        assert replied(chat, FERRY_QUESTION, stopped, number=1).turns[0].reply is not None

    def test_what_is_stopped_goes_on_under_its_name(self, chat: Chat) -> None:
        async def pressed() -> tuple[Conversation, Conversation]:
            asking = chat.ask(NOTHING, PageQuestion(FERRY_QUESTION))
            await anext(asking)
            pending = await anext(asking)
            return pending, await chat.stop(pending)

        pending, stopped = done(pressed())
        assert stopped.id == pending.id != ""
        assert replied(chat, CAFE_QUESTION, stopped).id == pending.id


def _fails(*_: Any) -> Any:
    raise sqlite3.OperationalError("disk I/O error")


class TestReading:
    def test_an_unknown_address_is_told(self, chat: Chat) -> None:
        assert "no longer part of this conversation" in opened(chat, Conversation(), "1.0")
        assert "no longer part of this conversation" in opened(chat, Conversation(), {"evil": 1})

    def test_quotes_are_walked_through_in_the_order_of_the_page(self, chat: Chat) -> None:
        conversation = replied(chat, CAFE_QUESTION, replied(chat, FERRY_QUESTION))
        total = len(list(conversation.quotes()))
        assert f"Quote 1 of {total}" in seen(opened(chat, conversation, "1.0"), "section", "source-pane").text
        assert total >= 2

    def test_an_article_that_changed_is_marked_where_the_words_stand_now(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        best = conversation.turns[0].excerpts[0]
        newer = replace(FERRY, text=f"An editor's note: 🥐 corrected.\n\n{FERRY.text}", sha256="0" * 64)
        list(add(pipeline.library, HashEncoder(), [newer]))
        html = opened(chat, conversation, "1.0")
        assert seen(html, "mark", "current").text == best.text
        assert "has changed since it was quoted; these words were found again" in html

    def test_words_that_no_longer_stand_there_are_not_marked(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        other = replace(FERRY, text="Something else altogether is printed here now.", sha256="0" * 64)
        list(add(pipeline.library, HashEncoder(), [other]))
        html = opened(chat, conversation, "1.0")
        assert "nothing tells where these words stand now" in html
        assert "<mark" not in html

    def test_a_removed_article_is_told(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        remove(pipeline.library, ["ferry"])
        assert "has been taken out of the library" in opened(chat, conversation, "1.0")

    def test_better_words_are_kept_with_the_question_really_asked(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        start = FERRY.text.index("Mara Lindqvist")
        sent = {"address": "1.0", "start": start, "end": start + 4, "text": "Mara"}
        html = done(chat.keep_better(conversation, sent, 2))
        assert "Kept: these words answer better." in html
        (kept,) = feedback(pipeline.library)
        assert (kept.judgement.question, kept.judgement.verdict, kept.judgement.text) == (
            FERRY_QUESTION, "better", "Mara",
        )  # fmt: skip

    @pytest.mark.parametrize(
        "wrong", [{"end": "2"}, {"end": 10**9}, {"text": "Other"}, {"start": -1}, {"start": 5, "end": 5}]
    )
    def test_words_that_do_not_stand_there_are_not_kept(
        self, chat: Chat, pipeline: Pipeline, wrong: dict[str, object]
    ) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        sent = {"address": "1.0", "start": 0, "end": 2, "text": "On", **wrong}
        html = done(chat.keep_better(conversation, sent, 2))
        assert "Kept" not in html
        assert feedback(pipeline.library) == []


class TestJudging:
    def test_a_quote_is_judged_and_kept(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        judged = judged_as(chat, conversation, {"turn": 1, "place": 0, "verdict": "right"})
        assert judged.turns[0].judged == {0: "right"}
        (kept,) = feedback(pipeline.library)
        assert (kept.judgement.verdict, kept.judgement.text) == ("right", conversation.turns[0].excerpts[0].text)

    def test_the_confidence_of_the_answer_is_kept_with_its_models(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        judged_as(chat, conversation, {"turn": 1, "place": 0, "verdict": "wrong"})
        reply = conversation.turns[0].reply
        assert reply is not None
        confidence = reply.answers[0].confidence
        kept = judged_confidences(pipeline.library, reply.library.encoder, reply.library.reader)
        assert kept == [JudgedConfidence(FERRY_QUESTION, confidence, is_right=False)]

    def test_what_was_judged_counts_when_it_is_asked_again(self, chat: Chat) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        first = conversation.turns[0].excerpts[0].text
        judged_as(chat, conversation, {"turn": 1, "place": 0, "verdict": "wrong"})
        again = replied(chat, FERRY_QUESTION, conversation)
        reply = again.turns[1].reply
        assert reply is not None
        assert first not in [answer.text for answer in reply.answers[:1]]
        start = FERRY.text.index("Mara Lindqvist")
        better = {"address": "1.0", "start": start, "end": start + 14, "text": "Mara Lindqvist"}
        done(chat.keep_better(conversation, better, 2))
        html = conversation_html(replied(chat, FERRY_QUESTION))
        assert seen(html, "span", "given").text == "Given by a person"
        assert seen(html, "mark").text.startswith("Mara Lindqvist")

    def test_hostile_words_that_were_given_are_shown_as_they_stand(self, chat: Chat) -> None:
        words = "<img src=x onerror=window.hacked=1>"
        conversation = replied(chat, HOSTILE_QUESTION)
        start = HOSTILE.text.index(words)
        sent = {"address": "1.0", "start": start, "end": start + len(words), "text": words}
        done(chat.keep_better(conversation, sent, 2))
        html = conversation_html(replied(chat, HOSTILE_QUESTION))
        assert seen(html, "mark").text.startswith(words)
        assert "img" not in seen(html).tags

    def test_that_the_library_does_not_say_is_judged(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, UNKNOWN_QUESTION)
        judged = judged_as(chat, conversation, {"turn": 1, "verdict": "nothing"})
        assert judged.turns[0].judged == {NOWHERE: "nothing"}
        assert [kept.judgement.verdict for kept in feedback(pipeline.library)] == ["nothing"]

    def test_what_is_asked_while_a_judgement_waits_is_not_lost(self, chat: Chat) -> None:
        first = replied(chat, FERRY_QUESTION)
        judged = done(chat.judge(first, {"turn": 1, "place": 0, "verdict": "right"}))
        both = done(chat.with_judged(replied(chat, CAFE_QUESTION, first), judged))
        assert [turn.question for turn in both.turns] == [FERRY_QUESTION, CAFE_QUESTION]
        assert both.turns[0].judged == {0: "right"}
        other = replied(chat, CAFE_QUESTION)
        assert done(chat.with_judged(other, judged)) == other

    @pytest.mark.parametrize(
        "sent",
        [{}, {"turn": 9, "place": 0, "verdict": "right"}, {"turn": 1, "place": 99, "verdict": "right"},
         {"turn": 1, "place": 0, "verdict": "evil"}, {"turn": 1, "place": 0, "verdict": ["right"]},
         {"turn": "1", "place": 0, "verdict": "right"}, {"turn": 1, "place": -1, "verdict": "right"}],
    )  # fmt: skip
    def test_what_makes_no_sense_changes_nothing(self, chat: Chat, pipeline: Pipeline, sent: dict[str, object]) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        assert judged_as(chat, conversation, sent) == conversation
        assert feedback(pipeline.library) == []


class TestTakingUp:
    def test_a_conversation_survives_a_restart(self, chat: Chat, pipeline: Pipeline, settings: Settings) -> None:
        conversation = replied(chat, UNKNOWN_QUESTION, replied(chat, FERRY_QUESTION))
        assert conversation.id
        again = Chat(State.of(pipeline, settings))
        assert done(again.current(Conversation(), {"id": conversation.id})) == conversation
        assert done(again.resumed("unknown")) == Conversation()

    def test_the_session_s_own_is_not_read_again(self, chat: Chat) -> None:
        own = Conversation((ConversationTurn(1, "Q?"),), id="mine")
        assert done(chat.current(own, {"id": "mine"})) is own
        assert done(chat.current(own, {"id": ""})) is own
        assert done(chat.current(own, ["evil"])) is own

    def test_says_what_has_become_of_its_quotes(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = replied(chat, CAFE_QUESTION, replied(chat, FERRY_QUESTION))
        newer = replace(FERRY, text=f"Corrected.\n\n{FERRY.text}", sha256="0" * 64)
        list(add(pipeline.library, HashEncoder(), [newer]))
        remove(pipeline.library, ["cafe"])
        first, second = done(chat.resumed(conversation.id)).turns
        assert first.standings[0] == "moved"
        assert second.standings[0] == "gone"

    def test_a_conversation_that_goes_on_in_two_tabs_becomes_two(self, chat: Chat) -> None:
        first = replied(chat, FERRY_QUESTION)
        one, other = replied(chat, CAFE_QUESTION, first), replied(chat, UNKNOWN_QUESTION, first)
        assert one.id == first.id != other.id
        assert [turn.question for turn in done(chat.resumed(one.id)).turns] == [FERRY_QUESTION, CAFE_QUESTION]
        assert [turn.question for turn in done(chat.resumed(other.id)).turns] == [FERRY_QUESTION, UNKNOWN_QUESTION]

    def test_a_disk_that_takes_nothing_stops_nobody(self, chat: Chat, settings: Settings, tmp_path: Path) -> None:
        for name in tmp_path.glob("conversations.sqlite*"):
            name.unlink()
        (tmp_path / "conversations.sqlite").mkdir()
        conversation = replied(chat, FERRY_QUESTION)
        assert conversation.turns[0].reply is not None
        html = conversation_html(conversation)
        assert html.count('<article class="card answer">') >= 1
        assert "This conversation could not be saved, and is lost with this page;" in html

    def test_a_conversation_that_is_saved_again_says_nothing(self, chat: Chat, tmp_path: Path) -> None:
        (tmp_path / "conversations.sqlite").mkdir()
        lost = replied(chat, FERRY_QUESTION)
        assert not lost.is_saved
        (tmp_path / "conversations.sqlite").rmdir()
        saved = replied(chat, CAFE_QUESTION, lost)
        assert saved.is_saved
        assert "could not be saved" not in conversation_html(saved)
        assert done(chat.stop(NOTHING)) == NOTHING

    def test_the_welcome_names_the_browser_s_own_conversations(self, chat: Chat) -> None:
        conversation = replied(chat, FERRY_QUESTION)
        assert FERRY_QUESTION in done(chat.welcome([conversation.id, "unknown", 7]))
        assert FERRY_QUESTION not in done(chat.welcome(["unknown"]))
        assert FERRY_QUESTION not in done(chat.welcome({"evil": 1}))
        done(chat.forget(conversation.id))
        assert FERRY_QUESTION not in done(chat.welcome([conversation.id]))

    def test_an_empty_library_says_how_to_fill_it(self, chat: Chat, pipeline: Pipeline) -> None:
        remove(pipeline.library, ["ferry", "cafe", "hostile"])
        assert "pullquote add" in done(chat.welcome([]))
        assert 'class="example"' not in done(chat.welcome([], examples=True))


def _break(library: Library) -> None:
    library.connection.execute("DROP TABLE state")
