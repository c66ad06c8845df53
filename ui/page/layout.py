"""The page: a chat with its sources, the library, evaluation; and what happens at each press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import gradio as gr

from index.filters import BadFilter
from rag.question import LONGEST_QUESTION
from ui.gradio_adapter import AT_ONCE, QUIET, html, sent_fields, triggered, visitor
from ui.page.cards import conversation_html
from ui.page.chat import Chat, PageQuestion
from ui.page.conversation import Conversation, sent_number
from ui.page.evaluation.evaluation_tab import build_evaluation_tab
from ui.page.filter_panel import build_filter_panel
from ui.page.library.library_tab import build_library_tab
from ui.page.open_conversations import OpenConversations
from ui.page.selection import Selection
from ui.page.source import EMPTY
from ui.templating import render

_FOLDER = Path(__file__).parent
_STYLES = (
    "page.css", "conversation.css", "source.css", "filter_panel.css", "library/library_tab.css",
    "evaluation/evaluation_tab.css",
)  # fmt: skip
_TABS = (("desk", "Ask"), ("library", "Library"), ("evaluation", "Evaluation"))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that events read and change; `store` holds the id of the conversation for the browser."""

    store: Any
    chat: Any
    source: Any
    question: Any
    filters: Any
    ask: Any
    stop: Any
    clear: Any

    @property
    def shown(self) -> list[Any]:
        """The components that `_shown` fills."""
        return [self.chat, self.store]


def build_page(chat: Chat) -> Any:  # noqa: ANN401 - gradio has no types that mypy can see
    """The page as Gradio blocks."""
    with gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True) as page:
        with gr.Row(elem_id="masthead"):
            html(render("page/tabs.html", tabs=_TABS), "tabs", _FOLDER / "tabs.js")
            clear = gr.Button("New conversation", elem_id="clear", size="sm")
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk"):
                listing = html("", "chat", _FOLDER / "conversation.js")
                filters = build_filter_panel(chat.facets)
                with gr.Row(elem_id="asking"):
                    question = gr.Textbox(
                        label="Ask the library", placeholder="Ask a question", elem_id="question", lines=1, max_lines=6,
                        max_length=LONGEST_QUESTION, container=False, autofocus=True, scale=1,
                    )  # fmt: skip
                    ask = gr.Button("Ask", elem_id="ask", variant="primary", scale=0, min_width=88)
                    stop = gr.Button("Stop", elem_id="stop", variant="stop", scale=0, min_width=88)
            source = html(EMPTY, "source", _FOLDER / "source.js")
        with gr.Column(elem_id="library"):
            build_library_tab(chat.state)
        with gr.Column(elem_id="evaluation"):
            build_evaluation_tab(chat.state)
        store = html({}, "conversation-store", _FOLDER / "conversation_store.js", template="", examples_made="")
        parts = _Parts(store, listing, source, question, filters, ask, stop, clear)
        opened = OpenConversations(chat.current)
        _wire_asking(chat, opened, parts)
        _wire_judging(chat, opened, parts)
        _wire_source(chat, opened, parts)
        _wire_resuming(chat, opened, parts)
        _wire_welcome(chat, opened, parts)
    # The server's queue is in `rag.api.access.admission`; Gradio's holds what has yet to reach it.
    page.queue(default_concurrency_limit=None, max_size=chat.state.settings.waiting, api_open=False)
    return page


