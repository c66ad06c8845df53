"""The command that serves the library to an agent: mcp."""

from __future__ import annotations

import signal
import sys

from rag.settings import Settings
from ui.commands.ask import open_pipeline
from ui.console import notice


def mcp() -> None:
    """Serve the library to an agent, over standard input and output, until it closes them."""
    # A thread that waits for standard input cannot be woken; nothing is written that an end at once could harm.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rag.api.routes.mcp_stdio import serve_stdio
    from rag.api.state import State

    settings = Settings()
    pipeline = open_pipeline(settings)
    if sys.stdin.isatty():
        notice("Pullquote waits for an agent of the Model Context Protocol (Ctrl-D ends it).")
    state = State.of(pipeline, settings)
    serve_stdio(state)
    state.close()
