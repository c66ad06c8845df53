"""What open pages show: found by session, bounded, and read from the disk again where it made room."""

import asyncio

import pytest

from ui.gradio_adapter import Visitor
from ui.page import open_conversations
from ui.page.conversation import Conversation, ConversationTurn
from ui.page.open_conversations import OpenConversations

FIRST, SECOND, THIRD = (Visitor(f"page{number}", f"client{number}") for number in range(3))
SHOWN = Conversation((ConversationTurn(1, "Q?"),), 1, "stored-under", 1)


async def from_disk(conversation: Conversation, stored: object) -> Conversation:
    """The disk knows one conversation, as it was at its first revision."""
    return SHOWN if stored and not conversation.id else conversation


def test_a_page_has_what_it_shows_and_nobody_else_s() -> None:
    opened = OpenConversations(from_disk)
    assert opened.show(FIRST, SHOWN).owner == "client0"
    assert asyncio.run(opened.of(FIRST)).turns == SHOWN.turns
    assert asyncio.run(opened.of(SECOND)) == Conversation(owner="client1")
    assert opened.show(SECOND, asyncio.run(opened.of(FIRST))).owner == "client0"  # whoever began it


def test_the_page_used_longest_ago_makes_room_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_conversations, "MOST_OPEN", 2)
    opened = OpenConversations(from_disk)
    for visitor in (FIRST, SECOND, FIRST, THIRD):
        opened.show(visitor, SHOWN)
    assert asyncio.run(opened.of(FIRST)).turns
    assert asyncio.run(opened.of(SECOND)).turns == ()
    assert asyncio.run(opened.of(SECOND, {"id": "stored-under"})).turns == SHOWN.turns
