"""Addresses and the networks they stand for."""

from __future__ import annotations

import pytest

from messango.room.peer import Peer, contains, format_network, parse_network, single_address


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::7/128", "2001:db8::7/128"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("::FFFF:192.0.2.0/120", "192.0.2.0/24"),
        ("::/0", "::/0"),
        ("fe80::7%eth0", "fe80::/64"),
        ("::1", "::1/128"),
    ],
)
def test_networks_of_addresses(text: str, network: str) -> None:
    """An IPv6 address stands for its /64, or for an IPv4 address; the text can be parsed again."""
    assert format_network(parse_network(text)) == network
    assert parse_network(format_network(parse_network(text))) == parse_network(text)


@pytest.mark.parametrize(
    "text", ["", "bob", "10", "192.0.2.300", "192.0.2.0/33", "fe80:::1", "1.2.3.4%eth0/", "%"]
)
def test_invalid_addresses(text: str) -> None:
    """They raise an error."""
    with pytest.raises(ValueError):  # noqa: PT011 (whatever `ipaddress` says)
        parse_network(text)


def test_contains() -> None:
    """Also with a scope; no invalid address, and none of the other family."""
    assert contains(parse_network("fe80::7"), "fe80::7%eth0")
    assert contains(parse_network("192.0.2.0/24"), "192.0.2.9")
    assert contains(parse_network("192.0.2.0/24"), "::ffff:192.0.2.9")
    assert not contains(parse_network("192.0.2.0/24"), "2001:db8::1")
    assert not contains(parse_network("192.0.2.0/24"), "")


@pytest.mark.parametrize(
    ("peer", "network", "shared"),
    [
        (Peer("192.0.2.7", 1, local_host="192.0.2.1"), "192.0.2.7", False),
        (Peer("2001:db8:1::7", 1, local_host="2001:db8:2::1"), "2001:db8:1::/64", False),
        (Peer("2001:db8:1::7", 1, local_host="2001:db8:1::1"), "2001:db8:1::/64", True),
        (Peer("fe80::7%eth0", 1, local_host="fe80::1"), "fe80::/64", True),
    ],
)
def test_the_network_to_ban(peer: Peer, network: str, *, shared: bool) -> None:
    """The /64, in which on a LAN the host is too."""
    assert format_network(peer.network) == network
    assert peer.shares_our_network is shared
    assert not peer.is_local
    assert single_address(peer.host).num_addresses == 1


@pytest.mark.parametrize(
    ("peer", "keys"),
    [
        (Peer("192.0.2.7", 1, local_host="192.0.2.1"), ("192.0.2.7/32",)),
        (Peer("::1", 1), ("::1/128",)),
        (Peer("2001:db8:1::7", 1, local_host="2001:db8:2::1"), ("2001:db8:1::7/128", "2001:db8:1::/64")),
        (Peer("2001:db8:1::7", 1, local_host="2001:db8:1::1"), ("2001:db8:1::7/128",)),
        (Peer("fe80::7%eth0", 1, local_host="fe80::1"), ("fe80::7/128",)),
        (Peer("no address", 1), ("no address",)),
    ],
)
def test_what_limits_count(peer: Peer, keys: tuple[str, ...]) -> None:
    """The address, and a /64 that is not our own."""
    assert peer.limit_keys == keys
