"""What the page does between a question and its HTML: conversations, sources, examples."""

from dataclasses import replace

import pytest

from corpus.store import Library
from index.filters import Filter
from index.ingest import remove
from rag.answer import Answer
from rag.pipeline import LONGEST_QUESTION, Pipeline
from rag.settings import Settings
from tests.ui.conftest import CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE, HOSTILE_QUESTION, UNKNOWN_QUESTION
from tests.ui.page.test_cards import quote, reply, seen
from ui.page.cards import conversation_html
from ui.page.chat import Chat
from ui.page.conversation import MOST_TURNS, Address, Conversation, asked, find, quotes_from, settled
from ui.page.examples import ExampleQuestions, person_question, title_question
from ui.page.selection import EVERYTHING, Selection


class TestConversation:
    @pytest.mark.parametrize("sent", ["", "1", "1.", ".1", "a.b", "-1.0", "1.-1", None, 7, {"a": 1}, "1.2.3", "²." * 9])
    def test_what_is_no_address_is_none(self, sent: object) -> None:
        assert Address.parsed(sent) is None

    def test_an_address_survives_the_browser(self) -> None:
        assert Address.parsed(str(Address(12, 3))) == Address(12, 3)

    def test_keeps_the_latest_turns_and_their_numbers(self) -> None:
        conversation: Conversation = ()
        for number in range(MOST_TURNS + 5):
            conversation = asked(conversation, f"Q{number}")
        assert (conversation[0].number, conversation[-1].number) == (6, MOST_TURNS + 5)
        assert len(conversation) == MOST_TURNS

    def test_finds_nothing_where_nothing_is(self) -> None:
        conversation = settled(asked((), "Q?"), reply(Answer("a", 0.9, (quote(FERRY, "Mara"),))))
        assert find(conversation, Address(1, 0)) is not None
        assert find(conversation, Address(1, 1)) is None
        assert find(conversation, Address(2, 0)) is None
        assert [one.text for one in quotes_from(conversation, "ferry")] == ["Mara"]
        assert list(quotes_from(conversation, "cafe")) == []


