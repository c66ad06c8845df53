"""Which IP addresses anybody can reach, and which belong to this machine or its network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# From IANA's registries of special-purpose addresses: those that are not globally reachable, and those that lead to an
# IPv4 address elsewhere. Python's own tables differ from version to version, so they are used only to refuse more.
_SPECIAL_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "168.63.129.16/32"  # registered to a cloud, and an internal service of all its machines
    ).split()
]
_UNICAST_6 = IPv6Network("2000::/3")
_SPECIAL_6 = [
    IPv6Network(network)
    for network in (
        "2001::/23 "  # Teredo, benchmarks, overlay identifiers
        "2001:db8::/32 3fff::/20 "  # documentation
        "2002::/16"  # 6to4: given up (RFC 7526), and an IPv4 address is inside
    ).split()
]
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is its end; 64:ff9b:1::/48 is for local use


def is_public(address: str) -> bool:
    """Whether an address is one of a single machine that anybody can reach; False for what is no address.

    An IPv6 address that stands for an IPv4 one (::ffff:0:0/96, 64:ff9b::/96) counts as that one. Networks that
    translate under a prefix of their own cannot be told from others.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inside = _ipv4_inside(ip)
        if inside is None:
            return ip in _UNICAST_6 and ip.is_global and not ip.scope_id and not any(ip in one for one in _SPECIAL_6)
        ip = inside
    return ip.is_global and not any(ip in one for one in _SPECIAL_4)


def _ipv4_inside(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address at which traffic to an IPv6 address ends, if there is one."""
    if ip.scope_id:
        return None
    return ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None)
