"""The addresses that a phone's browser can open."""

from __future__ import annotations

from messango.transport.networks.browser_addresses import browser_addresses
from tests.transport.networks.factories import interface


def test_link_local_ipv6_is_left_out() -> None:
    """A browser takes no scope; 169.254 works as any other IPv4 address does."""
    own = [
        interface("eth0", "192.168.1.20", 24),
        interface("eth0", "169.254.3.4", 16),
        interface("eth0", "fd00::1", 64),
        interface("eth0", "fe80::1%eth0", 64),
    ]
    assert browser_addresses(own) == ["192.168.1.20", "169.254.3.4", "fd00::1"]


def test_only_this_computer_has_its_loopback() -> None:
    """Nor does any phone reach containers: 172.17.0.1 is the address of many computers."""
    own = [
        interface("docker0", "172.17.0.1", 16, "container"),
        interface("tun0", "10.8.0.2", 24, "vpn"),
        interface("lo", "127.0.0.1", 8, "loopback"),
        interface("lo", "::1", 128, "loopback"),
    ]
    assert browser_addresses(own) == ["10.8.0.2"]


def test_each_is_there_once() -> None:
    """Two interfaces may have one address."""
    own = [interface("eth0", "192.168.1.20", 24), interface("wlan0", "192.168.1.20", 24)]
    assert browser_addresses(own) == ["192.168.1.20"]


def test_of_this_computer() -> None:
    """Without arguments it asks the system."""
    assert "127.0.0.1" not in browser_addresses()
