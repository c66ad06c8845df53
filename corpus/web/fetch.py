"""One web page over HTTP; of a page that was fetched before, only whether it has changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from corpus.errors import PullquoteError
from corpus.web.address import site
from corpus.web.content_encoding import ACCEPTED, BadEncoding, decompressed
from corpus.web.media_type import is_binary, unreadable
from corpus.web.request_deadline import Deadline

if TYPE_CHECKING:
    import httpx

    from corpus.web.ssrf_transport import NotPublicHost

MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
_TIMEOUT = 20.0  # seconds without a byte
_TOTAL_TIMEOUT = 60.0  # seconds for the look-up, the redirects and the page together
AGENT = "pullquote"  # our name in a robots.txt
_HEADERS = {
    "User-Agent": f"{AGENT} (+quotes articles)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Encoding": ACCEPTED,
}
_BUSY = (429, 503)
_TEMPORARY = (408, 425, 429)  # of the client errors


@dataclass(frozen=True, slots=True)
class Validators:
    """The ETag and Last-Modified headers of a response, word for word, by which a version of a page is known."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The request headers that ask for the page only if it has changed, of those values that a header can hold."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A response: the address after redirects, the body, the Content-Type header.

    `validators` belong in the next request for the page. Where `modified` is false, the server confirmed the version
    asked about and `body` is empty.
    """

    url: str
    body: bytes
    content_type: str
    validators: Validators = Validators()
    modified: bool = True

    @property
    def charset(self) -> str | None:
        found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.content_type, re.IGNORECASE)
        return found[1] if found else None


class FetchFailed(PullquoteError):
    """The page could not be fetched; check the address, or save the page and add the file.

    `site_status` is the HTTP status of the response, None where there was none; `site_pause` is the number of seconds
    to wait that it asks for.
    """

    def __init__(self, reason: str, site_status: int | None = None, site_pause: float | None = None) -> None:
        super().__init__(reason)
        self.site_status = site_status
        self.site_pause = site_pause

    @property
    def is_lasting(self) -> bool:
        """Whether another request would soon fail the same way."""
        return self.site_status in range(400, 500) and self.site_status not in _TEMPORARY


class NotPublic(FetchFailed):
    """The page is on this machine or in its network, where nobody else may lead us; save it and add the file.

    `host` is the host that is not public, `redirected_by` the site that redirects to it, if one does.
    """

    is_lasting = True

    def __init__(self, url: str, host: NotPublicHost, redirected_by: str | None = None) -> None:
        where = f"leads to {host.host}, which is" if redirected_by else "is"
        fetch_it = "name that page itself to" if redirected_by else "fetch it with"
        super().__init__(
            f"{url} {where} at no public address; {fetch_it} `pullquote add` on the command line, "
            "or save the page and add the file."
        )
        self.host = host
        self.redirected_by = redirected_by


class NoText(FetchFailed):
    """The address leads to pictures, sound or an archive; name the page of the article, or add the file itself."""

    is_lasting = True

    def __init__(self, url: str, kind: str) -> None:
        super().__init__(
            f"{url} is {kind}, which no article is read from; name the article's page, or save it and add the file."
        )


MakeTransport = Callable[[], "httpx.BaseTransport"]


def fetch(
    url: str,
    timeout: float = _TIMEOUT,
    validators: Validators | None = None,
    make_transport: MakeTransport | None = None,
) -> FetchedPage:
    """The page at an http or https address; FetchFailed where there is none.

    `timeout` is in seconds without a byte. `validators` are those of the page as it was last fetched: an unchanged page
    is not sent again. `make_transport` is `PublicTransport` where the address comes from somebody else than the user of
    this machine: then addresses that only this machine can reach are NotPublic. Without it every address may be
    reached; `corpus.web.named` is for those that the user named.
    """
    import httpx

    if not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE):
        raise FetchFailed(f"{url[:200]!r} is no web address; it must begin with http:// or https://.")
    before = validators or Validators()
    condition = before.headers()
    transport = make_transport() if make_transport else None
    with Deadline(_TOTAL_TIMEOUT) as deadline:
        try:
            with (
                httpx.Client(timeout=timeout, headers=_HEADERS, transport=transport) as client,
                closing(_response(client, url, condition, deadline)) as response,
            ):
                unchanged = response.status_code == httpx.codes.NOT_MODIFIED and bool(condition)
                if not (response.is_success or unchanged):
                    raise _status_error(url, response)
                body = b"" if unchanged else _body(response, deadline)
                now = _validators(response, before if unchanged else Validators())
                content_type = response.headers.get("content-type", "")
                return FetchedPage(str(response.url), body, content_type, now, not unchanged)
        except (httpx.HTTPError, httpx.InvalidURL, BadEncoding) as fault:
            raise _too_slow(url) if deadline.is_over else _failure(url, fault) from fault


def _response(client: httpx.Client, url: str, condition: dict[str, str], deadline: Deadline) -> httpx.Response:
    """The response after all redirects, its body not yet read; the bodies of redirects are never read."""
    import httpx

    from corpus.web.ssrf_transport import NotPublicHost

    request = client.build_request("GET", url, headers=condition)
    redirected_by = None
    for _ in range(MAX_REDIRECTS + 1):
        timeouts = request.extensions["timeout"]
        request.extensions = {
            "timeout": {of: min(seconds, deadline.left) for of, seconds in timeouts.items()},
            "trace": deadline.trace,
        }
        if deadline.is_over:
            raise httpx.ReadTimeout("the time is over", request=request)
        try:
            response = client.send(request, stream=True)
        except NotPublicHost as host:
            raise NotPublic(url, host, redirected_by) from host
        if response.next_request is None:
            return response
        response.close()
        redirected_by = site(str(request.url))
        request = response.next_request
    raise httpx.TooManyRedirects("", request=request)


def _validators(response: httpx.Response, before: Validators) -> Validators:
    """Those of the response; a 304 need not repeat the request's."""
    etag, last_modified = response.headers.get("etag"), response.headers.get("last-modified")
    return Validators(etag or before.etag, last_modified or before.last_modified)


