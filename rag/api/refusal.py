"""A refusal as it is sent: one sentence, for OpenAI's clients where they look for it too."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import Scope

_OPENAI = ("/v1/chat/", "/v1/models")


def refusal(scope: Scope, detail: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The reply that says why not; with OpenAI's `error` at the addresses that their clients know."""
    body: dict[str, object] = {"detail": detail}
    if scope["path"].startswith(_OPENAI):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        body["error"] = {"message": detail, "type": kind, "param": None, "code": None}
    return JSONResponse(body, status, headers)
