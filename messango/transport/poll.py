"""Waits for a socket, with a time limit."""

from __future__ import annotations

import math
import select
import socket
from typing import Final

_HAS_POLL: Final = hasattr(select, "poll")


def wait_ready(sock: socket.socket, timeout_s: float, *, reading: bool) -> bool:
    """Wait until the socket is readable (or writable); false if the time is up, or was up before."""
    if timeout_s <= 0:
        return False
    if _HAS_POLL:
        # poll() accepts any descriptor; select() only those below 1024.
        poller = select.poll()
        poller.register(sock, select.POLLIN if reading else select.POLLOUT)
        return bool(poller.poll(math.ceil(timeout_s * 1000)))
    wanted = [sock]
    ready = select.select(wanted if reading else [], [] if reading else wanted, [], timeout_s)
    return any(ready)
