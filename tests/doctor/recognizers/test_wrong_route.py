"""Packets that leave by the wrong interface."""

from __future__ import annotations

import pytest

from messango.doctor.findings import Severity
from messango.doctor.recognizers.scene import HostFacts, Route
from messango.doctor.recognizers.wrong_route import (
    INTERNET,
    doubled_subnet,
    two_interfaces,
    vpn_takes_all,
    vpn_takes_lan,
    vpn_takes_neighbors,
)
from messango.transport.dialing.dial_failure import FailureKind
from tests.doctor.factories import own, scene, text_of

ROOM = "10.77.0.1"
WITH_VPN = own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24", via={ROOM: "10.8.0.2"})


@pytest.fixture(autouse=True)
def _is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands without sudo."""
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)


def test_a_vpn_that_takes_an_address_of_the_lan() -> None:
    """A route to just this address is replaced, not added to one that exists."""
    told = text_of(vpn_takes_lan(scene(WITH_VPN, ROOM, FailureKind.NO_ANSWER)))
    assert "The VPN tun0 (10.8.0.2/24) takes the packets for 10.77.0.1" in told
    assert "`ip route replace 10.77.0.1/32 dev eth0`" in told


def test_a_vpn_that_has_rules_of_its_own() -> None:
    """Routes of the main table would not be looked at."""
    facts = HostFacts(find_route=lambda _: Route("tun0", table="52"))
    told = text_of(vpn_takes_lan(scene(WITH_VPN, ROOM, FailureKind.NO_ANSWER, facts=facts)))
    assert "`ip rule add to 10.77.0.1 lookup main priority 100`" in told


def test_a_vpn_that_is_not_to_blame() -> None:
    """The LAN is used, or the room answers through the VPN."""
    direct = own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24")
    assert vpn_takes_lan(scene(direct, ROOM, FailureKind.NO_ANSWER)) is None
    assert vpn_takes_lan(scene(WITH_VPN, ROOM, FailureKind.REFUSED)) is None


def test_a_room_beyond_the_vpn() -> None:
    """Nobody knows on which side it is, so both are told."""
    networks = own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24", via={"10.9.0.1": "10.8.0.2"})
    told = text_of(vpn_takes_lan(scene(networks, "10.9.0.1", FailureKind.NO_ANSWER)))
    assert "leads through the VPN tun0" in told
    assert "`ip link set tun0 down`" in told


def test_a_vpn_that_takes_all_traffic() -> None:
    """It is a warning: many block the LAN, but not all."""
    networks = own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24", via={INTERNET: "10.8.0.2"})
    finding = vpn_takes_all(scene(networks))
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert vpn_takes_all(scene(own("eth0 10.77.0.2/24", via={INTERNET: "10.77.0.2"}))) is None


@pytest.mark.parametrize("kind", [FailureKind.HOST_UNREACHABLE, FailureKind.REJECTED])
def test_two_cables_with_one_subnet(kind: FailureKind) -> None:
    """The room is perhaps on the other."""
    networks = own("eth0 10.77.0.2/24", "eth1 10.77.0.12/24", via={ROOM: "10.77.0.12"})
    told = text_of(two_interfaces(scene(networks, ROOM, kind)))
    assert "`ip route replace 10.77.0.1/32 dev eth0`" in told
    assert "`ip link set eth1 down`" in told
    assert two_interfaces(scene(networks, ROOM, FailureKind.REFUSED)) is None
    assert doubled_subnet(scene(networks)) is not None


def test_two_networks_are_no_doubled_subnet() -> None:
    """Also two addresses on one cable."""
    assert doubled_subnet(scene(own("eth0 10.77.0.2/24", "eth1 10.77.1.2/24"))) is None
    assert doubled_subnet(scene(own("eth0 10.77.0.2/24"))) is None


def test_a_vpn_that_takes_a_part_of_the_lan() -> None:
    """A host learns it without a room: a computer that was seen shows it, or an end of the subnet."""
    facts = HostFacts(neighbors={"10.77.0.9": True, "10.77.0.77": True})
    for taken in ("10.77.0.77", "10.77.0.254"):
        networks = own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24", via={taken: "10.8.0.2"})
        told = text_of(vpn_takes_neighbors(scene(networks, facts=facts)))
        assert f"The VPN tun0 (10.8.0.2/24) takes the packets for {taken}" in told
    assert vpn_takes_neighbors(scene(own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24"), facts=facts)) is None
    assert vpn_takes_neighbors(scene(own("eth0 10.77.0.2/32"))) is None
