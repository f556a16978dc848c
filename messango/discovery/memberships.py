"""The networks on which mDNS is heard: how many a socket may join, and which those are.

Linux lets a socket join 20 multicast groups (net.ipv4.igmp_max_memberships), and zeroconf has one socket for
all networks (python-zeroconf#1510). Containers and virtual machines add a network each, so the ones where
other people are have to come first.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from messango.transport.networks.interfaces import Interface
from messango.transport.networks.mdns_socket import membership

_LIMIT_FILE: Final = Path("/proc/sys/net/ipv4/igmp_max_memberships")
_USUAL_LIMIT: Final = 20
#: Other systems allow thousands, and IPv6 has no limit.
_NO_LIMIT: Final = 1000


def max_memberships() -> int:
    """Return how many IPv4 networks a socket may join here."""
    if sys.platform != "linux":
        return _NO_LIMIT
    try:
        return max(1, int(_LIMIT_FILE.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return _USUAL_LIMIT


def joinable(interfaces: Iterable[Interface], limit: int) -> list[Interface]:
    """Return those of the interfaces, best first, that one socket can join: at most `limit` with IPv4.

    A network is joined once, by its best address, however many addresses this computer has there; with IPv6
    that is the link-local one, because everybody on the network can answer it.
    """
    first: dict[tuple[str, int, bool], Interface] = {}
    for interface in sorted(interfaces, key=lambda each: each.is_ipv6 and not each.is_link_local):
        first.setdefault((interface.name, interface.index, interface.is_ipv6), interface)
    ipv4 = [interface for interface in first.values() if not interface.is_ipv6][:limit]
    return [interface for interface in first.values() if interface.is_ipv6 or interface in ipv4]


def try_to_join(interfaces: Sequence[Interface]) -> list[tuple[Interface, OSError]]:
    """Join the mDNS group on each of these interfaces (IPv4) with one socket; return those that refuse.

    The socket has no port and is closed again. Raises `OSError` if there is no socket at all.
    """
    refused: list[tuple[Interface, OSError]] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for interface in interfaces:
            try:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership(interface.literal))
            except OSError as error:
                refused.append((interface, error))
    return refused
