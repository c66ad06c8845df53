"""The chat page: a conversation on the left, the quoted article on the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from index.filters import BadFilter
from rag.pipeline import LONGEST_QUESTION
from ui.page.cards import conversation_html
from ui.page.chat import Chat
from ui.page.conversation import Conversation, asked, settled
from ui.page.filter_panel import build_filter_panel
from ui.page.selection import Selection
from ui.page.source import EMPTY

_FOLDER = Path(__file__).parent
# Fonts of the reader's machine: nothing is fetched.
_SANS = ("system-ui", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")
# The default template puts the value in as it is; one in Handlebars would run code that stands in an article.
_TEMPLATE = "${value}"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the events read and change."""

    conversation: Any
    shown: Any
    chat: Any
    source: Any
    question: Any
    chosen: Any


def build_page(chat: Chat) -> Any:  # noqa: ANN401 - gradio has no types that mypy can see
    """The page as Gradio blocks, to be mounted with `appearance()`."""
    with gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True) as page:
        conversation = gr.State(())
        shown = gr.State(0)
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk"):
                with gr.Row(elem_id="masthead"):
                    gr.HTML('<p class="wordmark">Pullquote</p>', apply_default_css=False, js_on_load=None)
                    clear = gr.Button("New conversation", elem_id="clear", size="sm")
                listing = _html("", "chat", "conversation.js")
                chosen = build_filter_panel(chat.facets)
                with gr.Row(elem_id="asking"):
                    question = _question_box()
                    ask = gr.Button("Ask", elem_id="ask", variant="primary", scale=0, min_width=88)
            source = _html(EMPTY, "source", "source.js")
        parts = _Parts(conversation, shown, listing, source, question, chosen)
        _wire(page, chat, parts, ask, clear)
    page.queue(default_concurrency_limit=4)
    return page


def appearance() -> dict[str, Any]:
    """How the page is to be mounted: its style, and nothing that leaves the machine."""
    style = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "filter_panel.css"))
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


def _html(value: str, name: str, script: str) -> Any:  # noqa: ANN401
    code = (_FOLDER / script).read_text(encoding="utf-8")
    return gr.HTML(value, html_template=_TEMPLATE, js_on_load=code, elem_id=name, apply_default_css=False)


def _question_box() -> Any:  # noqa: ANN401
    return gr.Textbox(
        label="Ask the library", placeholder="Ask a question", elem_id="question", lines=1, max_lines=6,
        max_length=LONGEST_QUESTION, container=False, autofocus=True, scale=1,
    )  # fmt: skip


def _wire(page: Any, chat: Chat, parts: _Parts, ask: Any, clear: Any) -> None:  # noqa: ANN401
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    # What comes between questions goes past Gradio's queue: its browser side shuts the stream of replies when the last
    # one has come, and a question that joins the queue at that moment would never get its own.
    at_once = {"queue": False, **quiet}
    answered = [parts.conversation, parts.chat, parts.question]

    def on_ask(conversation: Conversation, chosen: object, question: str) -> Iterator[tuple[Any, ...]]:
        yield from _asked(chat, conversation, chosen, question)

    def on_example(conversation: Conversation, chosen: object, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from _asked(chat, conversation, chosen, str(event.question))

    def on_quote(conversation: Conversation, shown: int, event: gr.EventData) -> tuple[int, str]:
        return shown + 1, chat.source(conversation, event.address, shown + 1)

    asking = [parts.conversation, parts.chosen]
    # Asked again while an answer is on its way, a question waits for its turn: it is not dropped.
    in_turn = {"concurrency_id": "ask", "trigger_mode": "always_last", **quiet}
    gr.on([parts.question.submit, ask.click], on_ask, [*asking, parts.question], answered, **in_turn)
    parts.chat.example(on_example, asking, answered, **in_turn)
    parts.chat.quote(on_quote, [parts.conversation, parts.shown], [parts.shown, parts.source], **at_once)
    clear.click(lambda: ((), chat.welcome(), EMPTY, ""), None, [*answered[:2], parts.source, parts.question], **at_once)
    _wire_welcome(page, chat, parts, at_once)


def _wire_welcome(page: Any, chat: Chat, parts: _Parts, at_once: dict[str, Any]) -> None:  # noqa: ANN401
    """Shows the welcome, and again with examples once they are made; who asked in the meantime keeps the answer."""

    def shown_at_once(conversation: Conversation) -> Any:  # noqa: ANN401
        return gr.skip() if conversation else chat.welcome(examples=False)

    def shown_with_examples(conversation: Conversation) -> Any:  # noqa: ANN401
        return gr.skip() if conversation else chat.welcome()

    # Making the examples is a step of its own: each step reads the conversation as it is when the step begins.
    loaded = page.load(shown_at_once, [parts.conversation], [parts.chat], **at_once)
    made = loaded.then(chat.make_examples, None, None, **at_once)
    made.then(shown_with_examples, [parts.conversation], [parts.chat], **at_once)


def _asked(chat: Chat, conversation: Conversation, chosen: object, question: str) -> Iterator[tuple[Any, ...]]:
    """The page while a question is asked, then with the reply; the box keeps a question whose filter is no filter.

    An empty box asks nothing: Enter was pressed once too often.
    """
    if not question.strip():
        yield gr.skip(), gr.skip(), gr.skip()
        return
    try:
        selection = Selection.sent(chosen)
    except BadFilter as mistake:
        conversation = settled(asked(conversation, question), None, str(mistake))
        yield conversation, conversation_html(conversation), gr.skip()
        return
    typed: Any = ""
    for latest in chat.ask(conversation, question, selection):
        yield latest, conversation_html(latest), typed
        typed = gr.skip()
