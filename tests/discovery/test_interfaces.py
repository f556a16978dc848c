"""Addresses to announce and to type, from made-up adapters."""

from __future__ import annotations

import errno
import os
import socket

import ifaddr
import pytest

from messango.discovery.interfaces import (
    Interface,
    advertised_addresses,
    can_list_interfaces,
    configured_addresses,
    listening_addresses,
    own_interfaces,
)
from messango.errors import BadAddress
from messango.transport.addresses import Address


@pytest.fixture
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo the tests' limit to the loopback; nothing here sends anything."""
    monkeypatch.delenv("MESSANGO_INTERFACES")


def adapter(name: str, *addresses: str, nice_name: str | None = None, index: int = 7) -> ifaddr.Adapter:
    """Return an adapter in ifaddr's form: IPv6 addresses are tuples."""
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


def test_a_sandbox_that_hides_the_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without netlink, the address by which packets leave is known, and the loopback."""

    def refuse() -> None:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))

    assert can_list_interfaces()
    monkeypatch.setattr(ifaddr, "get_adapters", refuse)
    assert not can_list_interfaces()
    own = own_interfaces()
    assert own[-1].address == "127.0.0.1"
    assert own[-1].is_loopback
    monkeypatch.setattr("messango.transport.interfaces.source_address", lambda _: "192.168.1.20")
    assert [interface.address for interface in own_interfaces()] == ["192.168.1.20", "127.0.0.1"]


@pytest.mark.parametrize(
    "name",
    ["tun0", "tap1", "utun3", "wg0", "wg-office", "ppp0", "tailscale0", "ztppiqixar", "nordlynx"],
)
def test_vpn_interfaces_are_recognized_by_their_names(name: str) -> None:
    """The names that VPN programs use."""
    assert seen(adapter(name, "10.8.0.2"))[0].kind == "vpn"


@pytest.mark.parametrize(
    "name",
    ["docker0", "br-5f2e8a", "veth1a2b", "virbr0", "vboxnet0", "vmnet8", "cni0", "podman0", "bridge100"],
)
def test_container_interfaces_are_recognized_by_their_names(name: str) -> None:
    """The names that programs for containers and virtual machines use."""
    assert seen(adapter(name, "172.18.0.1"))[0].kind == "container"


@pytest.mark.parametrize(
    "name", ["eth0", "enp3s0", "wlan0", "wlp2s0", "en0", "br0", "bridge0", "bond0", "Wi-Fi", "Ethernet 2"]
)
def test_every_other_interface_is_lan(name: str) -> None:
    """A bridge with a plain name may carry the LAN."""
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
def test_windows_adapters_are_recognized_by_description_and_connection(
    description: str, connection: str, kind: str
) -> None:
    """On Windows the name of the driver or the connection decides, and the connection's is shown."""
    ip = ifaddr.IP("10.0.0.2", 24, connection)
    found = seen(ifaddr.Adapter("{846EE342-7039}", description, [ip], index=12))
    assert (found[0].name, found[0].kind) == (connection, kind)


def test_loopback_is_recognized_by_its_address() -> None:
    """127.0.0.0/8 and ::1 are the loopback, whatever the interface is called."""
    assert {interface.kind for interface in seen(LOOPBACK)} == {"loopback"}


def test_a_link_local_address_has_the_scope_of_its_interface() -> None:
    """The scope is in the form that this system's name lookup accepts."""
    (interface,) = seen(adapter("eth0", "fe80::20", index=2))
    assert interface.address == ("fe80::20%2" if os.name == "nt" else "fe80::20%eth0")
    assert interface.literal == "fe80::20"
    assert interface.is_link_local
    assert interface.is_ipv6


def test_the_addresses_of_this_machine_resolve() -> None:
    """The socket module accepts every address with its scope."""
    own = own_interfaces()
    assert any(interface.is_loopback for interface in own)
    for interface in own:
        assert socket.getaddrinfo(interface.address, 8000, flags=socket.AI_NUMERICHOST)


@pytest.mark.usefixtures("_all_interfaces")
def test_lan_is_announced_first_then_vpn_and_no_container() -> None:
    """Others get IPv4, then IPv6, then the VPN; an address that every machine has is useless to them."""
    assert advertised_addresses(None, seen(LOOPBACK, DOCKER, TAILSCALE, LAN)) == [
        "192.168.1.20",
        "fd00::20",
        "2001:db8::20",
        "100.64.0.5",
    ]


@pytest.mark.usefixtures("_all_interfaces")
@pytest.mark.parametrize(
    ("adapters", "expected"),
    [
        ([LOOPBACK, DOCKER], ["172.17.0.1"]),
        ([LOOPBACK, adapter("eth0", "fe80::20")], ["fe80::20"]),
        ([LOOPBACK, adapter("eth0", "169.254.3.4", "fe80::20")], ["169.254.3.4"]),
        ([LOOPBACK], ["127.0.0.1", "::1"]),
        ([], []),
    ],
)
def test_the_next_best_is_announced_if_there_is_nothing_better(
    adapters: list[ifaddr.Adapter], expected: list[str]
) -> None:
    """Containers, link-local IPv6 and the loopback are announced if there is nothing better."""
    assert advertised_addresses(None, seen(*adapters)) == expected


