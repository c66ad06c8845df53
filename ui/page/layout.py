"""The page: a chat with its sources, the library, evaluation; and what happens at each press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

import gradio as gr

from index.filters import BadFilter
from rag.question import LONGEST_QUESTION
from ui.page.cards import conversation_html
from ui.page.chat import Chat, PageQuestion
from ui.page.conversation import Conversation, sent_fields, sent_number
from ui.page.evaluation.evaluation_tab import build_evaluation_tab
from ui.page.filter_panel import build_filter_panel
from ui.page.library.library_tab import build_library_tab
from ui.page.selection import Selection
from ui.page.source import EMPTY
from ui.templating import render

_FOLDER = Path(__file__).parent
_OWN_STYLES = ("page.css", "conversation.css", "source.css", "filter_panel.css")
_STYLES = (*_OWN_STYLES, "library/library_tab.css", "evaluation/evaluation_tab.css")
# Fonts of the reader's machine: nothing is fetched.
_SANS = ("system-ui", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")
# The default template puts the value in as it is; one in Handlebars would run code that stands in an article.
_TEMPLATE = "${value}"
_TABS = (("desk", "Ask"), ("library", "Library"), ("evaluation", "Evaluation"))
# What comes between questions goes past Gradio's queue: its browser side shuts the stream of replies when the last
# one has come, and a question that joins the queue at that moment would never get its own.
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE = {"queue": False, **_QUIET}


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the events read and change."""

    conversation: Any
    kept: Any
    shown: Any
    chat: Any
    source: Any
    question: Any
    chosen: Any


@dataclass(frozen=True, slots=True)
class _Buttons:
    """What is pressed."""

    ask: Any
    stop: Any
    clear: Any


def build_page(chat: Chat) -> Any:  # noqa: ANN401 - gradio has no types that mypy can see
    """The page as Gradio blocks, to be mounted with `appearance()`."""
    with gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True) as page:
        with gr.Row(elem_id="masthead"):
            _html(render("page/tabs.html", tabs=_TABS), "tabs", "tabs.js")
            clear = gr.Button("New conversation", elem_id="clear", size="sm")
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk"):
                listing = _html("", "chat", "conversation.js")
                chosen = build_filter_panel(chat.facets)
                with gr.Row(elem_id="asking"):
                    question = _question_box()
                    ask = gr.Button("Ask", elem_id="ask", variant="primary", scale=0, min_width=88)
                    stop = gr.Button("Stop", elem_id="stop", variant="stop", scale=0, min_width=88)
            source = _html(EMPTY, "source", "source.js")
        with gr.Column(elem_id="library"):
            build_library_tab(chat.state)
        with gr.Column(elem_id="evaluation"):
            build_evaluation_tab(chat.state)
        store = _html({}, "kept", "conversation_store.js")
        parts = _Parts(gr.State(Conversation()), store, gr.State(0), listing, source, question, chosen)
        _wire_asking(chat, parts, _Buttons(ask, stop, clear))
        _wire_reading(chat, parts)
        _wire_taking_up(chat, parts)
    page.queue(default_concurrency_limit=None)  # the server's line is in `rag.api.access.admission`
    return page


def appearance() -> dict[str, Any]:
    """How the page is to be mounted: its style, and nothing that leaves the machine."""
    style = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES)
    return {
        "theme": gr.themes.Base(font=_SANS, font_mono=_MONO),
        "head": f"<style>{style}</style>",
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
    }


def _html(value: object, name: str, script: str) -> Any:  # noqa: ANN401
    code = (_FOLDER / script).read_text(encoding="utf-8")
    template = _TEMPLATE if isinstance(value, str) else ""
    own = {} if isinstance(value, str) else {"made": ""}
    return gr.HTML(value, html_template=template, js_on_load=code, elem_id=name, apply_default_css=False, **own)


def _question_box() -> Any:  # noqa: ANN401
    return gr.Textbox(
        label="Ask the library", placeholder="Ask a question", elem_id="question", lines=1, max_lines=6,
        max_length=LONGEST_QUESTION, container=False, autofocus=True, scale=1,
    )  # fmt: skip


