"""Whom the server asks, and whose connections prove anything."""

from __future__ import annotations

import pytest

from messango.protocol.limits import MAX_REACH_ADDRESSES
from messango.server.reachability.witnesses import Witness, choose_witnesses, is_elsewhere
from messango.transport.addresses import Address
from tests.support.networks import NETWORKS

LAN, VPN = Address("192.168.1.20", 8000), Address("10.8.0.2", 8000)
CONTAINERS = Address("172.17.0.1", 8000)


def member(number: int, host: str) -> Witness:
    """Return a member at this address."""
    return Witness(number, f"id-{number}", f"Member {number}", host)


BEN, CARL, DORA = member(1, "192.168.1.7"), member(2, "192.168.1.8"), member(3, "10.8.0.9")


@pytest.mark.parametrize(
    ("host", "address", "proves"),
    [
        ("192.168.1.7", "192.168.1.20", True),
        ("198.51.100.7", "192.168.1.20", True),  # through a router
        ("fe80::7%eth0", "192.168.1.20", True),
        ("192.168.1.20", "192.168.1.20", False),
        ("192.168.1.20", "172.17.0.1", False),
        ("127.0.0.1", "127.0.0.1", False),
        ("172.17.0.5", "192.168.1.20", False),  # a container of ours passes no firewall of the LAN
        ("172.17.0.5", "172.17.0.1", True),
    ],
)
def test_only_another_computer_proves_anything(host: str, address: str, *, proves: bool) -> None:
    """This one always reaches itself."""
    assert is_elsewhere(host, address, NETWORKS) is proves


def choose(
    addresses: list[Address], members: list[Witness], *, each: int = 1, others: int = 0
) -> dict[Witness, list[Address]]:
    """Return whom to ask about what."""
    return choose_witnesses(addresses, members, NETWORKS, each=each, most=4, others=others)


def test_members_are_asked_about_the_networks_that_they_are_on() -> None:
    """They would not try anything else."""
    assert choose([LAN, VPN, CONTAINERS], [BEN, DORA]) == {BEN: [LAN], DORA: [VPN]}


def test_the_first_members_are_asked() -> None:
    """As many as are wanted for each address."""
    assert choose([LAN], [BEN, CARL]) == {BEN: [LAN]}
    assert choose([LAN], [BEN, CARL], each=2) == {BEN: [LAN], CARL: [LAN]}
    assert choose([LAN], [], each=2, others=2) == {}


def test_a_member_may_be_on_more_networks_than_one() -> None:
    """So about an address on whose network nobody seems to be, others are asked; not about containers."""
    assert choose([LAN, VPN, CONTAINERS], [BEN, CARL], others=1) == {BEN: [LAN, VPN]}
    assert choose([VPN], [BEN, CARL], others=2) == {BEN: [VPN], CARL: [VPN]}
    many = [Address("10.8.0.2", port) for port in range(1, 100)]
    assert len(choose(many, [BEN], others=1)[BEN]) == MAX_REACH_ADDRESSES


def test_a_member_is_not_asked_about_more_than_they_try() -> None:
    """The next one is asked about the rest."""
    many = [Address("192.168.1.20", port) for port in range(8000, 8006)]
    assert choose(many, [BEN, CARL]) == {BEN: many[:4], CARL: many[4:]}


def test_a_member_on_this_computer_is_never_asked() -> None:
    """Their answer would say nothing about others."""
    here = member(4, "192.168.1.20")
    assert choose([LAN, VPN], [here], each=2, others=2) == {}
