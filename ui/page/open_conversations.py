"""The conversations that open pages show, held by the server under the names of their sessions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ui.gradio_adapter import Visitor
from ui.page.conversation import Conversation

MOST_OPEN = 100  # conversations; of a page used longer ago it is read from the disk again


class OpenConversations:
    """What each page shows; to be used in the server's event loop only.

    `current` takes a session's conversation and what its browser keeps, and returns the one that the browser names.
    """

    def __init__(self, current: Callable[[Conversation, object], Awaitable[Conversation]]) -> None:
        self._current = current
        self._held: OrderedDict[str, Conversation] = OrderedDict()

    async def of(self, visitor: Visitor, stored: object = None) -> Conversation:
        """The conversation of a visitor's page; where none is held, the one stored under the id its browser has."""
        return await self._current(self._held.get(visitor.session, Conversation(owner=visitor.client)), stored)

    def show(self, visitor: Visitor, conversation: Conversation) -> Conversation:
        """The conversation, which the visitor's page shows from now on; the one used longest ago makes room."""
        owned = conversation if conversation.owner else replace(conversation, owner=visitor.client)
        self._held[visitor.session] = owned
        self._held.move_to_end(visitor.session)
        if len(self._held) > MOST_OPEN:
            self._held.popitem(last=False)
        return owned
