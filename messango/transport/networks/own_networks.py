"""A snapshot of this computer's networks: which addresses are its own, and which others it likely reaches."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.networks.interfaces import Interface, own_interfaces, source_address

#: How likely an address is reached, by what leads to it; the first is best.
_OWN_SUBNET: Final = 0
_ROUTED: Final = 1
_LINK_LOCAL: Final = 2
_VPN: Final = 3
_CONTAINER: Final = 4
_NO_CARRIER: Final = 5
_NO_ROUTE: Final = 6
_OWN_ADDRESS: Final = 7


@dataclass(frozen=True, slots=True)
class OwnNetworks:
    """The addresses of this computer with their subnets, and what its routes say.

    `find_source` returns the own address by which an IP address is reached, or "".
    """

    interfaces: tuple[Interface, ...]
    find_source: Callable[[str], str] = source_address

    def is_own(self, host: str) -> bool:
        """Return whether an IP address, with or without scope, leads to this computer itself."""
        literal = _literal(host)
        if literal is None:
            return False
        address, scope = ipaddress.ip_address(literal), host.partition("%")[2]
        if address.is_loopback:
            return True
        # A link-local address may belong to two machines on two networks of ours.
        listed = any(
            interface.literal == literal and (not scope or _has_scope(interface, scope))
            for interface in self.interfaces
        )
        # Where the system does not list its interfaces, the routes still lead from our address to itself.
        return listed or (not scope and self.find_source(literal) == literal)

    def without_own(self, addresses: Sequence[Address]) -> list[Address]:
        """Return a room's addresses without those that are ours, unless all are: then it is on this computer.

        Container bridges and VPNs give many machines the same address. If a room has addresses that are not
        ours, then it is on another machine, and those that are ours lead to ourselves.
        """
        others = [address for address in addresses if not self.is_own(address.host)]
        return others or list(addresses)

    def network_of(self, host: str) -> Interface | None:
        """Return the own address whose subnet holds an IP address, the smallest such subnet; or None.

        A scope chooses the interface. Of two equal subnets the one that others likely use counts.
        """
        literal = _literal(host)
        if literal is None:
            return None
        scope = host.partition("%")[2]
        holding = [
            interface
            for interface in self.interfaces
            if (not scope or _has_scope(interface, scope)) and interface.holds(literal)
        ]
        return max(holding, key=lambda interface: interface.prefix_length, default=None)

    def source_of(self, host: str) -> Interface | None:
        """Return the own address by which packets to an IP address leave; None without a route."""
        if _literal(host) is None:
            return None
        source = self.find_source(host)
        scope = host.partition("%")[2]
        leaving = [interface for interface in self.interfaces if source and interface.literal == source]
        scoped = [interface for interface in leaving if _has_scope(interface, scope)]
        return next(iter(scoped or leaving), None)

    def rank(self, addresses: Iterable[Address]) -> list[Address]:
        """Return the addresses of a room, the one that this computer most likely reaches first.

        Own subnets come first, then what the routes reach by a LAN, link-local IPv6, VPNs, containers,
        interfaces without a carrier, and what no route leads to. Equal ones keep their order, in which the
        host announced or typed them; a host's name counts as routed.
        """
        return sorted(addresses, key=self._rank)

    def _rank(self, address: Address) -> tuple[int, bool, int, int]:
        host = address.host
        literal = _literal(host)
        if literal is None:
            return _ROUTED, False, 0, 0
        network = self.network_of(host)
        way, is_ipv6 = self._way_to(host, network), ":" in literal
        if network is None:
            return way, is_ipv6, 0, 0
        # Of subnets of one size that counts where the routes lead out.
        return way, is_ipv6, -network.prefix_length, self.interfaces.index(network)

    def _way_to(self, host: str, network: Interface | None) -> int:
        source = self.source_of(host)
        if self.is_own(host):
            return _OWN_ADDRESS
        if source is None:
            return _NO_ROUTE
        if not source.has_carrier:
            return _NO_CARRIER
        if source.kind == "container":
            return _CONTAINER
        if source.kind == "vpn":
            return _VPN
        if "%" in host:
            return _LINK_LOCAL
        return _OWN_SUBNET if network is not None and network.index == source.index else _ROUTED


def own_networks() -> OwnNetworks:
    """Return this computer's networks as they are now; takes about a millisecond."""
    return OwnNetworks(tuple(own_interfaces()))


def _literal(host: str) -> str | None:
    """Return an IP address in its usual form without scope, IPv4 written as IPv6 too; None for a name."""
    if not is_ip(host):
        return None
    address = ipaddress.ip_address(without_scope(host))
    mapped = address.ipv4_mapped if address.version == 6 else None
    return str(mapped or address)


def _has_scope(interface: Interface, scope: str) -> bool:
    return scope in (interface.address.partition("%")[2], interface.name, str(interface.index))