class TestChat:
    @pytest.fixture
    def chat(self, pipeline: Pipeline, settings: Settings) -> Chat:
        return Chat(pipeline, settings)

    @pytest.mark.parametrize("question", [FERRY_QUESTION, CAFE_QUESTION, HOSTILE_QUESTION])
    def test_the_source_marks_exactly_what_was_quoted(self, chat: Chat, question: str) -> None:
        conversation = chat.reply(asked((), question))
        assert conversation[0].reply is not None
        best = conversation[0].reply.answers[0].quotes[0]
        assert seen(chat.source(conversation, "1.0", 1), "mark", "current").text == best.text
        assert seen(conversation_html(conversation), "mark").text.startswith(best.text)

    def test_what_is_not_in_the_library_is_not_answered(self, chat: Chat) -> None:
        html = conversation_html(chat.reply(asked((), UNKNOWN_QUESTION)))
        assert 'class="card abstention"' in html

    def test_a_bad_question_is_told_in_one_sentence(self, chat: Chat) -> None:
        (turn,) = chat.reply(asked((), "x" * (LONGEST_QUESTION + 1)))
        assert turn.problem == "The question has 2,001 characters; ask one of at most 2,000 characters."
        assert 'class="card problem" role="alert"' in conversation_html((turn,))

    def test_only_the_articles_selected_are_asked(self, chat: Chat) -> None:
        pending, done = chat.ask((), FERRY_QUESTION, Selection(Filter(article=("cafe", "hostile")), newest_first=True))
        assert pending[-1].reply is None
        assert done[-1].only == ("“Croissants 🥐 before dawn” or “" + HOSTILE.title + "”",)
        assert done[-1].newest_first
        assert {one.article_id for one in done[-1].excerpts} <= {"cafe", "hostile"}
        (_, everywhere) = chat.ask(done, FERRY_QUESTION, EVERYTHING)
        assert everywhere[-1].excerpts[0].article_id == "ferry"
        assert everywhere[-1].only == ()

    def test_a_selection_that_nothing_passes_is_the_reason(self, chat: Chat) -> None:
        *_, done = chat.ask((), FERRY_QUESTION, Selection(Filter(until="1999")))
        assert done[-1].reply is not None
        assert done[-1].reply.reason == "nothing_passes"

    def test_an_article_that_is_gone_is_told(self, chat: Chat) -> None:
        *_, done = chat.ask((), FERRY_QUESTION, Selection(Filter(article=("gone",))))
        assert done[-1].problem.startswith("There is no article 'gone' in the library;")
        assert done[-1].only == ("“gone”",)

    def test_an_unknown_address_is_told(self, chat: Chat) -> None:
        assert "no longer part of this conversation" in chat.source((), "1.0", 1)
        assert "no longer part of this conversation" in chat.source((), {"evil": 1}, 1)

    def test_a_changed_article_is_not_marked(self, chat: Chat) -> None:
        conversation = chat.reply(asked((), FERRY_QUESTION))
        turn = conversation[0]
        assert turn.reply is not None
        answer = turn.reply.answers[0]
        moved = replace(answer.quotes[0], start=answer.quotes[0].start + 1, end=answer.quotes[0].end + 1)
        conversation = settled(conversation, replace(turn.reply, answers=(replace(answer, quotes=(moved,)),)))
        html = chat.source(conversation, "1.0", 1)
        assert "has changed since it was quoted" in html
        assert "<mark" not in html

    def test_a_removed_article_is_told(self, chat: Chat, pipeline: Pipeline) -> None:
        conversation = chat.reply(asked((), FERRY_QUESTION))
        remove(pipeline.library, ["ferry"])
        assert "There is no article &#x27;ferry&#x27; in the library" in chat.source(conversation, "1.0", 1)

    def test_an_empty_library_says_how_to_fill_it(self, chat: Chat, pipeline: Pipeline) -> None:
        remove(pipeline.library, ["ferry", "cafe", "hostile"])
        assert "pullquote add" in chat.welcome()

    def test_a_broken_library_is_told(self, chat: Chat, pipeline: Pipeline) -> None:
        _break(pipeline.library)
        (turn,) = chat.reply(asked((), FERRY_QUESTION))
        assert turn.problem.startswith("The library cannot be read at the moment;")


def _break(library: Library) -> None:
    library.connection.execute("DROP TABLE state")


class TestExamples:
    def test_every_example_is_answered_from_its_article(self, pipeline: Pipeline) -> None:
        examples = ExampleQuestions(pipeline, 10, None).questions()
        assert examples == ExampleQuestions(pipeline, 10, None).questions()
        assert 0 < len(examples) <= 4
        assert all(pipeline.ask(question, 10).answers for question in examples)

    def test_are_made_anew_when_the_library_changes(self, pipeline: Pipeline) -> None:
        examples = ExampleQuestions(pipeline, 10, None)
        assert examples.questions()
        remove(pipeline.library, ["ferry", "cafe", "hostile"])
        assert examples.questions() == ()

    def test_persons_are_found_by_title_age_or_clause(self) -> None:
        text = "In the Old Town, Ingrid Sørbø, 61, spoke."
        assert person_question(replace(FERRY, text=text)) == "Who is Ingrid Sørbø?"
        assert person_question(replace(FERRY, text="It was Dr Inés Muñoz.")) == "Who is Inés Muñoz?"
        assert person_question(replace(FERRY, text="It rained.")) is None
        assert person_question(replace(FERRY, text=text, language="sv")) is None

    def test_titles_are_asked_about_by_outlet(self, pipeline: Pipeline) -> None:
        header = {one.id: one for one in pipeline.library.headers()}["ferry"]
        assert title_question(header) == "What does The Gazette say about “The Osprey has a new captain”?"
        assert title_question(replace(header, outlet=None)) == "What is said about “The Osprey has a new captain”?"
        assert title_question(replace(header, title="x" * 200)) is None
