"""The port of mDNS, which several programs share, and its group (RFC 6762, section 3)."""

from __future__ import annotations

import contextlib
import socket
from typing import Final

MDNS_GROUP: Final = "224.0.0.251"
MDNS_PORT: Final = 5353


def open_mdns_socket() -> socket.socket:
    """Return a UDP socket at the port of mDNS, as zeroconf opens it; raises `OSError`.

    It is shared with other programs that share it, and hears nothing before it joins the group.
    """
    with contextlib.ExitStack() as undo:
        sock = undo.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(("", MDNS_PORT))
        undo.pop_all()
    return sock


def membership(interface_address: str) -> bytes:
    """Return the argument of `IP_ADD_MEMBERSHIP` for the group on an interface, by its IPv4 address."""
    return socket.inet_aton(MDNS_GROUP) + socket.inet_aton(interface_address)
