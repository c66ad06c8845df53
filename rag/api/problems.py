"""Mistakes as one sentence under `detail`, whoever found them; no more than that ever leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from corpus.article import NoSuchPlace
from corpus.database import LibraryBusy
from corpus.feedback import BadJudgement
from corpus.store import NoSuchArticle
from index.filters import BadFilter
from index.manifest import StaleIndex
from rag.api.jobs import NoSuchJob
from rag.api.limits import TooMany
from rag.api.turns import Busy
from rag.cite import BrokenQuote
from rag.locate import BadQuote
from rag.pipeline import BadQuestion

STATUSES: Mapping[type[Exception], int] = {
    BadFilter: 422,
    BadJudgement: 422,
    BadQuestion: 422,
    BadQuote: 422,
    BrokenQuote: 500,
    Busy: 503,
    LibraryBusy: 503,
    NoSuchArticle: 404,
    NoSuchJob: 404,
    NoSuchPlace: 422,
    StaleIndex: 503,
    TooMany: 429,
    sqlite3.Error: 503,
}
_UNREADABLE = (
    "The library cannot be read or written at the moment; try again, and see `pullquote status` if it stays so."
)
_OPENAI = ("/v1/chat/", "/v1/models")


def add_problems(app: FastAPI) -> None:
    """Has the app answer to mistakes in one sentence."""
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_refused)
    for mistake in STATUSES:
        app.exception_handler(mistake)(_told)


def sentence(mistake: Exception) -> str:
    """What is said of a mistake."""
    return _UNREADABLE if isinstance(mistake, sqlite3.Error) else str(mistake)


def _told(request: Request, mistake: Exception) -> JSONResponse:
    status = next(status for kind, status in STATUSES.items() if isinstance(mistake, kind))
    if isinstance(mistake, sqlite3.Error | BrokenQuote):
        request.state.fault = mistake  # for the log
    wait = getattr(mistake, "retry_after", 1) if status in {429, 503} else None
    return _problem(request, sentence(mistake), status, {} if wait is None else {"Retry-After": str(wait)})


def _refused(request: Request, refusal: HTTPException) -> JSONResponse:
    sentences = {
        404: "There is nothing at this address; /docs lists what there is.",
        405: f"This address takes no {request.method}; /docs lists what it takes.",
    }
    said = str(refusal.detail)
    plain = sentences.get(refusal.status_code, said) if said in {"Not Found", "Method Not Allowed"} else said
    return _problem(request, plain, refusal.status_code, dict(refusal.headers or {}))


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str))
    what = f"The field {where!r}" if where else "The body"
    return _problem(request, f"{what} cannot be taken: {first['msg']}; see /docs for what can.", 422, {})


def _problem(request: Request, detail: str, status: int, headers: dict[str, str]) -> JSONResponse:
    """The sentence; also as OpenAI's clients look for it, at the addresses that they know."""
    body: dict[str, object] = {"detail": detail}
    if request.url.path.startswith(_OPENAI):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        body["error"] = {"message": detail, "type": kind, "param": None, "code": None}
    return JSONResponse(body, status, headers)
