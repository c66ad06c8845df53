"""Who counts as one client."""

import pytest

from rag.api.access.clients import client_at, client_of


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_the_network_of_a_subscriber_or_an_address(address, client):
    assert client_at(address) == client
    assert client_of({"client": (address, 1)}) == client


@pytest.mark.parametrize("scope", [{}, {"client": None}])
def test_where_no_address_is_known_all_are_one_client(scope):
    assert client_of(scope) == ""
