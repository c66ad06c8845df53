"""A page that the user of this machine named: wherever it is, but no public site leads into his network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from corpus.web.fetch import MAX_REDIRECTS, FetchedPage, NotPublic, fetch

PrivateSites = dict[str, Sequence[str]]  # sites that need not be public -> their addresses


def fetch_named(url: str) -> FetchedPage:
    """The page, through the proxy that the environment names, if any; NotPublic as in `as_named`, FetchFailed."""
    from corpus.web.ssrf_transport import NamedTransport

    private: PrivateSites = {}
    return as_named(private, lambda: fetch(url, make_transport=partial(NamedTransport, private)))


def as_named(private: PrivateSites, ask: Callable[[], FetchedPage]) -> FetchedPage:
    """The page that `ask` fetches; its site, and those to which private sites redirect, are added to `private`.

    NotPublic where a public site redirects to one that is not.
    """
    for _ in range(MAX_REDIRECTS):
        try:
            return ask()
        except NotPublic as refusal:
            if refusal.redirected_by and refusal.redirected_by not in private:
                raise
            private[refusal.host.site] = refusal.host.addresses
    return ask()