def _failure(url: str, fault: Exception) -> FetchFailed:
    import httpx

    if isinstance(fault, httpx.TimeoutException):
        return FetchFailed(f"{url} did not answer in time; try again, or save the page and add the file.")
    if isinstance(fault, httpx.TooManyRedirects):
        return FetchFailed(f"{url} redirects more than {MAX_REDIRECTS} times; check the address in a browser.")
    if isinstance(fault, httpx.UnsupportedProtocol):
        return FetchFailed(f"{url} leads away from the web; save the page and add the file.")
    why = str(fault).rstrip(".") or type(fault).__name__
    return FetchFailed(f"{url} cannot be fetched ({why}); check the address, or save the page and add the file.")


def _too_slow(url: str) -> FetchFailed:
    return FetchFailed(f"{url} sends too slowly; try again, or save the page and add the file.")


def _status_error(url: str, response: httpx.Response) -> FetchFailed:
    status = response.status_code
    if status not in _BUSY:
        return FetchFailed(f"{url} answered {status}; check the address in a browser.", status)
    wait = _retry_after(response.headers.get("retry-after", ""))
    asks = "" if wait is None else f" and asks to be left alone for {wait:.0f} seconds"
    return FetchFailed(f"{url} answered {status}{asks}; try again later.", status, wait)


def _retry_after(header: str) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or until a date; None where it is neither."""
    if re.fullmatch(r"\d{1,9}", header.strip(), re.ASCII):
        return float(header)
    try:
        until = parsedate_to_datetime(header).replace(tzinfo=dt.UTC)  # HTTP dates are in GMT
    except (ValueError, OverflowError):
        return None
    return max((until - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)


def _body(response: httpx.Response, deadline: Deadline) -> bytes:
    """The decompressed body; FetchFailed where it is over MAX_BYTES, or NoText."""
    url = str(response.url)
    content_type = response.headers.get("content-type", "")
    if kind := unreadable(content_type):
        raise NoText(url, kind)
    body = bytearray()
    for piece in decompressed(response.iter_raw(), response.headers.get("content-encoding", "")):
        body += piece
        if len(body) > MAX_BYTES:
            raise FetchFailed(f"{url} is larger than {MAX_BYTES // 2**20} MB; save the article itself as a file.")
        if deadline.is_over:
            break
    if deadline.is_over:  # a connection that was cut looks like the end of a body that states no length
        raise _too_slow(url)
    if is_binary(content_type, body):
        raise NoText(url, "a binary file")
    return bytes(body)