def page_style() -> str:
    return "".join((_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)


def _shown(conversation: Conversation) -> tuple[Any, ...]:
    """The HTML of a conversation, and its id for the browser once it has one."""
    return conversation_html(conversation), {"id": conversation.id} if conversation.id else gr.skip()


def _wire_asking(chat: Chat, opened: OpenConversations, parts: _Parts) -> None:
    async def on_ask(
        stored: object, filters: object, typed: object, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        who, sent = visitor(request), sent_fields(event)
        is_typed = "asked" not in sent
        question = str((typed or "") if is_typed else sent["asked"])
        if not question.strip():  # Enter was pressed once too often
            yield (gr.skip(),) * 3
            return
        conversation = await opened.of(who, stored)
        number, plainly = sent_number(sent.get("turn")), sent.get("plainly") is True
        try:
            asked = PageQuestion(question, Selection.sent(filters), number, plainly)
        except BadFilter as mistake:
            yield *_shown(opened.show(who, chat.refused(conversation, question, str(mistake)))), gr.skip()
            return
        box: Any = "" if is_typed else gr.skip()  # the box keeps what was typed while another question is asked
        async for latest in chat.ask(conversation, asked):
            yield *_shown(opened.show(who, latest)), box
            box = gr.skip()

    # One listener for all ways to ask: asked again while an answer is on its way, a question waits for its turn, and
    # no two change the conversation at once.
    asking = gr.on(
        [parts.question.submit, parts.ask.click, triggered(parts.chat, "ask")], on_ask,
        [parts.store, parts.filters, parts.question], [*parts.shown, parts.question],
        trigger_mode="always_last", **QUIET,
    )  # fmt: skip

    async def on_answered(stored: object, request: gr.Request) -> tuple[Any, ...]:
        who = visitor(request)
        await chat.suggest(await opened.of(who, stored))  # which may take a moment, in which others are asked
        conversation = await opened.of(who, stored)
        suggested = await chat.with_suggestions(conversation)
        return (gr.skip(),) * 2 if suggested is conversation else _shown(opened.show(who, suggested))

    asking.then(on_answered, [parts.store], parts.shown, **AT_ONCE)

    async def on_stop(request: gr.Request) -> tuple[Any, ...]:  # gets no value: Gradio gives it the session's name
        who = visitor(request)
        return _shown(opened.show(who, await chat.stop(await opened.of(who))))

    async def on_clear(request: gr.Request) -> tuple[Any, ...]:
        opened.show(visitor(request), Conversation())
        return "", _no_conversation(), EMPTY, ""

    parts.stop.click(on_stop, None, parts.shown, cancels=[asking], **AT_ONCE)
    parts.clear.click(on_clear, None, [*parts.shown, parts.source, parts.question], cancels=[asking], **AT_ONCE)


def _no_conversation() -> dict[str, str]:
    """The browser's value without a conversation; another one each time, so that its script sees a change."""
    return {"id": "", "changed": token_hex(4)}


def _wire_judging(chat: Chat, opened: OpenConversations, parts: _Parts) -> None:
    async def on_judge(stored: object, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        who = visitor(request)
        judged = await chat.judge(await opened.of(who, stored), sent_fields(event))  # which may wait for a writer
        return _shown(opened.show(who, await chat.with_judged(await opened.of(who, stored), judged)))

    parts.chat.judge(on_judge, [parts.store], parts.shown, trigger_mode="multiple", **AT_ONCE)


def _wire_source(chat: Chat, opened: OpenConversations, parts: _Parts) -> None:
    openings = count(1)

    async def on_quote(stored: object, event: gr.EventData, request: gr.Request) -> str:
        conversation, sent = await opened.of(visitor(request), stored), sent_fields(event)
        return await chat.open_source(conversation, sent.get("address"), next(openings))

    async def on_better(stored: object, event: gr.EventData, request: gr.Request) -> str:
        conversation, sent = await opened.of(visitor(request), stored), sent_fields(event)
        return await chat.keep_better(conversation, sent, next(openings))

    quotes = [triggered(parts.chat, "quote"), triggered(parts.source, "quote")]
    gr.on(quotes, on_quote, [parts.store], [parts.source], trigger_mode="always_last", **AT_ONCE)
    parts.source.better(on_better, [parts.store], [parts.source], **AT_ONCE)


def _wire_resuming(chat: Chat, opened: OpenConversations, parts: _Parts) -> None:
    # If the user asked before loading finished, the session keeps that conversation. An unchanged one is drawn again
    # with the state of its quotes.
    async def on_resume(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        who = visitor(request)
        found = await chat.resumed(str(sent_fields(event).get("id", "")))
        welcome = "" if found.turns else await chat.welcome([])
        conversation = await opened.of(who)
        is_same = (conversation.id, conversation.revision) == (found.id, found.revision)
        if conversation.turns and not is_same:
            return (gr.skip(),) * 3
        opened.show(who, found)
        if found.turns:
            return *_shown(found), gr.skip() if is_same else EMPTY
        return welcome, _no_conversation(), EMPTY

    parts.store.resume(on_resume, None, [*parts.shown, parts.source], **AT_ONCE)


def _wire_welcome(chat: Chat, opened: OpenConversations, parts: _Parts) -> None:
    """The welcome again, with examples once they are made, and without a conversation that was forgotten.

    Making the examples is a step of its own: who asked in the meantime keeps the answer.
    """

    async def on_examples() -> Any:  # noqa: ANN401
        await chat.make_examples()
        return gr.update(examples_made=token_hex(4))

    async def on_welcome(stored: object, event: gr.EventData, request: gr.Request) -> Any:  # noqa: ANN401
        if (await opened.of(visitor(request), stored)).turns:
            return gr.skip()
        return await chat.welcome(sent_fields(event).get("earlier"), examples=True)

    async def on_forget(stored: object, event: gr.EventData, request: gr.Request) -> Any:  # noqa: ANN401
        await chat.forget(str(sent_fields(event).get("id", "")))
        return await on_welcome(stored, event, request)

    parts.store.examples(on_examples, None, [parts.store], **AT_ONCE)
    parts.store.welcome(on_welcome, [parts.store], [parts.chat], **AT_ONCE)
    parts.store.forget(on_forget, [parts.store], [parts.chat], trigger_mode="multiple", **AT_ONCE)
