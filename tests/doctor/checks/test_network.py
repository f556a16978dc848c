"""The check of the interfaces, with made-up machines."""

from __future__ import annotations

import pytest

from messango.doctor.checks.network import check_interfaces, check_tunnels
from messango.doctor.findings import Severity
from tests.doctor.factories import interfaces, severities


@pytest.fixture
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo the tests' limit to the loopback; nothing here sends anything."""
    monkeypatch.delenv("MESSANGO_INTERFACES")


@pytest.mark.usefixtures("_all_interfaces")
def test_a_machine_on_a_lan_is_ok() -> None:
    """Its addresses are listed, and those that a room would announce."""
    network, advertised = check_interfaces(interfaces(lo="127.0.0.1", eth0="192.168.1.20 fe80::20"))
    assert (network.severity, advertised.severity) == (Severity.OK, Severity.OK)
    assert "eth0 192.168.1.20" in network.message
    assert ": 192.168.1.20, fe80::20." in advertised.message


@pytest.mark.usefixtures("_all_interfaces")
@pytest.mark.parametrize("own", [{"lo": "127.0.0.1 ::1"}, {"lo0": "127.0.0.1", "utun0": "fe80::5"}, {}])
def test_a_machine_without_network_has_a_problem(own: dict[str, str]) -> None:
    """Only the loopback is not a network, and the link-local tunnels of macOS are not either."""
    network = next(check_interfaces(interfaces(**own)))
    assert (network.check, network.severity) == ("network", Severity.PROBLEM)
    assert "not connected to a network" in network.message
    assert "Wi-Fi" in network.remedy


@pytest.mark.usefixtures("_all_interfaces")
def test_a_machine_with_only_tunnels_has_a_problem() -> None:
    """A VPN and Docker are not a local network."""
    network = next(check_interfaces(interfaces(lo="127.0.0.1", tun0="10.8.0.2", docker0="172.17.0.1")))
    assert network.severity is Severity.PROBLEM
    assert "tun0 10.8.0.2" in network.message
    assert network.remedy


@pytest.mark.usefixtures("_all_interfaces")
def test_a_self_assigned_address_is_a_warning() -> None:
    """The message says that no router gave the address."""
    network = next(check_interfaces(interfaces(eth0="169.254.7.7 fe80::20")))
    assert network.severity is Severity.WARNING
    assert "169.254.7.7" in network.message
    assert network.remedy


@pytest.mark.parametrize(
    ("given", "level", "expected"),
    [
        ("eth0", Severity.PROBLEM, "eth0"),
        ("10.9.9.9", Severity.PROBLEM, "10.9.9.9"),
        ("127.0.0.1", Severity.WARNING, "limited to this computer"),
        ("192.168.1.20", Severity.NOTE, "eth0 192.168.1.20"),
    ],
)
def test_the_effect_of_the_environment_is_reported(
    monkeypatch: pytest.MonkeyPatch, given: str, level: Severity, expected: str
) -> None:
    """An invalid, a foreign, a loopback and a good address in `MESSANGO_INTERFACES`."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    _, finding = check_interfaces(interfaces(lo="127.0.0.1", eth0="192.168.1.20"))
    assert (finding.check, finding.severity) == ("interfaces", level)
    assert expected in finding.message
    assert finding.remedy


def test_no_tunnel_is_ok() -> None:
    """A machine with only a LAN has neither VPN nor containers."""
    found = list(check_tunnels(interfaces(lo="127.0.0.1", eth0="192.168.1.20"), lambda: "192.168.1.20"))
    assert severities(found) == {"vpn": Severity.OK, "containers": Severity.OK}


def test_a_vpn_beside_the_lan_is_noted() -> None:
    """A VPN that does not take all traffic is worth a note."""
    vpn, _ = check_tunnels(interfaces(eth0="192.168.1.20", wg0="10.8.0.2"), lambda: "192.168.1.20")
    assert vpn.severity is Severity.NOTE
    assert "wg0 10.8.0.2" in vpn.message
    assert vpn.remedy


def test_a_vpn_that_takes_all_traffic_is_a_warning() -> None:
    """If the default route leads through the VPN, it may block the local network."""
    vpn, _ = check_tunnels(interfaces(eth0="192.168.1.20", wg0="10.8.0.2"), lambda: "10.8.0.2")
    assert vpn.severity is Severity.WARNING
    assert "local network" in vpn.remedy


def test_containers_are_noted() -> None:
    """Docker's interface is listed, with how to leave it out."""
    _, containers = check_tunnels(interfaces(eth0="192.168.1.20", docker0="172.17.0.1"), lambda: "")
    assert (containers.check, containers.severity) == ("containers", Severity.NOTE)
    assert "docker0 172.17.0.1" in containers.message
    assert "MESSANGO_INTERFACES" in containers.remedy
