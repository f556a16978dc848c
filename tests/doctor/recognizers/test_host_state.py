"""What is between us and a room's computer on our own network."""

from __future__ import annotations

import pytest

from messango.doctor.recognizers.host_state import (
    alone,
    host_drops,
    inside_a_nat,
    isolated,
    large_packets_lost,
)
from messango.doctor.recognizers.scene import HostFacts, Route
from messango.transport.dialing.dial_failure import FailureKind
from tests.doctor.factories import own, scene, text_of

LAN = own("eth0 10.77.0.2/24")
ROOM = "10.77.0.1"
ROUTER_ANSWERS = HostFacts(neighbors={"10.77.0.3": True, ROOM: False}, gateways=["10.77.0.3"])


def test_large_packets_that_are_lost() -> None:
    """The command makes both sides send small ones, through the same router as before."""
    facts = HostFacts(find_route=lambda _: Route("eth0", "10.77.0.3"))
    told = text_of(large_packets_lost(scene(LAN, "10.77.1.1", FailureKind.STALLED, facts=facts)))
    assert "ip route replace 10.77.1.1/32 via 10.77.0.3 dev eth0 mtu 576" in told
    assert "Turn off the VPN" in text_of(large_packets_lost(scene(own(), ROOM, FailureKind.STALLED)))
    assert large_packets_lost(scene(LAN, ROOM, FailureKind.SILENT)) is None


def test_a_wifi_that_keeps_its_devices_apart() -> None:
    """The announcement arrives, the computer can't be reached."""
    told = text_of(isolated(scene(LAN, ROOM, FailureKind.HOST_UNREACHABLE, heard=True)))
    assert "The room's announcement arrives" in told
    assert "client isolation" in told


def test_only_the_router_answers() -> None:
    """Isolation, or the room's computer sleeps: both are told, since both look the same."""
    told = text_of(isolated(scene(LAN, ROOM, FailureKind.HOST_UNREACHABLE, facts=ROUTER_ANSWERS)))
    assert "client isolation" in told
    assert "off or asleep" in told
    assert "client isolation" in text_of(alone(scene(LAN, facts=ROUTER_ANSWERS)))


@pytest.mark.parametrize(
    "neighbors", [{"10.77.0.3": False}, {"10.77.0.3": True, "10.77.0.4": True}, {}], ids=str
)
def test_what_is_no_isolation(neighbors: dict[str, bool]) -> None:
    """The router does not answer either, or another computer does: then the room's computer is off."""
    facts = HostFacts(neighbors=neighbors, gateways=["10.77.0.3"])
    assert isolated(scene(LAN, ROOM, FailureKind.HOST_UNREACHABLE, facts=facts)) is None
    assert alone(scene(LAN, facts=facts)) is None


def test_an_awake_computer_whose_firewall_drops() -> None:
    """It was heard, or it has answered for its hardware address since the attempt began (4 s ago)."""
    heard = scene(LAN, ROOM, FailureKind.NO_ANSWER, heard=True)
    assert "its firewall drops them" in text_of(host_drops(heard))
    facts = HostFacts(confirmed_s=lambda _: 3.0)
    assert host_drops(scene(LAN, ROOM, FailureKind.NO_ANSWER, facts=facts)) is not None
    facts = HostFacts(confirmed_s=lambda _: 11.0)
    assert host_drops(scene(LAN, ROOM, FailureKind.NO_ANSWER, facts=facts)) is None


@pytest.mark.parametrize(
    ("inside", "cure"), [("WSL", "networkingMode=mirrored"), ("container", "--network host")]
)
def test_a_network_that_exists_only_on_this_machine(inside: str, cure: str) -> None:
    """Unless the room answers there."""
    facts = HostFacts(inside=inside)  # type: ignore[arg-type]
    assert cure in text_of(inside_a_nat(scene(LAN, facts=facts)))
    assert inside_a_nat(scene(LAN, ROOM, FailureKind.REFUSED, facts=facts)) is None
    assert inside_a_nat(scene(LAN)) is None
