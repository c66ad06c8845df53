"""What a request says of the server's own address: only its Host is believed."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class NoForwardedHost:
    """ASGI middleware: takes out the headers by which anybody could name another server as this one.

    The server reads X-Forwarded-For and -Proto before, of proxies that it believes. The page would take its address
    from X-Forwarded-Host of anybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            scope["headers"] = [(name, value) for name, value in scope["headers"] if not _is_claim(name)]
        await self._app(scope, receive, send)


def _is_claim(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in {b"forwarded", b"x-gradio-server"}
