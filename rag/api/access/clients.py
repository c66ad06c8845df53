"""Who asks: what the shares of rates, connections, bodies, conversations and guesses are counted by."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network

from starlette.types import Scope

_SUBSCRIBER_BITS = 64  # of an IPv6 address; a subscriber chooses the others as he likes


def client_of(scope: Scope) -> str:
    """The client that a request came from; "" where its address is not known."""
    return client_at((scope.get("client") or ("",))[0])


def client_at(address: str) -> str:
    """The client at an address: of IPv6, the network of its subscriber (/64); else the address itself."""
    try:
        parsed = IPv6Address(address)
    except ValueError:  # IPv4, or no address at all
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _SUBSCRIBER_BITS), strict=False))