def _wire_asking(chat: Chat, parts: _Parts, buttons: _Buttons) -> None:
    told = [parts.conversation, parts.chat, parts.kept, parts.question]

    async def on_ask(
        conversation: Conversation, kept: object, chosen: object, typed: str, event: gr.EventData
    ) -> AsyncIterator[tuple[Any, ...]]:
        sent = sent_fields(event)
        question = _whole(str(sent["asked"]) if "asked" in sent else typed)
        if not question.strip():  # Enter was pressed once too often
            yield (gr.skip(),) * 4
            return
        conversation = await chat.current(conversation, kept)
        emptied = "asked" in sent
        async for latest in _asked(chat, conversation, question, chosen, sent):
            # The box keeps what was typed while another question is asked, and what cannot be asked.
            box: Any = gr.skip() if emptied or latest.turns[-1].problem else ""
            yield latest, conversation_html(latest), _name_of(latest), box
            emptied = True

    # One listener for all ways to ask: asked again while an answer is on its way, a question waits for its turn, and
    # no two change the conversation at once.
    asking = gr.on(
        [parts.question.submit, buttons.ask.click, _pressed(parts.chat, "ask")], on_ask,
        [parts.conversation, parts.kept, parts.chosen, parts.question], told, trigger_mode="always_last", **_QUIET,
    )  # fmt: skip

    # As with the examples: each step reads the conversation as it is when the step begins.
    async def on_instead(conversation: Conversation) -> tuple[Any, ...]:
        found = await chat.with_instead(conversation)
        return (gr.skip(),) * 3 if found is conversation else (found, conversation_html(found), _name_of(found))

    async def on_answered(conversation: Conversation) -> None:
        await chat.instead(conversation)

    made = asking.then(on_answered, [parts.conversation], None, **_AT_ONCE)
    made.then(on_instead, [parts.conversation], told[:3], **_AT_ONCE)

    async def on_stop(conversation: Conversation) -> tuple[Any, ...]:
        conversation = await chat.stop(conversation)
        return conversation, conversation_html(conversation), _name_of(conversation)

    buttons.stop.click(on_stop, [parts.conversation], told[:3], cancels=[asking], **_AT_ONCE)
    _wire_clearing(parts, buttons.clear, asking)
    _wire_judging(chat, parts, told[:3])


def _wire_judging(chat: Chat, parts: _Parts, told: list[Any]) -> None:
    """A judgement is kept in one step, which may wait for a writer, and shown in the next, which does not."""
    judged = gr.State(None)

    async def on_judge(conversation: Conversation, kept: object, event: gr.EventData) -> Any:  # noqa: ANN401
        return await chat.judge(await chat.current(conversation, kept), sent_fields(event))

    async def on_judged(conversation: Conversation, kept: object, done: Any) -> tuple[Any, ...]:  # noqa: ANN401
        conversation = await chat.with_judged(await chat.current(conversation, kept), done)
        return conversation, conversation_html(conversation), _name_of(conversation)

    made = parts.chat.judge(on_judge, [parts.conversation, parts.kept], [judged], trigger_mode="multiple", **_AT_ONCE)
    made.then(on_judged, [parts.conversation, parts.kept, judged], told, **_AT_ONCE)


def _wire_clearing(parts: _Parts, clear: Any, asking: Any) -> None:  # noqa: ANN401
    """A new conversation: what is being asked in the former one ends."""

    def on_clear() -> tuple[Any, ...]:
        return Conversation(), "", {"id": "", "anew": token_hex(4)}, EMPTY, ""

    told = [parts.conversation, parts.chat, parts.kept, parts.source, parts.question]
    clear.click(on_clear, None, told, cancels=[asking], **_AT_ONCE)


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which a browser may send and no file takes."""
    return text.encode("utf-8", "replace").decode()


async def _asked(
    chat: Chat, conversation: Conversation, question: str, chosen: object, sent: dict[str, Any]
) -> AsyncIterator[Conversation]:
    """The conversation while a question is asked in the manner that a browser sent, then with the reply."""
    number, plainly = sent_number(sent.get("turn")), sent.get("plainly") is True
    try:
        asked = PageQuestion(question, Selection.sent(chosen), number, plainly)
    except BadFilter as mistake:
        yield chat.refused(conversation, question, str(mistake))
        return
    async for latest in chat.ask(conversation, asked):
        yield latest


def _pressed(component: Any, event: str) -> Any:  # noqa: ANN401
    """An event that a component's script triggers, as one of several that `gr.on` listens to."""
    return SimpleNamespace(
        __self__=component,
        event_name=event,
        has_trigger=True,
        callback=None,
        connection="sse",
        event_specific_args=None,
    )


