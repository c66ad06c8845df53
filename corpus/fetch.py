"""One web page over HTTP."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
_SECONDS = 20.0  # without a byte
_ALL_SECONDS = 60.0
_HEADERS = {"User-Agent": "pullquote (+quotes articles)", "Accept": "text/html,application/xhtml+xml,*/*;q=0.5"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent: the address after redirects, the bytes, and the content type it stated."""

    url: str
    body: bytes
    content_type: str

    @property
    def charset(self) -> str | None:
        """The encoding in the content type."""
        found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.content_type, re.IGNORECASE)
        return found[1] if found else None


class FetchFailed(Exception):
    """The page could not be fetched; check the address, or save the page and add the file."""


def fetch(url: str, seconds: float = _SECONDS) -> Page:
    """The page at an http or https address; FetchFailed says why there is none.

    `seconds` is how long the server may stay silent.
    """
    import httpx

    if not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE):
        raise FetchFailed(f"{url[:200]!r} is no web address; it must begin with http:// or https://.")
    deadline = time.monotonic() + _ALL_SECONDS
    try:
        with (
            httpx.Client(
                follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=seconds, headers=_HEADERS
            ) as client,
            client.stream("GET", url) as response,
        ):
            if not response.is_success:
                raise FetchFailed(f"{url} answered {response.status_code}; check the address in a browser.")
            body = _body(response, deadline)
            return Page(str(response.url), body, response.headers.get("content-type", ""))
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
