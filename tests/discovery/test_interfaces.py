"""Which of this machine's addresses are good for what, judged on made-up adapters."""

from __future__ import annotations

import os
import socket

import ifaddr
import pytest

from messango.discovery.interfaces import (
    Interface,
    advertised_addresses,
    configured_addresses,
    listening_addresses,
    own_interfaces,
)
from messango.errors import BadAddress
from messango.transport.addresses import Address


@pytest.fixture
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo the tests' own limit to the loopback; nothing here sends anything."""
    monkeypatch.delenv("MESSANGO_INTERFACES")


def adapter(name: str, *addresses: str, nice_name: str | None = None, index: int = 7) -> ifaddr.Adapter:
    """Return an adapter as ifaddr tells it: IPv6 addresses are tuples."""
    ips = [
        ifaddr.IP((text, 0, index if text.startswith("fe80") else 0), 64, nice_name or name)
        if ":" in text
        else ifaddr.IP(text, 24, nice_name or name)
        for text in addresses
    ]
    return ifaddr.Adapter(name, nice_name or name, ips, index=index)


LOOPBACK = adapter("lo", "127.0.0.1", "::1", index=1)
LAN = adapter("eth0", "fe80::20", "fd00::20", "2001:db8::20", "192.168.1.20", index=2)
DOCKER = adapter("docker0", "172.17.0.1", "fe80::17", index=3)
TAILSCALE = adapter("tailscale0", "100.64.0.5", index=4)


def seen(*adapters: ifaddr.Adapter) -> list[Interface]:
    """Return the interfaces of these adapters."""
    return own_interfaces(adapters)


@pytest.mark.parametrize(
    "name",
    ["tun0", "tap1", "utun3", "wg0", "wg-office", "ppp0", "tailscale0", "ztppiqixar", "nordlynx"],
)
def test_vpn_interfaces_are_known_by_their_names(name: str) -> None:
    """The names that VPN programs give make an interface a VPN."""
    assert seen(adapter(name, "10.8.0.2"))[0].kind == "vpn"


@pytest.mark.parametrize(
    "name",
    ["docker0", "br-5f2e8a", "veth1a2b", "virbr0", "vboxnet0", "vmnet8", "cni0", "podman0", "bridge100"],
)
def test_container_interfaces_are_known_by_their_names(name: str) -> None:
    """The names that container and machine programs give make an interface theirs."""
    assert seen(adapter(name, "172.18.0.1"))[0].kind == "container"


@pytest.mark.parametrize(
    "name", ["eth0", "enp3s0", "wlan0", "wlp2s0", "en0", "br0", "bridge0", "bond0", "Wi-Fi", "Ethernet 2"]
)
def test_everything_else_is_the_lan(name: str) -> None:
    """A bridge without a program's name may carry the LAN, as other interfaces do."""
    assert seen(adapter(name, "192.168.1.20"))[0].kind == "lan"


@pytest.mark.parametrize(
    ("description", "connection", "kind"),
    [
        ("TAP-Windows Adapter V9", "Ethernet 3", "vpn"),
        ("WireGuard Tunnel", "office", "vpn"),
        ("Fortinet SSL VPN Virtual Ethernet Adapter", "Ethernet 4", "vpn"),
        ("Hyper-V Virtual Ethernet Adapter", "vEthernet (WSL)", "container"),
        ("Hyper-V Virtual Ethernet Adapter", "vEthernet (Default Switch)", "container"),
        ("VirtualBox Host-Only Ethernet Adapter", "Ethernet 5", "container"),
        ("Hyper-V Virtual Ethernet Adapter", "vEthernet (External)", "lan"),
        ("Intel(R) Wi-Fi 6 AX201", "Wi-Fi", "lan"),
    ],
)
def test_windows_adapters_are_known_by_description_and_connection(
    description: str, connection: str, kind: str
) -> None:
    """On Windows the driver's or the connection's name tells, and the connection's is shown."""
    ip = ifaddr.IP("10.0.0.2", 24, connection)
    found = seen(ifaddr.Adapter("{846EE342-7039}", description, [ip], index=12))
    assert (found[0].name, found[0].kind) == (connection, kind)


def test_loopback_is_told_by_its_address() -> None:
    """An address of 127.0.0.0/8 and ::1 are the loopback, whatever the interface is called."""
    assert {interface.kind for interface in seen(LOOPBACK)} == {"loopback"}


def test_a_link_local_address_has_the_scope_of_its_interface() -> None:
    """The scope is the one that this system's name lookup takes."""
    (interface,) = seen(adapter("eth0", "fe80::20", index=2))
    assert interface.address == ("fe80::20%2" if os.name == "nt" else "fe80::20%eth0")
    assert interface.literal == "fe80::20"
    assert interface.is_link_local
    assert interface.is_ipv6


def test_the_addresses_of_this_machine_can_be_looked_up() -> None:
    """Each own address, with its scope, is one that the socket module accepts."""
    own = own_interfaces()
    assert any(interface.is_loopback for interface in own)
    for interface in own:
        assert socket.getaddrinfo(interface.address, 8000, flags=socket.AI_NUMERICHOST)


