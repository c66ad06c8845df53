"""The base of every error that is told to a user."""

from __future__ import annotations


class PullquoteError(Exception):
    """A mistake of the user or a state of the library, in one sentence that ends in a way out.

    `status` is the HTTP status; with 500, the fault is the server's. `retry_after` is the number of seconds after which
    to try again, None where waiting alone changes nothing.
    """

    status: int = 500
    retry_after: int | None = None

    @property
    def public(self) -> str | None:
        """The sentence for HTTP clients, which never says where the library lies; None where only the log says it."""
        return None if self.status == 500 else str(self)


def sqlite_code(error: BaseException) -> int:
    """SQLite's primary result code of an error; 0 where SQLite did not raise it, but Python did."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
