"""Errors as HTTP replies: one sentence under `detail`, and nothing that only the log may say."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from corpus.errors import PullquoteError
from rag.api.refusal import refusal

NOTHING_HERE = "There is nothing at this address; /docs lists what there is."
_UNREADABLE = (
    "The library cannot be read or written at the moment; try again, and see `pullquote status` if it stays so."
)


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """The sentence about an error and its HTTP status; `retry_after` is in seconds."""

    detail: str
    status: int = 500
    retry_after: int | None = None


def add_problems(app: FastAPI) -> None:
    """Has the app answer errors with one sentence."""
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(PullquoteError)(reply)
    app.exception_handler(sqlite3.Error)(reply)


def error_reply(fault: Exception) -> ErrorReply | None:
    """The reply to a fault; None where only the log says what happened."""
    if isinstance(fault, sqlite3.Error):
        return ErrorReply(_UNREADABLE, 503, 1)
    if isinstance(fault, PullquoteError) and fault.public:
        return ErrorReply(fault.public, fault.status, fault.retry_after)
    return None


def sentence(fault: Exception, doing: str = "this") -> str:
    """The sentence about a fault that came while `doing`."""
    reply = error_reply(fault)
    return reply.detail if reply else f"The server failed at {doing}; its log says how."


def is_logged(fault: Exception) -> bool:
    """Whether the fault is the server's, and its traceback belongs in the log."""
    return not isinstance(fault, PullquoteError) or fault.status == 500


def reply(request: Request, fault: Exception) -> JSONResponse:
    """The HTTP response to a fault; raises it again where only the log says what happened."""
    answer = error_reply(fault)
    if answer is None:
        raise fault  # `RequestLog` replies
    if is_logged(fault):
        request.state.fault = fault
    headers = {} if answer.retry_after is None else {"Retry-After": str(answer.retry_after)}
    return refusal(request.scope, answer.detail, answer.status, headers)


def _refused(request: Request, refused: HTTPException) -> JSONResponse:
    detail, headers = str(refused.detail), dict(refused.headers or {})
    if detail == "Not Found":
        detail = NOTHING_HERE
    elif detail == "Method Not Allowed":
        detail = f"This address takes no {request.method}; /docs lists what it takes."
        path = getattr(request.scope.get("route"), "path", "")
        if methods := request.app.openapi()["paths"].get(path):  # of all the routes of this path
            headers["Allow"] = ", ".join(sorted(map(str.upper, methods)))
    return refusal(request.scope, detail, refused.status_code, headers)


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    place = first["loc"][1:]
    return refusal(request.scope, field_sentence(place, first["msg"]), 422, {}, _field(place) or None)


def field_sentence(place: Sequence[str | int], why: str) -> str:
    """The sentence about a field that pydantic does not take, by its place in the body."""
    where = _field(place)
    what = f"The field {where!r}" if where else "The body"
    return f"{what} cannot be taken: {why}; see /docs for what can."


def _field(place: Sequence[str | int]) -> str:
    return ".".join(part for part in place if isinstance(part, str))
