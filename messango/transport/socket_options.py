"""The options of a connection's socket."""

from __future__ import annotations

import contextlib
import socket
import sys
from typing import Final

#: A connection whose bytes stay unacknowledged this long is treated as dead, as with our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000

#: `linux/tcp.h`; the socket module has it from Python 3.12 on.
_TCP_THIN_LINEAR_TIMEOUTS: Final = 16


def set_socket_options(sock: socket.socket) -> None:
    """Send small frames at once, and make the system detect a dead connection as far as it can.

    Where every fifth packet is lost, four in a row would take up all the time that a connection has, as TCP
    waits twice as long after each. For a connection that sends little, Linux can leave that out
    (`networking/tcp-thin.rst` in the kernel's documentation).
    """
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
        if sys.platform == "linux":
            sock.setsockopt(socket.IPPROTO_TCP, _TCP_THIN_LINEAR_TIMEOUTS, 1)
