"""Which of this computer's addresses to announce and to use."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterable, Sequence
from typing import Final

from messango.errors import BadAddress
from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.networks.interfaces import Interface, own_interfaces

INTERFACES_VARIABLE: Final = "MESSANGO_INTERFACES"

#: The ways to say "listen on all networks".
ANY_HOST: Final = (None, "", "::", "0.0.0.0")  # noqa: S104 (compared with, not bound to)


def configured_addresses() -> list[str] | None:
    """Return the addresses in `MESSANGO_INTERFACES`, or None if it is empty or not set.

    Raises `BadAddress` for text that can't be the address of an interface.
    """
    configured = os.environ.get(INTERFACES_VARIABLE, "")
    if not configured:
        return None
    # Nothing but commas and blanks is not "every network": somebody wanted to exclude some.
    pieces = [piece for piece in "".join(configured.split()).split(",") if piece] or [configured]
    return [_validated(piece) for piece in pieces]


def advertised_addresses(host: str | None, interfaces: Sequence[Interface] | None = None) -> list[str]:
    """Return the IP addresses to announce for a room that listens on `host` (None: everywhere), best first.

    They have no scope, because they go into A and AAAA records. Empty if this computer has none of the
    addresses in `MESSANGO_INTERFACES` or `host`. Raises `BadAddress` as `configured_addresses` does.
    """
    if host not in ANY_HOST:
        return _resolve_host(host)
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    configured = configured_addresses()
    chosen = _advertisable(own) if configured is None else select_interfaces(own, configured)
    return list(dict.fromkeys(interface.literal for interface in chosen))


def listening_addresses(
    host: str | None, port: int, interfaces: Sequence[Interface] | None = None
) -> list[Address]:
    """Return the addresses to type to reach a room that listens on `host` (None: everywhere), best first."""
    if host not in ANY_HOST:
        return [Address(host, port)]
    own = _of_family(host, own_interfaces() if interfaces is None else interfaces)
    chosen = select_interfaces(own, configured_addresses() or []) + _advertisable(own)
    return list(dict.fromkeys(Address(interface.address, port) for interface in chosen))


def _validated(text: str) -> str:
    address = ipaddress.ip_address(text) if is_ip(text) else None
    if address is None or address.is_unspecified or address.is_multicast:
        raise BadAddress(
            f"“{text}” in {INTERFACES_VARIABLE} is not a valid interface address.",
            "Use addresses of this computer with commas between them, like 192.168.1.20,127.0.0.1. "
            "`messango doctor` lists them.",
        )
    return str(address)


def _of_family(host: str | None, interfaces: Sequence[Interface]) -> list[Interface]:
    only_ipv4 = host == "0.0.0.0"  # noqa: S104 (compared with, not bound to)
    return [interface for interface in interfaces if not (only_ipv4 and interface.is_ipv6)]


def select_interfaces(interfaces: Iterable[Interface], addresses: Iterable[str]) -> list[Interface]:
    """Return the interfaces that have one of these addresses, ignoring scopes."""
    wanted = {without_scope(address) for address in addresses}
    return [interface for interface in interfaces if interface.literal in wanted]


def _advertisable(interfaces: Sequence[Interface]) -> list[Interface]:
    """Leave out addresses that others can't use, as long as any are left."""
    outside = [interface for interface in interfaces if not interface.is_loopback]
    routed = [interface for interface in outside if not (interface.is_ipv6 and interface.is_link_local)]
    # Container bridges have the same address on every machine (Docker's is 172.17.0.1): others who use it
    # would reach themselves, and faster than us.
    unique = [interface for interface in routed if interface.kind != "container"]
    # Where two computers are in different subnets, or have no IPv4 at all, these are the ones that work.
    on_lan = [interface for interface in outside if interface.kind == "lan" and interface.has_carrier]
    link_local = [interface for interface in on_lan if interface.is_ipv6 and interface.is_link_local]
    return [*unique, *link_local] or routed or outside or list(interfaces)


def _resolve_host(host: str | None) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(OSError, UnicodeError):
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(map(without_scope, found)))
