"""This computer's interfaces, from made-up adapters."""

from __future__ import annotations

import errno
import os
import socket

import ifaddr
import pytest

from messango.transport.networks import interfaces
from messango.transport.networks.interfaces import (
    Interface,
    can_list_interfaces,
    default_source,
    own_interfaces,
    source_address,
)
from messango.transport.networks.link_facts import LinkFacts
from tests.transport.networks.adapters import adapter

LOOPBACK = adapter("lo", "127.0.0.1", "::1", index=1)


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
    monkeypatch.setattr("messango.transport.networks.interfaces.source_address", lambda _: "192.168.1.20")
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
    [
        "lo",
        "lo0",
        "Microsoft KM-TEST Loopback Adapter",
        "docker0",
        "br-5f2e8a",
        "veth1a2b",
        "virbr0",
        "vboxnet0",
        "vmnet8",
        "cni0",
        "podman0",
        "bridge100",
    ],
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


def test_an_address_knows_its_subnet() -> None:
    """Of the prefix that the system gives; without one the subnet is the address alone."""
    lan, ipv6 = seen(adapter("eth0", "192.168.1.20", "2001:db8::20"))
    assert lan.holds("192.168.1.255")
    assert not lan.holds("192.168.2.1")
    assert ipv6.holds("2001:db8::1")
    assert not ipv6.holds("192.168.1.20")
    alone = Interface("eth0", 2, "192.168.1.20", False, False, False, "lan")
    assert alone.holds("192.168.1.20")
    assert not alone.holds("192.168.1.21")


def test_facts_count_more_than_names() -> None:
    """`br-lan` of a router carries the LAN, and a bridge for containers may be called anything."""
    facts = {"br-lan": LinkFacts("lan"), "mesh0": LinkFacts("container"), "tap0": LinkFacts(None)}
    found = own_interfaces(
        [adapter(name, "10.0.0.1") for name in facts], read_facts=lambda name, _: facts[name]
    )
    assert {interface.name: interface.kind for interface in found} == {
        "br-lan": "lan",
        "mesh0": "container",
        "tap0": "vpn",
    }


def test_an_unplugged_cable_comes_after_all_that_others_may_reach() -> None:
    """Only the loopback is worse."""
    found = own_interfaces(
        [LOOPBACK, adapter("eth0", "192.168.1.20"), adapter("docker0", "172.17.0.1")],
        read_facts=lambda name, _: LinkFacts(has_carrier=name != "eth0"),
    )
    assert [interface.name for interface in found] == ["docker0", "eth0", "lo", "lo"]
    assert not found[1].has_carrier


def test_of_two_lans_the_one_with_the_way_out_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """There other people are likely; the other may be a cable to a printer."""
    adapters = [adapter("eth0", "10.0.0.1", index=2), adapter("wlan0", "192.168.1.20", index=3), LOOPBACK]
    monkeypatch.setattr(interfaces, "_adapters", lambda: adapters)
    monkeypatch.setattr(interfaces, "source_address", lambda _: "192.168.1.20")
    assert [interface.name for interface in own_interfaces()][:2] == ["wlan0", "eth0"]
    monkeypatch.setattr(interfaces, "source_address", lambda _: "")
    assert [interface.name for interface in own_interfaces()][:2] == ["eth0", "wlan0"]


def test_a_real_adapter_comes_before_one_that_may_be_anything() -> None:
    """Cables into containers look like LANs, and bridges are more likely theirs."""
    facts = {"mesh0": LinkFacts(is_bridge=True), "pod0": LinkFacts(), "enp3s0": LinkFacts("lan")}
    adapters = [adapter(name, f"10.0.{index}.1", index=index) for index, name in enumerate(facts)]
    found = own_interfaces(adapters, lambda name, _: facts[name])
    assert [interface.name for interface in found] == ["enp3s0", "pod0", "mesh0"]


def test_the_routes_tell_the_source() -> None:
    """Nothing is sent; what is not an address leads nowhere."""
    assert source_address("127.0.0.1") == "127.0.0.1"
    assert source_address("ann.local") == ""
    assert source_address("") == ""


def test_the_default_source_is_an_address_of_ours_or_none() -> None:
    """The system chooses it; this computer may have no default route."""
    assert default_source() in {"", *(interface.literal for interface in own_interfaces())}