def _name_of(conversation: Conversation) -> Any:  # noqa: ANN401
    """The name under which the browser finds the conversation again, once it has one."""
    return {"id": conversation.id} if conversation.id else gr.skip()


def _wire_reading(chat: Chat, parts: _Parts) -> None:
    read, told = [parts.conversation, parts.kept, parts.shown], [parts.shown, parts.source]

    async def on_quote(conversation: Conversation, kept: object, shown: int, event: gr.EventData) -> tuple[int, str]:
        conversation, sent = await chat.current(conversation, kept), sent_fields(event)
        return shown + 1, await chat.opened(conversation, sent.get("address"), shown + 1)

    async def on_better(conversation: Conversation, kept: object, shown: int, event: gr.EventData) -> tuple[int, str]:
        conversation, sent = await chat.current(conversation, kept), sent_fields(event)
        return shown + 1, await chat.better(conversation, sent, shown + 1)

    pressed = [_pressed(parts.chat, "quote"), _pressed(parts.source, "quote")]
    gr.on(pressed, on_quote, read, told, trigger_mode="always_last", **_AT_ONCE)
    parts.source.better(on_better, read, told, **_AT_ONCE)


def _wire_taking_up(chat: Chat, parts: _Parts) -> None:
    """The conversation that the browser had before; the welcome, and again with examples once they are made."""
    told = [parts.conversation, parts.chat, parts.kept]

    taken = gr.State(Conversation())

    async def on_resume(event: gr.EventData) -> Conversation:
        return await chat.taken_up(str(sent_fields(event).get("id", "")))

    # Who asked before it was there keeps the answer; as it stood, it is shown anew with what became of its quotes.
    async def on_resumed(conversation: Conversation, found: Conversation) -> tuple[Any, ...]:
        is_same = (conversation.id, conversation.revision) == (found.id, found.revision)
        if conversation.turns and not is_same:
            return (gr.skip(),) * 4
        if found.turns:
            return found, conversation_html(found), {"id": found.id}, gr.skip() if is_same else EMPTY
        return found, await chat.welcome([]), {"id": "", "anew": token_hex(4)}, EMPTY

    # Making the examples is a step of its own: each step reads the conversation as it is when the step begins, and
    # who asked in the meantime keeps the answer.
    async def on_examples() -> Any:  # noqa: ANN401
        await chat.make_examples()
        return gr.update(made=token_hex(4))

    async def on_welcome(conversation: Conversation, event: gr.EventData) -> Any:  # noqa: ANN401
        if conversation.turns:
            return gr.skip()
        return await chat.welcome(sent_fields(event).get("earlier"), examples=True)

    async def on_forget(conversation: Conversation, event: gr.EventData) -> Any:  # noqa: ANN401
        sent = sent_fields(event)
        await chat.forget(str(sent.get("id", "")))
        return gr.skip() if conversation.turns else await chat.welcome(sent.get("earlier"), examples=True)

    found = parts.kept.resume(on_resume, None, [taken], **_AT_ONCE)
    found.then(on_resumed, [parts.conversation, taken], [*told, parts.source], **_AT_ONCE)
    parts.kept.examples(on_examples, None, [parts.kept], **_AT_ONCE)
    parts.kept.welcome(on_welcome, [parts.conversation], [parts.chat], **_AT_ONCE)
    parts.kept.forget(on_forget, [parts.conversation], [parts.chat], trigger_mode="multiple", **_AT_ONCE)
