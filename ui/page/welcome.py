"""What an empty conversation shows: what the page is for, questions to begin with, and conversations to go on with."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.library.store import Library
from rag.citation.markup import escaped
from ui.page.conversation_store import ConversationSummary

_HEADING = "Ask your articles a question.<br>Get the quote, and the place where it stands."
_EMPTY = (
    '<p>The library is empty. <a class="to-library" href="#library">Add articles</a> there by drag and drop, or with '
    "<code>pullquote add PATH</code>.</p>"
)


def welcome_html(library: Library, questions: Iterable[str] = (), earlier: Iterable[ConversationSummary] = ()) -> str:
    """The welcome of a library, with questions that it answers and the earlier conversations of this browser."""
    articles, _ = library.counts()
    count = "one article" if articles == 1 else f"{articles:,} articles"
    promise = f"Every answer is an exact quote from {count}. That it is the right one is for you to see: open it there."
    body = (f"<p>{promise}</p>" if articles else _EMPTY) + _examples(questions) + _earlier(earlier)
    return f'<section class="welcome"><h2>{_HEADING}</h2>{body}</section>'


def _examples(questions: Iterable[str]) -> str:
    items = "".join(f"<li>{example_html(question)}</li>" for question in questions)
    return f'<h3 id="examples">For example</h3><ul aria-labelledby="examples">{items}</ul>' if items else ""


def example_html(question: str) -> str:
    """A question that is asked by pressing it."""
    return f'<button type="button" class="example" dir="auto">{escaped(question)}</button>'


def _earlier(lines: Iterable[ConversationSummary]) -> str:
    items = "".join(map(_line, lines))
    return f'<h3 id="earlier">Earlier conversations</h3><ul aria-labelledby="earlier">{items}</ul>' if items else ""


def _line(line: ConversationSummary) -> str:
    identity, title = escaped(line.id), escaped(line.title)
    count = "one question" if line.turns == 1 else f"{line.turns} questions"
    day = escaped(line.used[:10])
    return (
        f'<li class="earlier"><button type="button" class="take-up" data-conversation="{identity}">'
        f'<bdi>{title}</bdi> <small>{count} · <time datetime="{escaped(line.used)}">{day}</time></small></button>'
        f'<button type="button" class="forget" data-conversation="{identity}">'
        f'Delete<span class="unseen"> the conversation {title}</span></button></li>'
    )
