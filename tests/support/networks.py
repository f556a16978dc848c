"""A made-up computer on a LAN, with a VPN and containers."""

from __future__ import annotations

import ipaddress

from messango.transport.networks.interfaces import Interface
from messango.transport.networks.link_facts import InterfaceKind
from messango.transport.networks.own_networks import OwnNetworks


def interface(
    index: int, name: str, address: str, prefix: int, kind: InterfaceKind = "lan", *, carrier: bool = True
) -> Interface:
    """Return one address of an interface."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return Interface(
        name,
        index,
        address,
        ip.version == 6,
        ip.is_loopback,
        ip.is_link_local,
        kind,
        prefix,
        carrier,
    )


INTERFACES = (
    interface(1, "lo", "127.0.0.1", 8, "loopback"),
    interface(2, "eth0", "192.168.1.20", 24),
    interface(2, "eth0", "fe80::20%eth0", 64),
    interface(2, "eth0", "2001:db8:1::20", 64),
    interface(3, "tun0", "10.8.0.2", 24, "vpn"),
    interface(4, "docker0", "172.17.0.1", 16, "container"),
    interface(5, "eth1", "192.168.9.20", 24, carrier=False),
)


def find_source(host: str) -> str:
    """Return the own address on the network of a host; what is elsewhere goes through the first one."""
    ip = ipaddress.ip_address(host.partition("%")[0])
    own = [
        one.literal
        for one in INTERFACES
        if one.prefix_length and one.is_ipv6 == (ip.version == 6) and one.holds(str(ip))
    ]
    return own[0] if own else "192.168.1.20"


NETWORKS = OwnNetworks(INTERFACES, find_source)
