"""Turns, and how a browser names what is in them."""

from dataclasses import replace

import pytest

from rag.answer import Answer
from rag.conversation.query_rewriting import Earlier
from tests.ui.conftest import CAFE, FERRY
from tests.ui.page.test_cards import quote, related, reply
from ui.page.conversation import MOST_TURNS, Conversation, ConversationTurn, ExcerptAddress, sent_number

ANSWERED = ConversationTurn(1, "Q?", reply(Answer("a", 0.9, (quote(FERRY, "Mara"),))))


@pytest.mark.parametrize(
    "sent", ["", "1", "1.", ".1", "a.b", "-1.0", "1.-1", None, 7, {"a": 1}, "1.2.3", "²." * 9, "٣.١"]
)
def test_what_is_no_address_is_none(sent: object) -> None:
    assert ExcerptAddress.parsed(sent) is None


def test_an_address_survives_the_browser() -> None:
    assert ExcerptAddress.parsed(str(ExcerptAddress(12, 3))) == ExcerptAddress(12, 3)


@pytest.mark.parametrize(("sent", "number"), [(3, 3), (True, 0), ("3", 0), (None, 0), (1.5, 0), ([], 0)])
def test_a_number_is_a_number(sent: object, number: int) -> None:
    assert sent_number(sent) == number


def test_keeps_the_latest_turns_and_their_numbers() -> None:
    conversation = Conversation()
    for number in range(MOST_TURNS + 5):
        conversation = conversation.asked(ConversationTurn(conversation.next_number, f"Q{number}"))
    assert (conversation.turns[0].number, conversation.turns[-1].number) == (6, MOST_TURNS + 5)
    assert len(conversation.turns) == MOST_TURNS
    assert conversation.latest == MOST_TURNS + 5


def test_a_turn_asked_again_stays_where_it_is() -> None:
    conversation = (
        Conversation()
        .asked(ConversationTurn(1, "One"))
        .asked(ConversationTurn(2, "Two"))
        .asked(ConversationTurn(1, "Again"))
    )
    assert [turn.question for turn in conversation.turns] == ["Again", "Two"]
    assert conversation.latest == 1
    assert conversation.next_number == 3


def test_a_turn_that_is_gone_is_not_brought_back() -> None:
    assert Conversation().changed(ANSWERED) == Conversation()


def test_finds_nothing_where_nothing_is() -> None:
    conversation = Conversation((ANSWERED,))
    assert conversation.find(ExcerptAddress(1, 0)) == quote(FERRY, "Mara")
    assert conversation.find(ExcerptAddress(1, 1)) is None
    assert conversation.find(ExcerptAddress(2, 0)) is None


def test_quotes_come_in_the_order_of_the_page_without_what_is_no_answer() -> None:
    first = reply(Answer("a", 0.9, (quote(FERRY, "Mara"), quote(CAFE, "240"))), passages=(related(CAFE, "opens"),))
    conversation = Conversation(
        (ConversationTurn(4, "Q?", first), ConversationTurn(5, "None?", reply()), replace(ANSWERED, number=6))
    )
    assert [(str(address), one.text) for address, one in conversation.quotes()] == [
        ("4.0", "Mara"), ("4.1", "240"), ("6.0", "Mara"),
    ]  # fmt: skip


def test_what_was_asked_before_is_told_as_it_was_really_asked() -> None:
    followed = ConversationTurn(2, "And he?", replace(reply(), asked_as="Who is Mara?"))
    conversation = Conversation((ANSWERED, followed, ConversationTurn(3, "Stopped?", problem="Stopped.")))
    context = quote(FERRY, "Mara").context.text
    assert conversation.before(9) == (Earlier("Q?", "a", context), Earlier("Who is Mara?"))
    assert conversation.before(2) == (Earlier("Q?", "a", context),)
