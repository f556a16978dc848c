"""The options of a connection's socket."""

from __future__ import annotations

import contextlib
import socket
from typing import Final

#: A connection whose bytes stay unacknowledged this long is treated as dead, as with our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000

#: The payload of a packet that every network has to carry whole (RFC 9293, section 3.7.1).
_SMALL_SEGMENT_BYTES: Final = 536


def set_socket_options(sock: socket.socket) -> None:
    """Send small frames at once, and make the system detect a dead connection as far as it can."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def limit_segments(sock: socket.socket) -> None:
    """Use small packets in both directions on a socket that is not connected yet.

    So a connection works also where larger packets are lost on the way without a word (RFC 2923, section
    2.1). On a system that lacks the option nothing changes.
    """
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SMALL_SEGMENT_BYTES)
