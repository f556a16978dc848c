"""Which addresses of a linked room's other servers a client may connect to. Pure.

The list comes from a server that we have joined and trust no further than that. Without these rules it could
make us connect to programs of our own computer, to ports of other services, or to computers on the internet.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterable
from typing import Final

from messango.errors import BadAddress
from messango.protocol.limits import MAX_SERVER_ADDRESSES
from messango.transport.addresses import Address, is_ip, parse_address, without_scope
from messango.transport.networks.own_networks import OwnNetworks

#: Below are the ports of other services: mail, shells, printers' web pages. No room needs one.
_FIRST_PORT: Final = 1024


def allowed_addresses(texts: Iterable[str], here: Address, networks: OwnNetworks) -> list[Address]:
    """Return the first addresses of a list that came over our connection to `here` and that we may try."""
    allowed: list[Address] = []
    for text in texts:
        address = _parse(text)
        if address is not None and address not in allowed and _is_allowed(address, here, networks):
            allowed.append(address)
        if len(allowed) == MAX_SERVER_ADDRESSES:
            break
    return allowed


def _parse(text: str) -> Address | None:
    """Return the IP address and port; None for a name, which could stand for any address, and for a scope."""
    with contextlib.suppress(BadAddress):
        address = parse_address(text)
        if is_ip(address.host) and "%" not in address.host:
            return address
    return None


def _is_allowed(address: Address, here: Address, networks: OwnNetworks) -> bool:
    if address.port < _FIRST_PORT and address.port != here.port:
        return False
    ip = ipaddress.ip_address(address.host)
    if ip.is_loopback:
        return here.is_loopback
    if not _is_for_one_computer(ip):
        return False
    if networks.is_own(address.host):
        return here.is_loopback or networks.is_own(here.host)
    # A room of one local network has no server on the internet.
    return not ip.is_global or _is_global(here) or networks.network_of(address.host) is not None


def _is_for_one_computer(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # A link-local address needs a scope, and an IPv4 address that is written as IPv6 hides what it is.
    is_hidden = ip.version == 6 and (ip.ipv4_mapped is not None or ip.sixtofour is not None)
    return not (ip.is_multicast or ip.is_unspecified or ip.is_reserved or ip.is_link_local or is_hidden)


def _is_global(address: Address) -> bool:
    return is_ip(address.host) and ipaddress.ip_address(without_scope(address.host)).is_global
