"""One line of JSON on standard error for each request, with an id that the reply carries too.

What was asked is not in it, unless the settings say so; headers, tokens and addresses never are.
"""

from __future__ import annotations

import asyncio
import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.log_throttle import throttle
from rag.api.metrics import Metrics
from rag.api.refusal import refusal
from rag.settings import Settings

_OTHER = "other"  # the label of all addresses and methods that are none of ours
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLIENT_CLOSED = 499  # nginx's, for a client that went before it was answered
_STOPPING = "The server stops, and could not finish this in time; try again when it is back."


class RequestLog:
    """ASGI middleware: gives each request an id, times it, counts it and logs it, errors with their traceback.

    A client may choose the id in the header X-Request-ID.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._level = settings.log
        self._metrics = metrics
        self._logger = logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = _identity(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})
        status, has_begun, started = 500, False, perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                status, has_begun = message["status"], True
                MutableHeaders(scope=message)["x-request-id"] = identity
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:  # while it was still sending
            status = _CLIENT_CLOSED
        except Exception as fault:  # noqa: BLE001  # its traceback goes to the log, a sentence to who asked
            scope["state"]["fault"] = fault
            if not has_begun:
                detail = f"The server failed at this; its log says how, under the id {identity}."
                await refusal(scope, detail, 500)(scope, receive, send_with_id)
        except asyncio.CancelledError:  # the server stops, and would wait no longer
            if has_begun:
                raise
            await refusal(scope, _STOPPING, 503, {"Retry-After": "5"})(scope, receive, send_with_id)
        finally:
            self._finished(scope, identity, status, perf_counter() - started)

    def _finished(self, scope: Scope, identity: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or _OTHER
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        self._metrics.answered(method, route, status, seconds)
        state = scope["state"]
        fault = state.get("fault")
        if self._level == "errors" and status < 500 and fault is None:
            return
        facts = {
            "request_id": identity, "method": method, "route": route, "status": status,
            "ms": round(1000 * seconds, 1),
        }  # fmt: skip
        if self._level == "questions" and "asked" in state:
            facts["asked"] = state["asked"]
        level = logging.ERROR if status >= 500 else logging.INFO
        self._logger.log(level, "request", extra=facts, exc_info=fault)


def _identity(brought: str) -> str:
    """The id that a client brought, where it is a plain one; else a new one."""
    return brought if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", brought) else uuid4().hex


def logger() -> logging.Logger:
    """The server's logger, which writes lines of JSON to standard error."""
    from pythonjsonlogger.json import JsonFormatter

    found = logging.getLogger("pullquote.server")
    if not found.handlers:
        names = {"asctime": "time", "levelname": "level"}
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter("{asctime}{levelname}{message}", style="{", rename_fields=names))
        found.addHandler(handler)
        throttle(found, keeps_lines=True)
        found.setLevel(logging.INFO)
        found.propagate = False
        logging.getLogger("python_multipart").addHandler(logging.NullHandler())  # what is wrong with a form, we say
    return found
