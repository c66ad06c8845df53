"""What an empty conversation shows: what the page is for, questions to begin with, and conversations to go on with."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.library.store import Library
from ui.page.conversation_store import ConversationSummary
from ui.templating import render


def welcome_html(library: Library, questions: Sequence[str] = (), earlier: Sequence[ConversationSummary] = ()) -> str:
    """The welcome of a library, with questions that it answers and the earlier conversations of this browser."""
    return render("page/welcome.html", articles=library.counts()[0], questions=questions, earlier=earlier)
