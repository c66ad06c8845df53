from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.web.ip_policy import is_public


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "93.184.215.14", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.1.1", "192.167.1.1", "198.17.1.1", "223.255.255.255", "1.0.0.0",
        "2606:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::1", "2001:200::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ],
)  # fmt: skip
def test_anybody_can_reach_a_public_address(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "100.100.100.200", "100.127.255.255", "169.254.169.254", "192.0.0.192", "192.0.0.9", "192.0.2.1",
        "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "fe80::1", "fe80::1%eth0", "2606:4700::1111%2", "fec0::1", "fc00::1",
        "fd00:ec2::254", "ff02::1", "ff0e::1", "100::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1",
        "2001::4136:e378:8000:63bf:3fff:fdd2", "2002:7f00:1::", "2002:808:808::", "2001:10::1", "2001:20::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8%1", "::ffff:0:8.8.8.8",
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "64:ff9b:1::7f00:1",
        "", "localhost", "8.8.8", "134744072", "0x8.8.8.8", "08.8.8.8", "8.8.8.8/32", "8.8.8.8 ",
    ],
)  # fmt: skip
def test_all_others_are_not_public(address):
    assert not is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_inside_another_is_judged_by_itself(number):
    plain = is_public(str(IPv4Address(number)))
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        assert is_public(str(IPv6Address(int(IPv6Address(prefix)) + number))) is plain
