"""The moment by which everything that one fetch does has to be done."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """So many seconds from now on; when they are over, the connection in use is cut.

    A socket's timeout begins anew with each byte, so a server that sends a byte now and then would never time out.
    `trace` is the request extension of that name (httpx), by which the connection is known.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._cut = threading.Event()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(seconds, 0.0), self._expire)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(self._end - time.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        return self._cut.is_set() or not self.left

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Notes a connection as soon as it is made, and again when it is encrypted."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = info["return_value"]
            self._socket = stream.get_extra_info("socket")  # type: ignore[attr-defined]  # an httpcore NetworkStream
            if self._cut.is_set():
                self._expire()

    def _expire(self) -> None:
        self._cut.set()
        if self._socket is not None:
            with suppress(OSError):  # closed meanwhile, or about to be encrypted, for which a timeout stands
                # Of the socket below: that of an SSLSocket takes away what its reader is using.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
