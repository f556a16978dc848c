"""Link-local addresses that were copied on another computer."""

from __future__ import annotations

import pytest

from messango.transport.addresses import Address
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.link_facts import InterfaceKind
from messango.transport.networks.link_local import is_link_local_ipv6, with_own_scopes


def own(name: str, index: int, kind: InterfaceKind = "lan", *, carrier: bool = True) -> Interface:
    """Return the link-local address of an interface of this computer."""
    return Interface(
        name, index, f"fe80::{index}%{name}", True, False, True, kind, prefix_length=64, has_carrier=carrier
    )


WIFI, CABLE, DOCKER, VPN = (
    own("wlan0", 3),
    own("eth0", 2),
    own("docker0", 4, "container"),
    own("wg0", 5, "vpn"),
)
UNPLUGGED = own("eth1", 6, carrier=False)


def tried(host: str, *interfaces: Interface) -> list[str]:
    """Return the hosts to connect to for an address."""
    return [address.host for address in with_own_scopes(Address(host, 9), interfaces)]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("fe80::9", ["fe80::9%wlan0", "fe80::9%eth0"]),
        ("fe80::9%en7", ["fe80::9%wlan0", "fe80::9%eth0"]),
        ("fe80::9%eth0", ["fe80::9%eth0", "fe80::9%wlan0"]),
        ("fe80::9%2", ["fe80::9%eth0", "fe80::9%wlan0"]),
        ("fe80::9%docker0", ["fe80::9%docker0", "fe80::9%wlan0", "fe80::9%eth0"]),
        ("fe80::9%eth1", ["fe80::9%eth1", "fe80::9%wlan0", "fe80::9%eth0"]),
        ("192.168.1.5", ["192.168.1.5"]),
        ("169.254.1.5", ["169.254.1.5"]),
        ("2001:db8::1", ["2001:db8::1"]),
        ("ann-laptop.local", ["ann-laptop.local"]),
    ],
)
def test_each_own_network_is_tried(host: str, expected: list[str]) -> None:
    """The scope that was copied counts first, if this computer has it; containers only if it is said."""
    assert tried(host, DOCKER, VPN, UNPLUGGED, WIFI, CABLE) == expected


def test_an_own_address_has_one_interface() -> None:
    """From another one it leads nowhere, and would look like another computer's."""
    assert tried("fe80::2", WIFI, CABLE) == ["fe80::2%eth0"]


def test_without_a_lan_other_networks_are_tried() -> None:
    """Without any network that has IPv6 the address stays as it is."""
    assert tried("fe80::9", VPN) == ["fe80::9%wg0"]
    assert tried("fe80::9%eth0") == ["fe80::9%eth0"]


def test_what_a_link_local_address_is() -> None:
    """Only IPv6: an IPv4 address of this kind needs no interface."""
    assert is_link_local_ipv6("fe80::1")
    assert is_link_local_ipv6("febf::1%eth0")
    assert not any(map(is_link_local_ipv6, ("169.254.1.1", "::1", "fd00::1", "fe80.example", "")))
