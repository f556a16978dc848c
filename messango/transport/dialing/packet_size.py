"""How large the packets of a connection may be: a path that loses large ones without a word stops TCP.

A router that can't pass a packet on should say so, and TCP would send smaller ones (RFC 1191). Firewalls
often drop that message, and VPNs and tunnels have less room than the LAN: then the handshake works, and the
first long answer never arrives (RFC 2923, section 2.1). So packets have the size that each IPv6 network has
to carry, as QUIC does it (RFC 9000, section 14), and smaller ones where even those were lost.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Final

from messango.transport.addresses import Address

#: The payload of a packet of 1,280 bytes, the least that IPv6 networks carry (RFC 8200, section 5).
_USUAL_BYTES: Final = 1_220
#: The payload of a packet that each IPv4 host has to accept (RFC 9293, section 3.7.1).
_SMALL_BYTES: Final = 536

#: More than a person has rooms; a stranger's announcements must not fill the memory.
_MAX_REMEMBERED: Final = 64

#: Where larger packets were lost, as it seems. For any thread: each use is one step of a dict.
_small: dict[Address, None] = {}


def use_small_packets(address: Address) -> None:
    """Remember that larger packets to or from this address are lost, as it seems."""
    if len(_small) < _MAX_REMEMBERED:
        _small[address] = None


def uses_small_packets(address: Address) -> bool:
    """Return whether new connections to this address use small packets."""
    return address in _small


def limit_packets(sock: socket.socket, address: Address, *, small: bool = False) -> None:
    """Set the size of packets in both directions on a socket that will connect to this address.

    Where the system lacks the option, nothing changes.
    """
    if address.is_loopback:
        return
    size = _SMALL_BYTES if small or uses_small_packets(address) else _USUAL_BYTES
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, size)
