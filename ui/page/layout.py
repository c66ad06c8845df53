"""The page: a chat with its sources, the library, evaluation; and what happens at each press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import gradio as gr

from index.filters import BadFilter
from rag.question import LONGEST_QUESTION
from ui.gradio_adapter import AT_ONCE, QUIET, html, sent_fields, triggered
from ui.page.cards import conversation_html
from ui.page.chat import Chat, JudgedPlace, PageQuestion
from ui.page.conversation import Conversation, sent_number
from ui.page.evaluation.evaluation_tab import build_evaluation_tab
from ui.page.filter_panel import build_filter_panel
from ui.page.library.library_tab import build_library_tab
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
    """The components that events read and change.

    `conversation` is the session's `Conversation`, and `openings` counts how often it opened the source pane. `store`
    holds the id of the conversation for the browser.
    """

    conversation: Any
    openings: Any
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
        return [self.conversation, self.chat, self.store]


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
        parts = _Parts(
            gr.State(Conversation()), gr.State(0), store, listing, source, question, filters, ask, stop, clear
        )  # fmt: skip
        _wire_asking(chat, parts)
        _wire_judging(chat, parts)
        _wire_source(chat, parts)
        _wire_resuming(chat, parts)
        _wire_welcome(chat, parts)
    page.queue(default_concurrency_limit=None)  # the server's queue is in `rag.api.access.admission`
    return page


def page_style() -> str:
    return "".join((_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)


def _shown(conversation: Conversation) -> tuple[Any, ...]:
    """The conversation for the session, its HTML, and its id for the browser once it has one."""
    stored = {"id": conversation.id} if conversation.id else gr.skip()
    return conversation, conversation_html(conversation), stored


def _wire_asking(chat: Chat, parts: _Parts) -> None:
    async def on_ask(
        conversation: Conversation, stored: object, filters: object, typed: str, event: gr.EventData
    ) -> AsyncIterator[tuple[Any, ...]]:
        sent = sent_fields(event)
        is_typed = "asked" not in sent
        question = _without_surrogates(typed if is_typed else str(sent["asked"]))
        if not question.strip():  # Enter was pressed once too often
            yield (gr.skip(),) * 4
            return
        conversation = await chat.current(conversation, stored)
        number, plainly = sent_number(sent.get("turn")), sent.get("plainly") is True
        try:
            asked = PageQuestion(question, Selection.sent(filters), number, plainly)
        except BadFilter as mistake:
            yield *_shown(chat.refused(conversation, question, str(mistake))), gr.skip()
            return
        box: Any = "" if is_typed else gr.skip()  # the box keeps what was typed while another question is asked
        async for latest in chat.ask(conversation, asked):
            yield *_shown(latest), box
            box = gr.skip()

    # One listener for all ways to ask: asked again while an answer is on its way, a question waits for its turn, and
    # no two change the conversation at once.
    asking = gr.on(
        [parts.question.submit, parts.ask.click, triggered(parts.chat, "ask")], on_ask,
        [parts.conversation, parts.store, parts.filters, parts.question], [*parts.shown, parts.question],
        trigger_mode="always_last", **QUIET,
    )  # fmt: skip

    # Two steps, since each reads the conversation as it is when the step begins.
    async def on_answered(conversation: Conversation) -> None:
        await chat.suggest(conversation)

    async def on_instead(conversation: Conversation) -> tuple[Any, ...]:
        suggested = await chat.with_suggestions(conversation)
        return (gr.skip(),) * 3 if suggested is conversation else _shown(suggested)

    suggesting = asking.then(on_answered, [parts.conversation], None, **AT_ONCE)
    suggesting.then(on_instead, [parts.conversation], parts.shown, **AT_ONCE)

    async def on_stop(conversation: Conversation) -> tuple[Any, ...]:
        return _shown(await chat.stop(conversation))

    def on_clear() -> tuple[Any, ...]:
        return Conversation(), "", _no_conversation(), EMPTY, ""

    parts.stop.click(on_stop, [parts.conversation], parts.shown, cancels=[asking], **AT_ONCE)
    parts.clear.click(on_clear, None, [*parts.shown, parts.source, parts.question], cancels=[asking], **AT_ONCE)


def _no_conversation() -> dict[str, str]:
    """The browser's value without a conversation; another one each time, so that its script sees a change."""
    return {"id": "", "changed": token_hex(4)}


