"""One web page over HTTP; of a page that was fetched before, only whether it has changed."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
_SECONDS = 20.0  # without a byte
_ALL_SECONDS = 60.0
AGENT = "pullquote"  # what a robots.txt calls us
_HEADERS = {"User-Agent": f"{AGENT} (+quotes articles)", "Accept": "text/html,application/xhtml+xml,*/*;q=0.5"}
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
class Page:
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


class FetchFailed(Exception):
    """The page could not be fetched; check the address, or save the page and add the file.

    `status` is what the server answered, if it did; `retry_after` the seconds for which it then asks to be left alone.
    """

    def __init__(self, reason: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after

    @property
    def is_lasting(self) -> bool:
        """Whether the server says that there is no such page, or none for us: to ask again soon is of no use."""
        return self.status in range(400, 500) and self.status not in _PASSING


def fetch(url: str, seconds: float = _SECONDS, validators: Validators | None = None) -> Page:
    """The page at an http or https address; FetchFailed says why there is none.

    `seconds` is how long the server may stay silent; `validators` are those of the page as it was last fetched: if it
    has not changed since, it is not sent again.
    """
    import httpx

    if not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE):
        raise FetchFailed(f"{url[:200]!r} is no web address; it must begin with http:// or https://.")
    deadline = time.monotonic() + _ALL_SECONDS
    before = validators or Validators()
    condition = before.headers()
    try:
        with _client(seconds) as client, client.stream("GET", url, headers=condition) as response:
            unchanged = response.status_code == httpx.codes.NOT_MODIFIED and bool(condition)
            if not (response.is_success or unchanged):
                raise _refused(url, response)
            body = b"" if unchanged else _body(response, deadline)
            kept = _validators(response, before if unchanged else Validators())
            return Page(str(response.url), body, response.headers.get("content-type", ""), kept, not unchanged)
    except httpx.TimeoutException as fault:
        raise FetchFailed(f"{url} did not answer in time; try again, or save the page and add the file.") from fault
    except httpx.TooManyRedirects as fault:
        raise FetchFailed(
            f"{url} redirects more than {MAX_REDIRECTS} times; check the address in a browser."
        ) from fault
    except httpx.UnsupportedProtocol as fault:
        raise FetchFailed(f"{url} leads away from the web; save the page and add the file.") from fault
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        why = str(fault).rstrip(".") or type(fault).__name__
        raise FetchFailed(
            f"{url} cannot be fetched ({why}); check the address, or save the page and add the file."
        ) from fault


def _client(seconds: float) -> httpx.Client:
    """What sends every request, those that follow a redirect too."""
    import httpx

    return httpx.Client(follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=seconds, headers=_HEADERS)


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


def _body(response: httpx.Response, deadline: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > MAX_BYTES:
            raise FetchFailed(
                f"{response.url} is larger than {MAX_BYTES // 2**20} MB; save the article itself as a file."
            )
        if time.monotonic() > deadline:
            raise FetchFailed(f"{response.url} sends too slowly; try again, or save the page and add the file.")
        pieces.append(piece)
    return b"".join(pieces)
