"""Link-local IPv6 addresses of others, which need an interface of this computer (RFC 4007, section 6).

The interface that a person typed, or that an invite link names, is that of the computer where the address
was copied; and a record in mDNS has none.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.networks.interfaces import Interface, own_interfaces


def is_link_local_ipv6(host: str) -> bool:
    """Return whether this is an IPv6 address that exists once on each network, with or without a scope."""
    return ":" in host and is_ip(host) and ipaddress.ip_address(without_scope(host)).is_link_local


def with_own_scopes(address: Address, interfaces: Sequence[Interface] | None = None) -> list[Address]:
    """Return the addresses to connect to for `address`: itself, unless it is link-local IPv6.

    Then it is that address on each network of this computer: first where its scope says, if this computer has
    such an interface. VPNs and containers count only if there is nothing else.
    """
    if not is_link_local_ipv6(address.host):
        return [address]
    literal, _, scope = address.host.partition("%")
    own = [
        interface
        for interface in (own_interfaces() if interfaces is None else interfaces)
        if interface.is_ipv6 and interface.is_link_local
    ]
    # An own address leads nowhere from another interface.
    own = [interface for interface in own if interface.literal == literal] or own
    meant = [interface for interface in own if scope and scope in (_scope(interface), str(interface.index))]
    likely = [interface for interface in own if interface.kind == "lan" and interface.has_carrier]
    scopes = dict.fromkeys(map(_scope, [*meant, *(likely or own)]))
    return [Address(f"{literal}%{own_scope}", address.port) for own_scope in scopes] or [address]


def _scope(interface: Interface) -> str:
    return interface.address.partition("%")[2]
