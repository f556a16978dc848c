"""What the doctor says of the networks on which rooms are heard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from messango.doctor.checks.memberships import check_memberships
from messango.doctor.findings import Finding, Severity
from messango.transport.networks.interfaces import Interface
from tests.transport.networks.factories import interface

LAN = interface("eth0", "192.168.1.20", 24)
BRIDGES = [interface(f"mesh{number}", f"172.30.{number}.1", 24, "container") for number in range(3)]
LOOPBACK = interface("lo", "127.0.0.1", 8, "loopback")


@pytest.fixture(autouse=True)
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo the tests' limit to the loopback; nothing here sends anything."""
    monkeypatch.delenv("MESSANGO_INTERFACES")


def findings(interfaces: Sequence[Interface], limit: int, refused: Sequence[Interface] = ()) -> list[Finding]:
    """Return the findings on a computer where these interfaces refuse."""

    def join(wanted: Sequence[Interface]) -> list[tuple[Interface, OSError]]:
        return [(each, OSError()) for each in wanted if each in refused]

    return list(check_memberships(interfaces, limit, join))


def test_every_network_is_heard() -> None:
    """The usual case; the loopback is nobody's network."""
    (finding,) = findings([LAN, *BRIDGES, LOOPBACK], 20)
    assert finding.severity is Severity.OK
    assert "eth0 (192.168.1.20), mesh0" in finding.message
    assert "lo" not in finding.message.split()


def test_containers_that_find_no_place_are_only_noted() -> None:
    """The local network comes first, so nobody misses anything."""
    note, ok = findings([LAN, *BRIDGES], 3)
    assert (note.severity, ok.severity) == (Severity.NOTE, Severity.OK)
    assert "not on mesh2 (172.30.2.1)" in note.message


def test_a_lan_that_finds_no_place_is_a_problem() -> None:
    """With the command that makes room, and another way."""
    second = interface("eth1", "10.0.0.1", 8)
    (finding,) = findings([LAN, second], 1)
    assert finding.severity is Severity.PROBLEM
    assert "eth1 (10.0.0.1)" in finding.message
    assert "igmp_max_memberships" in finding.remedy
    assert "MESSANGO_INTERFACES=10.0.0.1 " in finding.remedy
    unplugged = interface("eth2", "10.2.0.1", 24, has_carrier=False)
    assert [each.severity for each in findings([LAN, unplugged], 1)] == [Severity.NOTE, Severity.OK]


def test_a_lan_that_refuses_is_a_problem() -> None:
    """A sandbox may forbid it."""
    (finding,) = findings([LAN, *BRIDGES], 20, refused=[LAN])
    assert finding.severity is Severity.PROBLEM
    assert "eth0" in finding.message


def test_a_computer_without_a_network_has_nothing_to_report() -> None:
    """Another check says that."""
    assert findings([LOOPBACK], 20) == []


@pytest.mark.parametrize(("configured", "heard"), [("172.30.1.1", "mesh1"), ("nonsense", "eth0")])
def test_the_environment_chooses(configured: str, heard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what Messango uses counts; a mistake is reported elsewhere."""
    monkeypatch.setenv("MESSANGO_INTERFACES", configured)
    (finding,) = findings([LAN, *BRIDGES], 20)
    assert f"on {heard} (" in finding.message
