"""Why a room that answers is not heard."""

from __future__ import annotations

from messango.doctor.findings import Severity
from messango.doctor.recognizers.multicast import unheard
from messango.transport.addresses import Address
from tests.doctor.factories import match, own, ruleset, scene

LAN = own("eth0 10.77.0.2/24")
ROOM = Address("10.77.0.1")


def test_a_network_that_filters_multicast() -> None:
    """The way out is the address; what the owner of the network can do is told."""
    finding = unheard(scene(LAN, ROOM.host), ROOM, "Tea")
    assert finding.severity is Severity.WARNING
    assert "“Tea” answers at 10.77.0.1:8000, but its announcement is not heard" in finding.message
    assert "`messango chat 10.77.0.1:8000`" in finding.remedy
    assert "IGMP snooping" in finding.remedy


def test_our_own_firewall_comes_first() -> None:
    """Its rules, if they could be read; or that nothing comes back to us."""
    drops = ruleset([match("udp", "sport", 5353), {"drop": None}])
    assert (
        "nft insert rule inet filter input"
        in unheard(scene(LAN, ROOM.host, ruleset=drops), ROOM, "Tea").remedy
    )
    finding = unheard(scene(LAN, ROOM.host), ROOM, "Tea", hears_itself=False)
    assert finding.severity is Severity.PROBLEM
    assert "this computer blocks mDNS" in finding.message
