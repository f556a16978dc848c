"""The check of mDNS: the port, and the announcement that comes back."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from messango.doctor.checks.mdns import check_mdns
from messango.doctor.findings import Finding, Severity
from messango.transport.networks.interfaces import own_interfaces
from messango.transport.networks.mdns_socket import open_mdns_socket
from tests.doctor.factories import interfaces


def unused_socket() -> socket.socket:
    """Return a socket as `open_port` does if all is well."""
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def check(error: int) -> list[Finding]:
    """Return the findings if opening the port fails with this error."""

    def refuse() -> socket.socket:
        raise OSError(error, os.strerror(error))

    return list(check_mdns(interfaces(lo="127.0.0.1"), refuse, lambda _: pytest.fail("tried all the same")))


def test_a_port_in_exclusive_use_is_a_problem() -> None:
    """The hint says how to find the other program, and nothing more is tried."""
    (port,) = check(errno.EADDRINUSE)
    assert (port.check, port.severity) == ("mdns-port", Severity.PROBLEM)
    assert "5353" in port.message
    assert "avahi" in port.remedy


def test_a_port_that_the_system_refuses_is_a_problem() -> None:
    """The system's own text is shown."""
    (port,) = check(errno.EPERM)
    assert port.severity is Severity.PROBLEM
    assert os.strerror(errno.EPERM) in port.message
    assert port.remedy


def test_the_port_is_shared_with_others() -> None:
    """Two programs that share the port can both use it."""
    with open_mdns_socket() as one, open_mdns_socket() as other:
        assert one.getsockname()[1] == other.getsockname()[1] == 5353


@pytest.mark.skipif(os.name == "nt", reason="Windows lets any program share a port that was not protected")
def test_a_port_that_is_not_shared_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check finds a program that uses the port exclusively by trying."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as greedy:
        greedy.bind(("", 0))
        monkeypatch.setattr("messango.transport.networks.mdns_socket.MDNS_PORT", greedy.getsockname()[1])
        (port,) = check_mdns([])
    assert port.severity is Severity.PROBLEM
    assert "does not share" in port.message


def test_our_announcement_is_received_on_the_loopback() -> None:
    """A real service is announced, received and withdrawn, limited to the loopback."""
    found = list(check_mdns(own_interfaces()))
    assert [(finding.check, finding.severity) for finding in found] == [
        ("mdns-port", Severity.OK),
        ("multicast", Severity.OK),
    ]
    assert "127.0.0.1" in found[1].message


def test_an_announcement_that_nobody_receives_is_a_problem() -> None:
    """The message names the interface, and the hint says how to allow mDNS in the firewall."""
    _, multicast = check_mdns(interfaces(lo="127.0.0.1"), unused_socket, lambda _: False)
    assert (multicast.check, multicast.severity) == ("multicast", Severity.PROBLEM)
    assert "lo (127.0.0.1)" in multicast.message
    assert "5353" in multicast.remedy


def test_an_interface_that_can_not_announce_is_a_problem() -> None:
    """zeroconf's error is shown in one sentence, never empty."""

    def fail(_: str) -> bool:
        raise RuntimeError

    _, multicast = check_mdns(interfaces(lo="127.0.0.1"), unused_socket, fail)
    assert multicast.severity is Severity.PROBLEM
    assert "RuntimeError" in multicast.message
    assert multicast.remedy


def test_each_lan_interface_is_checked_and_no_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    """One address of each LAN interface is checked; IPv6 is left out if there is IPv4."""
    monkeypatch.delenv("MESSANGO_INTERFACES")
    tried: list[str] = []

    def receives(address: str) -> bool:
        tried.append(address)
        return True

    tunnels = {"lo": "127.0.0.1 ::1", "tun0": "10.8.0.2", "docker0": "172.17.0.1"}
    both = interfaces(**tunnels, eth0="fd00::20 192.168.1.20", eth1="192.168.2.20", eth2="fe80::30")
    assert len(list(check_mdns(both, unused_socket, receives))) == 3
    assert sorted(tried) == ["192.168.1.20", "192.168.2.20"]
    tried.clear()
    only_ipv6 = interfaces(**tunnels, eth0="fe80::20 fd00::20", awdl0="fe80::30")
    assert len(list(check_mdns(only_ipv6, unused_socket, receives))) == 2
    assert tried == ["fd00::20"]


def test_an_invalid_environment_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check_interfaces` reports it; this check runs as if the variable were not set."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    _, multicast = check_mdns(interfaces(eth0="192.168.1.20"), unused_socket, lambda _: True)
    assert multicast.severity is Severity.OK
