"""The options of a connection's socket."""

from __future__ import annotations

import contextlib
import socket
from typing import Final

#: A connection whose bytes stay unacknowledged this long is treated as dead, as with our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000


def set_socket_options(sock: socket.socket) -> None:
    """Send small frames at once, and make the system detect a dead connection as far as it can."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
