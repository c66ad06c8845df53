"""The normalised form of a web address, by which an article is known from one sync to the next."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_MAX_LENGTH = 4096  # characters


def normalised(address: str, base: str | None = None) -> str | None:
    """The absolute http or https address in the form that a fetched page reports; None for others and where it has a
    login.

    Scheme and host are in lower case, default ports and fragments are left out, characters are percent-encoded where
    needed. Of the query only utm_ parameters are left out: they name a campaign and never an article, while `id`, `cid`
    or `source` may. The rest of it stays as written, in its order.
    """
    import httpx

    written = re.sub(r"&(?:amp;)+", "&", address.strip())  # escaped twice; no query means it
    if not written or len(written) > _MAX_LENGTH:
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
