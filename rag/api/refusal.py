"""The response of a refused request."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import Scope

_OPENAI = ("/v1/chat/", "/v1/models")
_PAGE = "/gradio_api/"


def refusal(scope: Scope, detail: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The sentence as JSON under `detail`; at the addresses of OpenAI's clients and the page's, under `error` too."""
    body: dict[str, object] = {"detail": detail}
    if scope["path"].startswith(_OPENAI):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        body["error"] = {"message": detail, "type": kind, "param": None, "code": None}
    elif scope["path"].startswith(_PAGE):
        body["error"] = detail  # which the page shows
    return JSONResponse(body, status, headers)