def _without_surrogates(text: str) -> str:
    """The text without halves of surrogate pairs, which a browser may send and no file takes."""
    return text.encode("utf-8", "replace").decode()


def _wire_judging(chat: Chat, parts: _Parts) -> None:
    """A judgement is kept in one step, which may wait for a writer, and shown in the next, which does not."""
    judgement = gr.State(None)

    async def on_judge(conversation: Conversation, stored: object, event: gr.EventData) -> JudgedPlace | None:
        return await chat.judge(await chat.current(conversation, stored), sent_fields(event))

    async def on_judged(conversation: Conversation, stored: object, judged: JudgedPlace | None) -> tuple[Any, ...]:
        return _shown(await chat.with_judged(await chat.current(conversation, stored), judged))

    read = [parts.conversation, parts.store]
    judging = parts.chat.judge(on_judge, read, [judgement], trigger_mode="multiple", **AT_ONCE)
    judging.then(on_judged, [*read, judgement], parts.shown, **AT_ONCE)


def _wire_source(chat: Chat, parts: _Parts) -> None:
    read, changed = [parts.conversation, parts.store, parts.openings], [parts.openings, parts.source]

    async def on_quote(conversation: Conversation, stored: object, count: int, event: gr.EventData) -> tuple[int, str]:
        conversation, sent = await chat.current(conversation, stored), sent_fields(event)
        return count + 1, await chat.open_source(conversation, sent.get("address"), count + 1)

    async def on_better(conversation: Conversation, stored: object, count: int, event: gr.EventData) -> tuple[int, str]:
        conversation, sent = await chat.current(conversation, stored), sent_fields(event)
        return count + 1, await chat.keep_better(conversation, sent, count + 1)

    quotes = [triggered(parts.chat, "quote"), triggered(parts.source, "quote")]
    gr.on(quotes, on_quote, read, changed, trigger_mode="always_last", **AT_ONCE)
    parts.source.better(on_better, read, changed, **AT_ONCE)


def _wire_resuming(chat: Chat, parts: _Parts) -> None:
    resumed = gr.State(Conversation())

    async def on_resume(event: gr.EventData) -> Conversation:
        return await chat.resumed(str(sent_fields(event).get("id", "")))

    # If the user asked before loading finished, the session keeps that conversation. An unchanged one is drawn again
    # with the state of its quotes.
    async def on_resumed(conversation: Conversation, found: Conversation) -> tuple[Any, ...]:
        is_same = (conversation.id, conversation.revision) == (found.id, found.revision)
        if conversation.turns and not is_same:
            return (gr.skip(),) * 4
        if found.turns:
            return *_shown(found), gr.skip() if is_same else EMPTY
        return found, await chat.welcome([]), _no_conversation(), EMPTY

    resuming = parts.store.resume(on_resume, None, [resumed], **AT_ONCE)
    resuming.then(on_resumed, [parts.conversation, resumed], [*parts.shown, parts.source], **AT_ONCE)


def _wire_welcome(chat: Chat, parts: _Parts) -> None:
    """The welcome again, with examples once they are made, and without a conversation that was forgotten.

    Making the examples is a step of its own: who asked in the meantime keeps the answer.
    """

    async def on_examples() -> Any:  # noqa: ANN401
        await chat.make_examples()
        return gr.update(examples_made=token_hex(4))

    async def on_welcome(conversation: Conversation, event: gr.EventData) -> Any:  # noqa: ANN401
        if conversation.turns:
            return gr.skip()
        return await chat.welcome(sent_fields(event).get("earlier"), examples=True)

    async def on_forget(conversation: Conversation, event: gr.EventData) -> Any:  # noqa: ANN401
        await chat.forget(str(sent_fields(event).get("id", "")))
        return await on_welcome(conversation, event)

    parts.store.examples(on_examples, None, [parts.store], **AT_ONCE)
    parts.store.welcome(on_welcome, [parts.conversation], [parts.chat], **AT_ONCE)
    parts.store.forget(on_forget, [parts.conversation], [parts.chat], trigger_mode="multiple", **AT_ONCE)