@pytest.mark.usefixtures("_all_interfaces")
def test_lan_is_told_first_then_vpn_and_no_container() -> None:
    """Others learn IPv4, then IPv6, then the VPN; an address that each machine has leads nowhere."""
    assert advertised_addresses(None, seen(LOOPBACK, DOCKER, TAILSCALE, LAN)) == [
        "192.168.1.20",
        "fd00::20",
        "2001:db8::20",
        "100.64.0.5",
    ]


@pytest.mark.usefixtures("_all_interfaces")
@pytest.mark.parametrize(
    ("adapters", "told"),
    [
        ([LOOPBACK, DOCKER], ["172.17.0.1"]),
        ([LOOPBACK, adapter("eth0", "fe80::20")], ["fe80::20"]),
        ([LOOPBACK, adapter("eth0", "169.254.3.4", "fe80::20")], ["169.254.3.4"]),
        ([LOOPBACK], ["127.0.0.1", "::1"]),
        ([], []),
    ],
)
def test_the_next_best_is_told_where_there_is_nothing_better(
    adapters: list[ifaddr.Adapter], told: list[str]
) -> None:
    """Containers, link-local IPv6 and the loopback are told as long as there is nothing better."""
    assert advertised_addresses(None, seen(*adapters)) == told


@pytest.mark.usefixtures("_all_interfaces")
def test_a_host_that_was_given_is_told_alone() -> None:
    """With `--host` that address is told, without its scope, and no other."""
    interfaces = seen(LOOPBACK, LAN, TAILSCALE)
    assert advertised_addresses("100.64.0.5", interfaces) == ["100.64.0.5"]
    assert advertised_addresses("fe80::20%1", interfaces) == ["fe80::20"]
    assert advertised_addresses("127.0.0.1", interfaces) == ["127.0.0.1"]


@pytest.mark.usefixtures("_all_interfaces")
def test_every_address_as_host_means_all() -> None:
    """`0.0.0.0` and `::` are no addresses to be told; the first takes no IPv6."""
    interfaces = seen(LOOPBACK, LAN)
    assert advertised_addresses("::", interfaces) == advertised_addresses(None, interfaces)
    assert advertised_addresses("0.0.0.0", interfaces) == ["192.168.1.20"]  # noqa: S104


def test_the_environment_limits_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what `MESSANGO_INTERFACES` names is told, the loopback and containers too, nothing of others."""
    interfaces = seen(LOOPBACK, LAN, DOCKER)
    for given, told in {
        "127.0.0.1": ["127.0.0.1"],
        "172.17.0.1,192.168.1.20": ["192.168.1.20", "172.17.0.1"],
        "fe80::20%eth0": ["fe80::20"],
        "10.9.9.9": [],
    }.items():
        monkeypatch.setenv("MESSANGO_INTERFACES", given)
        assert advertised_addresses(None, interfaces) == told


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("192.168.1.20", ["192.168.1.20"]),
        (" 192.168.1.20 ,\t127.0.0.1,", ["192.168.1.20", "127.0.0.1"]),
        ("FD00::0020,fe80::1%eth0", ["fd00::20", "fe80::1%eth0"]),
        ("", None),
        (" , ", None),
    ],
)
def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, given: str, read: list[str] | None) -> None:
    """Spaces and empty places are ignored; nothing named means all."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    assert configured_addresses() == read


@pytest.mark.usefixtures("_all_interfaces")
def test_an_environment_without_the_variable_means_all() -> None:
    """Unset is as good as empty."""
    assert configured_addresses() is None


@pytest.mark.parametrize("given", ["eth0", "192.168.1.300", "127.0.0.1;::1", "::", "224.0.0.251"])
def test_a_wrong_environment_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """What is no address of an interface is named, with an example of one."""
    monkeypatch.setenv("MESSANGO_INTERFACES", f"127.0.0.1,{given}")
    with pytest.raises(BadAddress, match="MESSANGO_INTERFACES") as caught:
        configured_addresses()
    assert "127.0.0.1" in caught.value.hint


@pytest.mark.usefixtures("_all_interfaces")
def test_what_to_type_is_best_first() -> None:
    """A person gets the LAN's address first, and the loopback's only where there is no other."""
    typed = listening_addresses(None, 8001, seen(LOOPBACK, DOCKER, LAN))
    assert typed[0] == Address("192.168.1.20", 8001)
    assert Address("127.0.0.1", 8001) not in typed
    assert listening_addresses(None, 8001, seen(LOOPBACK))[0] == Address("127.0.0.1", 8001)
    assert listening_addresses("192.168.1.20", 8001, seen(LOOPBACK, LAN)) == [Address("192.168.1.20", 8001)]


@pytest.mark.usefixtures("_all_interfaces")
def test_what_to_type_has_the_scope_without_which_nothing_connects() -> None:
    """A link-local IPv6 address can be typed as it is on this machine."""
    (typed,) = listening_addresses(None, 8000, seen(LOOPBACK, adapter("eth0", "fe80::20", index=2)))
    assert typed.host.partition("%")[2]


def test_the_environment_does_not_hide_what_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is for mDNS: the server listens everywhere, and what is named comes first."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "127.0.0.1")
    typed = [address.host for address in listening_addresses(None, 8000, seen(LOOPBACK, LAN))]
    assert typed[:2] == ["127.0.0.1", "192.168.1.20"]
