"""Where members come from, and which addresses stand for one of them."""

from __future__ import annotations

import pytest

from messango.room.remote_peer import Peer, holds, network_of, only_this, written


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::7/128", "2001:db8::7/128"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("fe80::7%eth0", "fe80::7/128"),
        ("::1", "::1/128"),
    ],
)
def test_what_an_address_stands_for(text: str, network: str) -> None:
    """An IPv6 address for its household, but not for all on its link; what is written is read the same."""
    assert written(network_of(text)) == network
    assert network_of(written(network_of(text))) == network_of(text)


@pytest.mark.parametrize(
    "text", ["", "bob", "10", "192.0.2.300", "192.0.2.0/33", "fe80:::1", "1.2.3.4%eth0/", "%"]
)
def test_what_is_no_address(text: str) -> None:
    """Is said so."""
    with pytest.raises(ValueError):  # noqa: PT011 (whatever `ipaddress` says)
        network_of(text)


def test_who_is_in_a_network() -> None:
    """Also with a scope; nobody without an address, nor one of the other family."""
    assert holds(network_of("fe80::7"), "fe80::7%eth0")
    assert holds(network_of("192.0.2.0/24"), "192.0.2.9")
    assert not holds(network_of("192.0.2.0/24"), "2001:db8::1")
    assert not holds(network_of("192.0.2.0/24"), "")


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        (Peer("192.0.2.7", 1, at="192.0.2.1"), "192.0.2.7"),
        (Peer("2001:db8:1::7", 1, at="2001:db8:2::1"), "2001:db8:1::/64"),
        (Peer("2001:db8:1::7", 1, at="2001:db8:1::1"), "2001:db8:1::7/128"),
        (Peer("fe80::7%eth0", 1, at="fe80::1"), "fe80::7/128"),
    ],
)
def test_what_keeps_a_member_out(peer: Peer, network: str) -> None:
    """On a network that the host is in too, a /64 is everybody's: then it is the one address."""
    assert written(peer.network) == network
    assert not peer.is_here
    assert only_this(peer.host).num_addresses == 1
