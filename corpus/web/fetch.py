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
from corpus.web.content_encoding import ACCEPTED, Unpackable, unpacked
from corpus.web.media_type import is_binary, unreadable
from corpus.web.request_deadline import Deadline

if TYPE_CHECKING:
    import httpx

    from corpus.web.ssrf_transport import NotPublicHost

MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
_SECONDS = 20.0  # without a byte
_ALL_SECONDS = 60.0  # for looking up, redirects and the page together
AGENT = "pullquote"  # what a robots.txt calls us
_HEADERS = {
    "User-Agent": f"{AGENT} (+quotes articles)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Encoding": ACCEPTED,
}
_BUSY = (429, 503)
_PASSING = (408, 425, 429)  # of the answers that put it down to who asks


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says to know a version of a page by: its ETag and Last-Modified headers, word for word."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The request headers that ask for the page only if it is no longer this version.

        Empty where there is no validator, or none that a header can hold.
        """
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a server sent: the address after redirects, the bytes, and the content type it stated.

    `validators` are what to ask with next time; where `modified` is false, the version asked with still stands and no
    bytes were sent.
    """

    url: str
    body: bytes
    content_type: str
    validators: Validators = Validators()
    modified: bool = True

    @property
    def charset(self) -> str | None:
        """The encoding in the content type."""
        found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.content_type, re.IGNORECASE)
        return found[1] if found else None


class FetchFailed(PullquoteError):
    """The page could not be fetched; check the address, or save the page and add the file.

    `site_status` is the HTTP status that the site answered with, None where it did not answer; `site_pause` is the
    number of seconds for which it then asks to be left alone.
    """

    def __init__(self, reason: str, site_status: int | None = None, site_pause: float | None = None) -> None:
        super().__init__(reason)
        self.site_status = site_status
        self.site_pause = site_pause

    @property
    def is_lasting(self) -> bool:
        """Whether the server says that there is no such page, or none for us: to ask again soon is of no use."""
        return self.site_status in range(400, 500) and self.site_status not in _PASSING


class NotPublic(FetchFailed):
    """The page is on this machine or in its network, where nobody else may lead us; save it and add the file.

    `found` is where it would have been, `led_by` the site that redirects there, if one does.
    """

    def __init__(self, url: str, found: NotPublicHost, led_by: str | None = None) -> None:
        where = f"leads to {found.host}, which is" if led_by else "is"
        super().__init__(
            f"{url} {where} at no public address; fetch it with `pullquote add` on the command line, "
            "or save the page and add the file."
        )
        self.found = found
        self.led_by = led_by

    @property
    def is_lasting(self) -> bool:
        """A host seldom moves."""
        return True


class NoText(FetchFailed):
    """The address leads to pictures, sound or an archive; name the page of the article, or add the file itself."""

    def __init__(self, url: str, kind: str) -> None:
        super().__init__(
            f"{url} is {kind}, which no article is read from; name the article's page, or save it and add the file."
        )

    @property
    def is_lasting(self) -> bool:
        """What is a picture stays one."""
        return True


Through = Callable[[], "httpx.BaseTransport"]


def fetch(
    url: str, seconds: float = _SECONDS, validators: Validators | None = None, through: Through | None = None
) -> FetchedPage:
    """The page at an http or https address; FetchFailed says why there is none.

    `seconds` is how long the server may stay silent; `validators` are those of the page as it was last fetched: if it
    has not changed since, it is not sent again. `through` makes what connects: `PublicTransport` where another than who
    sits at this machine gave the address, so that NotPublic refuses those that only this machine can reach. Without it
    any may be reached, and by the proxy that the environment names.
    """
    import httpx

    if not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE):
        raise FetchFailed(f"{url[:200]!r} is no web address; it must begin with http:// or https://.")
    before = validators or Validators()
    condition = before.headers()
    with Deadline(_ALL_SECONDS) as deadline:
        try:
            with _client(seconds, through) as client, closing(_answer(client, url, condition, deadline)) as response:
                unchanged = response.status_code == httpx.codes.NOT_MODIFIED and bool(condition)
                if not (response.is_success or unchanged):
                    raise _refused(url, response)
                body = b"" if unchanged else _body(response, deadline)
                kept = _validators(response, before if unchanged else Validators())
                return FetchedPage(
                    str(response.url), body, response.headers.get("content-type", ""), kept, not unchanged
                )
        except (httpx.HTTPError, httpx.InvalidURL, Unpackable) as fault:
            raise _too_slow(url) if deadline.is_over else _failed(url, fault) from fault


def _client(seconds: float, through: Through | None) -> httpx.Client:
    """What sends every request, those that follow a redirect too."""
    import httpx

    return httpx.Client(timeout=seconds, headers=_HEADERS, transport=through() if through else None)


def _answer(client: httpx.Client, url: str, condition: dict[str, str], deadline: Deadline) -> httpx.Response:
    """What stands at the end of all redirects, its body yet to come; the bodies of redirects are not read."""
    import httpx

    from corpus.web.ssrf_transport import NotPublicHost

    request = client.build_request("GET", url, headers=condition)
    led_by = None
    for _ in range(MAX_REDIRECTS + 1):
        waits = request.extensions["timeout"]
        request.extensions = {
            "timeout": {of: min(seconds, deadline.left) for of, seconds in waits.items()},
            "trace": deadline.trace,
        }
        if deadline.is_over:
            raise httpx.ReadTimeout("the time is over", request=request)
        try:
            response = client.send(request, stream=True)
        except NotPublicHost as host:
            raise NotPublic(url, host, led_by) from host
        if response.next_request is None:
            return response
        response.close()
        led_by = site(str(request.url))
        request = response.next_request
    raise httpx.TooManyRedirects("", request=request)


def _failed(url: str, fault: Exception) -> FetchFailed:
    """What went wrong, as a sentence."""
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


def _validators(response: httpx.Response, before: Validators) -> Validators:
    """Those that the server states; a 304 need not repeat what was asked with."""
    etag, last_modified = response.headers.get("etag"), response.headers.get("last-modified")
    return Validators(etag or before.etag, last_modified or before.last_modified)


def _refused(url: str, response: httpx.Response) -> FetchFailed:
    status = response.status_code
    if status not in _BUSY:
        return FetchFailed(f"{url} answered {status}; check the address in a browser.", status)
    wait = _retry_after(response.headers.get("retry-after", ""))
    asks = "" if wait is None else f" and asks to be left alone for {wait:.0f} seconds"
    return FetchFailed(f"{url} answered {status}{asks}; try again later.", status, wait)


def _retry_after(stated: str) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or until a date; None where it states neither."""
    if re.fullmatch(r"\d{1,9}", stated.strip(), re.ASCII):
        return float(stated)
    try:
        until = parsedate_to_datetime(stated).replace(tzinfo=dt.UTC)  # HTTP dates are in GMT
    except (ValueError, OverflowError):
        return None
    return max((until - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)


def _body(response: httpx.Response, deadline: Deadline) -> bytes:
    """The body unpacked, up to MAX_BYTES."""
    url = str(response.url)
    content_type = response.headers.get("content-type", "")
    if kind := unreadable(content_type):
        raise NoText(url, kind)
    body = bytearray()
    for piece in unpacked(response.iter_raw(), response.headers.get("content-encoding", "")):
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
