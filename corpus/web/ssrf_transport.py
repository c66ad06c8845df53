"""Requests to public addresses only: each host is looked up once and connected to at the address that was checked.

This keeps a list or page of the web from leading into the reader's own network (server-side request forgery).
"""

from __future__ import annotations

import queue
import socket
import threading
import time
import urllib.request
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
    """Sends a request to its host if all addresses of the host are public, else NotPublicHost.

    A name is looked up once a request, and the connection is made to the address found then: a name server that gives
    another address a moment later gains nothing. The Host header and the certificate stay those of the name. A client
    with its own transport uses no proxy of the environment, which is needed here: a proxy looks names up itself.

    `private_sites` (`corpus.web.address.site` -> addresses) need not be public. `resolve` looks names up. `inner` sends
    the requests to addresses; tests give one in place of the network.
    """

    def __init__(
        self,
        private_sites: Mapping[str, Sequence[str]] | None = None,
        resolve: Resolve = addresses_of,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        self._private_sites = private_sites or {}
        self._resolve = resolve
        # No connection is used twice: one to an address was encrypted for the host that it was made for.
        self._inner = inner or httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._opened = [self._inner]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the first of the host's addresses that a connection can be made to."""
        if request.url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"{request.url.scheme} is not of the web")
        timeout = request.extensions.get("timeout", {}).get("connect") or 5.0
        end = time.monotonic() + timeout
        addresses = self.allowed(request.url, timeout)
        fault: Exception = httpx.ConnectError(f"{request.url.host} has no address")
        for number, address in enumerate(addresses):
            left = (end - time.monotonic()) / (len(addresses) - number)
            if left <= 0:
                break
            try:
                return self._inner.handle_request(_to_address(request, address, left))
            except (httpx.ConnectError, httpx.ConnectTimeout) as failure:
                fault = failure
        raise fault

    def allowed(self, url: httpx.URL, timeout: float) -> Sequence[str]:
        """The addresses of a host, if they may be asked; NotPublicHost, ConnectError, ConnectTimeout."""
        if addresses := self._private_sites.get(site(str(url))):
            return addresses
        addresses = _look_up(self._resolve, url, timeout)
        if not all(map(is_public, addresses)):
            raise NotPublicHost(url, addresses)
        return addresses

    def close(self) -> None:
        for transport in self._opened:
            transport.close()


class NamedTransport(PublicTransport):
    """As PublicTransport, but through the proxy that the environment names for a host, if it names one.

    A proxy looks the host up itself, so it may reach another address than the one that was checked here.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        proxy = _proxy_of(request.url)
        if proxy is None:
            return super().handle_request(request)
        try:
            self.allowed(request.url, request.extensions.get("timeout", {}).get("connect") or 5.0)
        except NotPublicHost:
            raise
        except (httpx.ConnectError, httpx.ConnectTimeout):  # only the proxy knows the host
            pass
        through = httpx.HTTPTransport(proxy=proxy)
        self._opened.append(through)
        return through.handle_request(request)


def _proxy_of(url: httpx.URL) -> str | None:
    """The address of the proxy for a request, None where the environment names none."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(url.host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _look_up(resolve: Resolve, url: httpx.URL, timeout: float) -> Sequence[str]:
    """The addresses of a host, within so many seconds; a look-up that takes longer ends in its own thread."""
    found: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    port = url.port or (443 if url.scheme == "https" else 80)

    def look_up() -> None:
        try:
            found.put(resolve(url.raw_host.decode("ascii"), port))
        except (OSError, UnicodeError) as fault:  # a label may be too long to ask for
            found.put(fault)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = found.get(timeout=timeout)
    except queue.Empty:
        raise httpx.ConnectTimeout(f"{url.host} cannot be looked up in time") from None
    if isinstance(answer, Exception):
        raise httpx.ConnectError(str(answer)) from answer
    return answer


def _to_address(request: httpx.Request, address: str, timeout: float) -> httpx.Request:
    """The same request to an address; its Host header stays, and the certificate has to be that host's."""
    extensions = dict(request.extensions)
    extensions["timeout"] = {**extensions.get("timeout", {}), "connect": timeout}
    extensions["sni_hostname"] = request.url.raw_host.decode("ascii").rstrip(".")
    url = request.url.copy_with(host=address)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
