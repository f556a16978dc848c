"""Addresses that can't reach each other, on made-up computers."""

from __future__ import annotations

import pytest

from messango.doctor.findings import Severity
from messango.doctor.recognizers.addressing import (
    dead_router,
    narrow_netmask,
    no_network,
    only_ipv6,
    self_assigned,
    wrong_netmask,
    wrong_subnet,
)
from messango.doctor.recognizers.recognize import recognize
from messango.doctor.recognizers.scene import HostFacts
from messango.transport.dialing.dial_failure import FailureKind
from tests.doctor.factories import own, scene, text_of

LAN = own("eth0 192.168.2.7/24")
ROUTER = HostFacts(gateways=["192.168.2.1"])


@pytest.fixture(autouse=True)
def _is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands without sudo."""
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)


def test_a_computer_without_a_network() -> None:
    """Only loopback, or nothing plugged in; a room on this computer does not need one."""
    assert "only loopback" in text_of(no_network(scene(own("lo 127.0.0.1/8"))))
    unplugged = own("eth0 192.168.2.7/24", carrier=False)
    assert "connected at eth0" in text_of(no_network(scene(unplugged)))
    assert no_network(scene(unplugged, "192.168.2.7")) is None
    assert no_network(scene(LAN)) is None


def test_no_dhcp_on_this_side() -> None:
    """The cure has an address in the room's subnet; without a room it is a warning."""
    here = own("eth0 169.254.7.9/16")
    told = text_of(self_assigned(scene(here, "192.168.1.20", FailureKind.NO_ROUTE)))
    assert "gave itself the address 169.254.7.9 on eth0" in told
    assert "`ip addr add 192.168.1.9/24 dev eth0`" in told
    finding = self_assigned(scene(here))
    assert finding is not None
    assert finding.severity is Severity.WARNING


def test_no_dhcp_on_the_other_side() -> None:
    """This computer adds an address of the same kind, which needs no router; two of the kind just work."""
    told = text_of(self_assigned(scene(LAN, "169.254.7.9", FailureKind.NO_ROUTE)))
    assert "The room's computer gave itself" in told
    assert "`ip addr add 169.254." in told
    assert "/16 dev eth0`" in told
    both = scene(own("eth0 169.254.1.1/16"), "169.254.7.9", FailureKind.NO_ANSWER)
    assert self_assigned(both) is None


def test_another_subnet_on_the_same_cable() -> None:
    """An announcement that is heard proves the cable; otherwise the router may be the only way."""
    heard = text_of(wrong_subnet(scene(LAN, "192.168.1.20", FailureKind.NO_ROUTE, heard=True)))
    assert "though both are on the same network" in heard
    assert "`ip addr add 192.168.1.7/24 dev eth0`" in heard
    unheard = text_of(wrong_subnet(scene(LAN, "192.168.1.20", FailureKind.NO_ANSWER, facts=ROUTER)))
    assert "through the router either" in unheard


@pytest.mark.parametrize(
    ("room", "kind"),
    [
        ("192.168.2.20", FailureKind.NO_ANSWER),  # our own subnet
        ("192.168.1.20", FailureKind.REFUSED),  # it answers
        ("8.8.8.8", FailureKind.NO_ANSWER),  # on the internet
        ("fe80::1%eth0", FailureKind.NO_ANSWER),
    ],
)
def test_what_is_no_wrong_subnet(room: str, kind: FailureKind) -> None:
    """Nothing is concluded from the address alone."""
    assert wrong_subnet(scene(LAN, room, kind, heard=True)) is None


def test_a_netmask_that_is_too_narrow() -> None:
    """The address stays, with the usual netmask; then the wrong one goes."""
    here = own("eth0 192.168.1.7/32")
    told = text_of(wrong_netmask(scene(here, "192.168.1.20", FailureKind.NO_ROUTE)))
    assert "192.168.1.7/32" in told
    assert "`ip addr add 192.168.1.7/24 dev eth0`, then `ip addr del 192.168.1.7/32 dev eth0`" in told
    assert narrow_netmask(scene(here)) is not None
    assert narrow_netmask(scene(LAN)) is None


def test_a_netmask_that_is_too_wide() -> None:
    """The room is behind the router, which is never asked."""
    here = own("eth0 10.1.2.3/8")
    facts = HostFacts(gateways=["10.1.2.1"])
    told = text_of(wrong_netmask(scene(here, "10.9.0.5", FailureKind.HOST_UNREACHABLE, facts=facts)))
    assert "`ip route replace 10.9.0.5/32 via 10.1.2.1 dev eth0`" in told
    assert wrong_netmask(scene(here, "10.9.0.5", FailureKind.NO_ANSWER, facts=facts)) is None
    assert wrong_netmask(scene(here, "10.1.2.5", FailureKind.HOST_UNREACHABLE, facts=facts)) is None


def test_a_computer_with_only_ipv6() -> None:
    """A room that has an IPv6 address too is not lost."""
    here = own("eth0 fe80::7/64")
    assert "only IPv6" in text_of(only_ipv6(scene(here, "192.168.1.20", FailureKind.NO_ROUTE)))
    assert only_ipv6(scene(here, "fe80::20%eth0", FailureKind.NO_ANSWER)) is None
    assert only_ipv6(scene(LAN, "192.168.1.20", FailureKind.NO_ROUTE)) is None
    assert "only IPv6" in text_of(only_ipv6(scene(here)))


@pytest.mark.parametrize(
    ("room", "expected"), [("192.168.1.7", "192.168.1.214"), ("192.168.1.1", "192.168.1.7")]
)
def test_the_address_to_add_is_not_the_rooms(room: str, expected: str) -> None:
    """It ends like our own, unless that is taken."""
    told = text_of(wrong_subnet(scene(LAN, room, FailureKind.NO_ROUTE, heard=True)))
    assert f"`ip addr add {expected}/24 dev eth0`" in told


def test_a_router_that_is_not_there() -> None:
    """Its address was mistyped; a room on our own network, or one that is heard, does not need it."""
    networks = own("eth0 10.77.0.2/24", via={"10.77.1.4": "10.77.0.2"})
    dead = HostFacts(neighbors={"10.77.0.99": False}, gateways=["10.77.0.99"])
    alive = HostFacts(neighbors={"10.77.0.99": True}, gateways=["10.77.0.99"])
    beyond = scene(networks, "10.77.1.4", FailureKind.HOST_UNREACHABLE, facts=dead)
    told = text_of(dead_router(beyond))
    assert "no router answers at 10.77.0.99" in told
    assert (reason := recognize(beyond)) is not None
    assert reason.check == "router"
    for other in (
        scene(networks, "10.77.0.4", FailureKind.HOST_UNREACHABLE, facts=dead),
        scene(networks, "10.77.1.4", FailureKind.REFUSED, facts=dead),
        scene(networks, "10.77.1.4", FailureKind.HOST_UNREACHABLE, facts=dead, heard=True),
        scene(networks, "10.77.1.4", FailureKind.NO_ANSWER, facts=alive),
    ):
        assert dead_router(other) is None
