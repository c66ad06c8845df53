"""The sessions of browsers that have shown a token: what their cookie holds in its place."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from time import time

SESSION_SECONDS = 30 * 24 * 3600  # that a browser stays let in


class Sessions:
    """Cookies that only this server can make; they hold nothing of a token, and end with the server."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def begin(self) -> str:
        """The cookie of a new session."""
        facts = f"{int(time()) + SESSION_SECONDS}.{secrets.token_hex(8)}"
        return f"{facts}.{self._signature(facts)}"

    def holds(self, cookie: str) -> bool:
        """Whether the cookie is of a session that has not ended."""
        facts, _, signature = cookie.rpartition(".")
        is_ours = hmac.compare_digest(signature.encode("utf-8", "surrogateescape"), self._signature(facts).encode())
        return is_ours and int(facts.partition(".")[0]) > time()

    def _signature(self, facts: str) -> str:
        return hmac.digest(self._key, facts.encode("utf-8", "surrogateescape"), sha256).hex()
