"""Which reason comes first, and what keeps all of them back."""

from __future__ import annotations

import dataclasses

import pytest

from messango.doctor.findings import Severity
from messango.doctor.recognizers.recognize import check_addresses, look_around, recognize
from messango.doctor.recognizers.scene import HostFacts
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from tests.doctor.factories import interfaces, own, ruleset, scene

LAN = own("eth0 10.77.0.2/24")


@pytest.mark.parametrize(
    "kind",
    [FailureKind.REFUSED, FailureKind.WEB_SERVER, FailureKind.WRONG_CERTIFICATE, FailureKind.REJECTED],
)
def test_a_peer_that_answers_says_itself_what_is_wrong(kind: FailureKind) -> None:
    """No subnet or VPN explains it."""
    assert recognize(scene(LAN, "192.168.1.20", kind, heard=True)) is None


@pytest.mark.parametrize(
    ("networks", "room", "kind", "check"),
    [
        (own("lo 127.0.0.1/8"), "10.77.0.1", FailureKind.NO_ROUTE, "network"),
        (own("eth0 169.254.1.1/16"), "10.77.0.1", FailureKind.NO_ROUTE, "address"),
        (own("eth0 10.77.0.2/32"), "10.77.0.1", FailureKind.NO_ROUTE, "netmask"),
        (own("eth0 10.77.0.2/24"), "192.168.1.1", FailureKind.NO_ROUTE, "subnet"),
        (own("eth0 10.77.0.2/24"), "10.77.0.1", FailureKind.STALLED, "packets"),
        (own("eth0 fe80::2/64"), "10.77.0.1", FailureKind.NO_ROUTE, "ipv6"),
        (
            own("eth0 10.77.0.2/24", "tun0 10.8.0.2/24", via={"10.77.0.1": "10.8.0.2"}),
            "10.77.0.1",
            FailureKind.NO_ANSWER,
            "vpn",
        ),
    ],
)
def test_each_situation_is_recognized(networks, room, kind, check) -> None:  # type: ignore[no-untyped-def]
    """By own networks, the room's address and what the attempt met."""
    finding = recognize(scene(networks, room, kind))
    assert finding is not None
    assert finding.check == check
    assert finding.remedy


@pytest.mark.parametrize(
    ("limit", "is_reason"),
    [((), False), (("10.77.0.2",), True), (("127.0.0.1",), True), (("10.77.0.2", "10.77.1.2"), False)],
)
def test_a_network_that_a_person_left_out_explains_why_nothing_is_found(
    limit: tuple[str, ...],
    is_reason: bool,  # noqa: FBT001 (pytest's)
) -> None:
    """The rooms may be there; a room that was tried has been reached or not, whatever the limit."""
    networks = own("lo 127.0.0.1/8", "eth0 10.77.0.2/24", "eth1 10.77.1.2/24")
    finding = recognize(dataclasses.replace(scene(networks), limit=limit))
    assert (finding is not None) is is_reason
    if finding is not None:
        assert "MESSANGO_INTERFACES" in finding.message
        assert "nset MESSANGO_INTERFACES" in finding.remedy
        assert finding.severity is Severity.WARNING


def test_an_ordinary_failure_has_no_reason() -> None:
    """The attempt's own sentence is shown then; a search that found nothing keeps its hint."""
    assert recognize(scene(LAN, "10.77.0.1", FailureKind.HOST_UNREACHABLE)) is None
    assert recognize(scene(LAN)) is None


def test_a_filter_explains_more_than_an_empty_network() -> None:
    """Nothing can be heard through it."""
    facts = HostFacts(neighbors={"10.77.0.3": True}, gateways=["10.77.0.3"])
    finding = recognize(scene(LAN, facts=facts, ruleset=ruleset(policy="drop")))
    assert finding is not None
    assert finding.check == "firewall"


def test_looking_around_takes_the_rooms_from_the_attempts() -> None:
    """On the loopback, where the tests are limited to, nothing is sent."""
    attempt = DialAttempt(Address("127.0.0.1"), FailureKind.REFUSED, 0.0)
    seen = look_around(attempts=[attempt])
    assert seen.rooms == (attempt.address,)
    assert recognize(seen) is None


def test_the_doctor_reports_addresses_without_a_room() -> None:
    """A usual computer has nothing to report."""
    assert list(check_addresses(interfaces(lo="127.0.0.1", eth0="192.168.1.20"))) == []
    (finding,) = check_addresses(own("eth0 10.0.0.1/32").interfaces)
    assert (finding.check, finding.severity) == ("netmask", Severity.PROBLEM)
