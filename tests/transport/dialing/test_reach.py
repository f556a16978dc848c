"""Which addresses a member tries for the room's host, and what answers there."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.limits import MAX_REACH_ATTEMPTS
from messango.transport.addresses import Address
from messango.transport.dialing.reach import eligible_addresses, try_addresses
from messango.transport.networks.own_networks import OwnNetworks
from tests.support.networks import INTERFACES, NETWORKS
from tests.support.raw_client import TIMEOUT_S
from tests.support.rooms import open_room

PORT = 8000


@pytest.mark.parametrize(
    "text",
    [
        "192.168.1.7",
        "192.168.1.7:8000",
        "10.8.0.1",
        "2001:db8:1::7",
        "[2001:db8:1::7]:8000",
        "[2001:db8:1::7]",
    ],
)
def test_neighbours_are_tried_at_the_own_port(text: str) -> None:
    """However the room writes them."""
    (address,) = eligible_addresses([text], PORT, NETWORKS).values()
    assert address.port == PORT
    assert str(address.host) in text


@pytest.mark.parametrize(
    "text",
    [
        "192.168.1.7:8001",  # another port
        "192.168.1.7:22",
        "192.168.1.20",  # our own
        "192.168.1.255",  # the broadcast address
        "192.168.1.0",
        "192.168.2.7",  # not on our networks
        "198.51.100.7:8000",
        "127.0.0.1",
        "127.0.0.2:8000",
        "[::1]:8000",
        "0.0.0.0",  # noqa: S104 (tried, not bound to)
        "224.0.0.251",
        "255.255.255.255",
        "172.17.0.5",  # a container of ours
        "192.168.9.7",  # the cable is not plugged in
        "fe80::7",  # on which network?
        "fe80::7%eth0",
        "::ffff:192.168.1.7",
        "router.lan",
        "router.lan:8000",
        "localhost",
        "3232235783",
        "0xc0a80107",
        "192.168.1.7:",
        "192.168.1.7:8000:8000",
        "http://192.168.1.7:8000/",
        "",
        "\x00",
    ],
)
def test_nothing_else_is_tried(text: str) -> None:
    """A room must not make its visitors speak to others than itself."""
    assert eligible_addresses([text], PORT, NETWORKS) == {}


def test_a_network_whose_route_a_vpn_has_taken_is_not_tried() -> None:
    """The attempt would go elsewhere, and say nothing about the room."""
    networks = OwnNetworks(INTERFACES, lambda _: "10.8.0.2")
    assert eligible_addresses(["192.168.1.7"], PORT, networks) == {}


@given(
    st.lists(st.integers(0, 2**32 - 1).map(lambda n: str(ipaddress.ip_address(n))) | st.text(), max_size=64)
)
def test_at_most_a_few_are_tried_and_only_neighbours(texts: list[str]) -> None:
    """Whatever the room sends."""
    neighbours = [f"192.168.1.{number}" for number in range(1, 20)]
    for sent in (texts, [*texts, *neighbours], [*neighbours, *texts]):
        tried = eligible_addresses(sent, PORT, NETWORKS)
        assert len(tried) <= MAX_REACH_ATTEMPTS
        for address in tried.values():
            assert address.port == PORT
            assert not NETWORKS.is_own(address.host)
            assert NETWORKS.network_of(address.host) is not None
            assert not ipaddress.ip_address(address.host).is_loopback


def test_only_the_rooms_certificate_counts() -> None:
    """Not another one, and not a program that says nothing; that takes no longer than allowed."""
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, open_room() as server:
        room, stuck = Address("127.0.0.1", server.port), Address("127.0.0.1", silent.getsockname()[1])
        assert tried([room], server.fingerprint) == {room: True}
        assert tried([room], server.fingerprint[::-1]) == {room: False}
        assert tried([stuck], server.fingerprint, timeout_s=0.2) == {stuck: False}
        assert tried([], server.fingerprint) == {}


def test_what_this_computer_cannot_try_is_left_out() -> None:
    """It has no route there, or forbids it: that says nothing about the room."""
    nowhere = Address("255.255.255.255", 8000)
    assert tried([nowhere], "f1") == {}


def test_attempts_end_when_the_visitor_leaves() -> None:
    """Long before their time is up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        stuck = Address("127.0.0.1", silent.getsockname()[1])
        answers = try_addresses([stuck], fingerprint="", timeout_s=TIMEOUT_S, is_cancelled=lambda: True)
        assert not answers.get(stuck)


def tried(addresses: list[Address], fingerprint: str, timeout_s: float = TIMEOUT_S) -> dict[Address, bool]:
    """Try them without being cancelled."""
    return try_addresses(addresses, fingerprint=fingerprint, timeout_s=timeout_s, is_cancelled=lambda: False)
