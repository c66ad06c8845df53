"""The tools of the library over standard input and output: a line a message.

The SDK gives a line that is no message no reply, and the agent waits for ever; here each such line is answered.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from typing import Any, BinaryIO, cast

import anyio
from anyio import to_thread
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, jsonrpc_message_adapter
from pydantic import ValidationError

from rag.api.routes.mcp_server import create_server
from rag.api.state import State

LONGEST_LINE = 4 * 2**20  # bytes
_WHY = "The line is no message of JSON-RPC 2.0, or holds half of a surrogate pair; send one object a line."
_NO_ID = "no id"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def serve_stdio(state: State) -> None:
    """Serves an agent over standard input and output until it closes them."""
    server = create_server(state)

    async def serve() -> None:
        lines = _Lines(sys.stdin.buffer)
        async with stdio_server(stdin=cast("anyio.AsyncFile[str]", lines)) as (received, sent):
            lines.replies = sent
            await server.run(received, sent, server.create_initialization_options())

    try:
        asyncio.run(serve())
    except* BrokenPipeError:
        pass  # the agent went


class _Lines:
    """The lines of a stream that are messages; the others are answered through `replies`, and do not come."""

    replies: Any  # a stream of the SDK, whose type is not public

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[str]:
        while data := await to_thread.run_sync(self._stream.readline, LONGEST_LINE + 1):
            line = data.decode("utf-8", "replace")
            if len(data) > LONGEST_LINE:
                await self._skip_line(data)
                why = f"The message has more than {LONGEST_LINE // 2**20} MB; send less at once."
                await self._answer(None, INVALID_REQUEST, why)
            elif fault := _fault(line):
                await self._answer(_identity(line), PARSE_ERROR if fault == "json_invalid" else INVALID_REQUEST, _WHY)
            else:
                yield line

    async def _skip_line(self, data: bytes) -> None:
        while data and not data.endswith(b"\n"):
            data = await to_thread.run_sync(self._stream.readline, LONGEST_LINE)

    async def _answer(self, identity: int | str | None, code: int, why: str) -> None:
        reply = JSONRPCError(jsonrpc="2.0", id=identity, error=ErrorData(code=code, message=why))
        await self.replies.send(SessionMessage(reply))


def _fault(line: str) -> str:
    """What pydantic calls the first fault of a line that is no message; empty where it is one.

    A request whose id is neither a text nor a whole number is a notification to the SDK, which answers none.
    """
    try:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError as fault:
        return fault.errors()[0]["type"]
    loaded = _loaded(line)
    return _NO_ID if "method" in loaded and "id" in loaded and _identity(line) is None else ""


def _identity(line: str) -> int | str | None:
    """The id of a request that is no message otherwise, None where it has none that a reply can hold."""
    identity = _loaded(line).get("id")
    if isinstance(identity, str):
        return None if _SURROGATE.search(identity) else identity
    return identity if type(identity) is int else None


def _loaded(line: str) -> dict[str, Any]:
    """The object on the line; empty where there is none."""
    try:
        loaded = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