@pytest.mark.usefixtures("_all_interfaces")
def test_only_a_given_host_is_announced() -> None:
    """With `--host` only that address is announced, without its scope."""
    interfaces = seen(LOOPBACK, LAN, TAILSCALE)
    assert advertised_addresses("100.64.0.5", interfaces) == ["100.64.0.5"]
    assert advertised_addresses("fe80::20%1", interfaces) == ["fe80::20"]
    assert advertised_addresses("127.0.0.1", interfaces) == ["127.0.0.1"]


@pytest.mark.usefixtures("_all_interfaces")
def test_every_address_as_host_means_all() -> None:
    """`0.0.0.0` and `::` are never announced themselves; the first excludes IPv6."""
    interfaces = seen(LOOPBACK, LAN)
    assert advertised_addresses("::", interfaces) == advertised_addresses(None, interfaces)
    assert advertised_addresses("0.0.0.0", interfaces) == ["192.168.1.20"]  # noqa: S104


def test_the_environment_limits_what_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only addresses in `MESSANGO_INTERFACES` that this computer has, including loopback and containers."""
    interfaces = seen(LOOPBACK, LAN, DOCKER)
    for given, expected in {
        "127.0.0.1": ["127.0.0.1"],
        "172.17.0.1,192.168.1.20": ["192.168.1.20", "172.17.0.1"],
        "fe80::20%eth0": ["fe80::20"],
        "10.9.9.9": [],
    }.items():
        monkeypatch.setenv("MESSANGO_INTERFACES", given)
        assert advertised_addresses(None, interfaces) == expected


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("192.168.1.20", ["192.168.1.20"]),
        (" 192.168.1.20 ,\t127.0.0.1,", ["192.168.1.20", "127.0.0.1"]),
        ("FD00::0020,fe80::1%eth0", ["fd00::20", "fe80::1%eth0"]),
        ("", None),
    ],
)
def test_the_variable_is_parsed(monkeypatch: pytest.MonkeyPatch, given: str, read: list[str] | None) -> None:
    """Spaces and empty places are ignored; an empty value means all."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    assert configured_addresses() == read


@pytest.mark.usefixtures("_all_interfaces")
def test_an_environment_without_the_variable_means_all() -> None:
    """Unset is the same as empty."""
    assert configured_addresses() is None


@pytest.mark.parametrize("given", ["eth0", "192.168.1.300", "127.0.0.1;::1", "::", "224.0.0.251"])
def test_an_invalid_environment_raises_with_a_hint(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """The error quotes the invalid text and shows an example."""
    monkeypatch.setenv("MESSANGO_INTERFACES", f"127.0.0.1,{given}")
    with pytest.raises(BadAddress, match="MESSANGO_INTERFACES") as caught:
        configured_addresses()
    assert "127.0.0.1" in caught.value.hint


@pytest.mark.parametrize("given", [",", " ", " , "])
def test_a_value_without_an_address_does_not_mean_all(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Somebody wanted to exclude networks, and a script left the address out."""
    monkeypatch.setenv("MESSANGO_INTERFACES", given)
    with pytest.raises(BadAddress, match="MESSANGO_INTERFACES"):
        configured_addresses()


@pytest.mark.usefixtures("_all_interfaces")
def test_addresses_to_type_come_best_first() -> None:
    """The LAN's address comes first, and the loopback's only if there is no other."""
    typed = listening_addresses(None, 8001, seen(LOOPBACK, DOCKER, LAN))
    assert typed[0] == Address("192.168.1.20", 8001)
    assert Address("127.0.0.1", 8001) not in typed
    assert listening_addresses(None, 8001, seen(LOOPBACK))[0] == Address("127.0.0.1", 8001)
    assert listening_addresses("192.168.1.20", 8001, seen(LOOPBACK, LAN)) == [Address("192.168.1.20", 8001)]


@pytest.mark.usefixtures("_all_interfaces")
def test_addresses_to_type_include_the_scope() -> None:
    """A link-local IPv6 address can be typed as it is on this computer."""
    (typed,) = listening_addresses(None, 8000, seen(LOOPBACK, adapter("eth0", "fe80::20", index=2)))
    assert typed.host.partition("%")[2]


def test_the_environment_does_not_hide_addresses_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit applies to mDNS only: the server listens everywhere, and configured addresses come first."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "127.0.0.1")
    typed = [address.host for address in listening_addresses(None, 8000, seen(LOOPBACK, LAN))]
    assert typed[:2] == ["127.0.0.1", "192.168.1.20"]
