"""Mistakes as one sentence under `detail`, whoever found them; no more than that ever leaves."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from corpus.article import NoSuchPlace
from corpus.library.database import LibraryBusy
from corpus.library.feedback import BadJudgement
from corpus.library.store import NoSuchArticle
from index.filters import BadFilter
from index.maintenance.restore_article import NotPutBack
from index.manifest import StaleIndex
from index.milvus.errors import ForeignCollection, MilvusFailed, MilvusMissing
from rag.api.access.admission import Busy
from rag.api.access.rate_limit import TooMany
from rag.api.jobs import NoSuchJob
from rag.api.refusal import refusal
from rag.api.removals import NothingToPutBack
from rag.citation.cite import BrokenQuote
from rag.locate.locate import BadQuote
from rag.pipeline import BadQuestion

STATUSES: Mapping[type[Exception], int] = {
    BadFilter: 422,
    BadJudgement: 422,
    BadQuestion: 422,
    BadQuote: 422,
    BrokenQuote: 500,
    Busy: 503,
    ForeignCollection: 503,
    LibraryBusy: 503,
    MilvusFailed: 503,
    MilvusMissing: 503,
    NoSuchArticle: 404,
    NoSuchJob: 404,
    NoSuchPlace: 422,
    NotPutBack: 409,
    NothingToPutBack: 404,
    StaleIndex: 503,
    TooMany: 429,
    sqlite3.Error: 503,
}
NOTHING_HERE = "There is nothing at this address; /docs lists what there is."
_UNREADABLE = (
    "The library cannot be read or written at the moment; try again, and see `pullquote status` if it stays so."
)
_NO_INDEX = "The index cannot be searched at the moment; `pullquote search` on the server's machine says why."
_WRITTEN = "Another process is writing to the library, and nothing was changed; try again when it is done."


def add_problems(app: FastAPI) -> None:
    """Has the app answer to mistakes in one sentence."""
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_refused)
    for mistake in STATUSES:
        app.exception_handler(mistake)(_told)


def sentence(mistake: Exception) -> str:
    """What is said of a mistake; not where the library lies."""
    if isinstance(mistake, sqlite3.Error):
        return _UNREADABLE
    if isinstance(mistake, LibraryBusy):
        return _WRITTEN
    if isinstance(mistake, ForeignCollection | MilvusFailed | MilvusMissing):
        return _NO_INDEX
    if isinstance(mistake, StaleIndex):
        return re.sub("^The library .*? was built", "The library was built", str(mistake), flags=re.DOTALL)
    return str(mistake)


def status_of(mistake: Exception) -> int:
    """HTTP's status for one of these mistakes."""
    return next(status for kind, status in STATUSES.items() if isinstance(mistake, kind))


def retry_after(mistake: Exception) -> int | None:
    """In how many seconds to try again; None where waiting alone cures nothing."""
    if isinstance(mistake, Busy | TooMany):
        return mistake.retry_after
    return 1 if isinstance(mistake, LibraryBusy | sqlite3.Error) else None


def _told(request: Request, mistake: Exception) -> JSONResponse:
    status = status_of(mistake)
    if isinstance(mistake, sqlite3.Error | BrokenQuote):
        request.state.fault = mistake  # for the log
    wait = retry_after(mistake)
    return refusal(request.scope, sentence(mistake), status, {} if wait is None else {"Retry-After": str(wait)})


def _refused(request: Request, refused: HTTPException) -> JSONResponse:
    sentences = {
        404: NOTHING_HERE,
        405: f"This address takes no {request.method}; /docs lists what it takes.",
    }
    said = str(refused.detail)
    plain = sentences.get(refused.status_code, said) if said in {"Not Found", "Method Not Allowed"} else said
    headers = dict(refused.headers or {})
    if refused.status_code == 405 and (methods := _allowed(request)):
        headers["Allow"] = methods
    return refusal(request.scope, plain, refused.status_code, headers)


def _allowed(request: Request) -> str:
    """The methods that an address takes, of whichever routes; empty where it is not among those described."""
    path = getattr(request.scope.get("route"), "path", "")
    return ", ".join(sorted(method.upper() for method in request.app.openapi()["paths"].get(path, ())))


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    return refusal(request.scope, field_sentence(first["loc"][1:], first["msg"]), 422, {})


def field_sentence(place: Sequence[str | int], why: str) -> str:
    """What is said of a field, by its place in the body, that pydantic does not take."""
    where = ".".join(part for part in place if isinstance(part, str))
    what = f"The field {where!r}" if where else "The body"
    return f"{what} cannot be taken: {why}; see /docs for what can."
