"""The response of a refused request."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import Scope

_BELOW = "/v1/"
# What is below /v1/ and OpenAI does not know; whatever else is there is asked by OpenAI's clients.
_OWN = ("/v1/answer", "/v1/search", "/v1/quotes/", "/v1/articles", "/v1/jobs", "/v1/feedback", "/v1/drafts/")
_PAGE = "/gradio_api/"
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
_MODEL = "/v1/models/"


def refusal(
    scope: Scope, detail: str, status: int, headers: Mapping[str, str] | None = None, field: str | None = None
) -> JSONResponse:
    """The sentence as JSON under `detail`; at the addresses of OpenAI's clients and the page's, under `error` too."""
    body: dict[str, object] = {"detail": detail}
    if error := openai_error(scope["path"], detail, status, field):
        body["error"] = error
    elif scope["path"].startswith(_PAGE):
        body["error"] = detail  # which the page shows
    return JSONResponse(body, status, headers)


def openai_error(path: str, detail: str, status: int, field: str | None = None) -> dict[str, str | None] | None:
    """The error as OpenAI's clients read it, None at an address that is none of theirs; `field` is what is wrong."""
    if not path.startswith(_BELOW) or path.startswith(_OWN):
        return None
    kind, code = "server_error" if status >= 500 else "invalid_request_error", _CODES.get(status)
    if status == 404 and path.startswith(_MODEL) and path != _MODEL:
        field, code = "model", "model_not_found"
    return {"message": detail, "type": kind, "param": field, "code": code}
