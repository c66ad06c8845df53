"""The one form of a web address, by which an article is known from one sync to the next."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_LONGEST = 4096  # characters


def normalised(address: str, base: str | None = None) -> str | None:
    """The absolute http or https address, as a fetched page reports its own; None where it is none or holds a login.

    Host and scheme in lower case, no port that goes without saying, no fragment, percent signs where they are needed.
    Of the query only the utm_ parameters go: they name a campaign and never an article, while `id`, `cid` or `source`
    may do so. The rest of it, its order too, stays as it is written.
    """
    import httpx

    written = re.sub(r"&(?:amp;)+", "&", address.strip())  # what was escaped twice; no query means it
    if not written or len(written) > _LONGEST:
        return None
    try:
        url = httpx.URL(urljoin(base, written) if base else written)
    except (httpx.InvalidURL, ValueError):  # no address, or a lone surrogate
        return None
    is_host = re.fullmatch(r"[\w.:-]+", url.host) and (url.port or 0) < 2**16
    if url.scheme not in ("http", "https") or not is_host or url.userinfo:
        return None
    parts = urlsplit(str(url))
    query = "&".join(part for part in parts.query.split("&") if not part.lower().startswith("utm_"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def site(address: str) -> str:
    """The host and port of a normalised address, without a leading "www."."""
    import httpx

    return httpx.URL(address).netloc.decode("ascii").removeprefix("www.")
