"""Requests that go to public addresses only: each host looked up once, and its connection made to what was checked."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import httpx

from corpus.web.address import site
from corpus.web.ip_policy import is_public

Resolve = Callable[[str, int], Sequence[str]]


class NotPublicHost(httpx.ConnectError):
    """The host of a request has an address that is not public, so no connection was made.

    `addresses` are all that were found; the sentence does not say them, as they tell of the network.
    """

    def __init__(self, url: httpx.URL, addresses: Sequence[str]) -> None:
        super().__init__(f"{url.host} is at no public address")
        self.host = url.host
        self.site = site(str(url))
        self.addresses = tuple(addresses)


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host as the system finds them, best first; OSError where it finds none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicTransport(httpx.BaseTransport):
    """Sends a request to its host if all addresses of that are public, else NotPublicHost.

    The name is looked up once for a request and the connection is made to the address that was found then, so a name
    server that answers otherwise a moment later gains nothing. Host header and certificate stay those of the name. With
    a transport of its own httpx asks no proxy of the environment, which is needed here: a proxy looks names up itself.

    `own` sites, by their `corpus.web.address.site`, are at the addresses given and need not be public. `resolve` looks
    names up. `inner` is handed the requests to addresses; for tests, in place of the network.
    """

    def __init__(
        self,
        own: Mapping[str, Sequence[str]] | None = None,
        resolve: Resolve = addresses_of,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        self._own = own or {}
        self._resolve = resolve
        # No connection is used twice: one to an address was encrypted for the host that it was made for.
        self._inner = inner or httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first of the host's addresses that a connection can be made to."""
        if request.url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"{request.url.scheme} is not of the web")
        seconds = request.extensions.get("timeout", {}).get("connect") or 5.0
        until = time.monotonic() + seconds
        addresses = self._addresses(request.url, seconds)
        fault: Exception = httpx.ConnectError(f"{request.url.host} has no address")
        for number, address in enumerate(addresses):
            left = (until - time.monotonic()) / (len(addresses) - number)
            if left <= 0:
                break
            try:
                return self._inner.handle_request(_addressed(request, address, left))
            except (httpx.ConnectError, httpx.ConnectTimeout) as failure:
                fault = failure
        raise fault

    def _addresses(self, url: httpx.URL, seconds: float) -> Sequence[str]:
        own = self._own.get(site(str(url)))
        if own:
            return own
        addresses = _in_time(self._resolve, url, seconds)
        if not all(map(is_public, addresses)):
            raise NotPublicHost(url, addresses)
        return addresses

    def close(self) -> None:
        """Closes what connections there are."""
        self._inner.close()


def _in_time(resolve: Resolve, url: httpx.URL, seconds: float) -> Sequence[str]:
    """What a look-up finds; it cannot be stopped, so where it takes longer it goes on by itself until it gives up."""
    found: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    port = url.port or (443 if url.scheme == "https" else 80)

    def look() -> None:
        try:
            found.put(resolve(url.raw_host.decode("ascii"), port))
        except (OSError, UnicodeError) as fault:  # a label may be too long to ask for
            found.put(fault)

    threading.Thread(target=look, daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        raise httpx.ConnectTimeout(f"{url.host} cannot be looked up in time") from None
    if isinstance(answer, Exception):
        raise httpx.ConnectError(str(answer)) from answer
    return answer


def _addressed(request: httpx.Request, address: str, seconds: float) -> httpx.Request:
    """The same request to an address; its host stays what the Host header says and the certificate has to be for."""
    extensions = dict(request.extensions)
    extensions["timeout"] = {**extensions.get("timeout", {}), "connect": seconds}
    extensions["sni_hostname"] = request.url.raw_host.decode("ascii").rstrip(".")
    url = request.url.copy_with(host=address)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
