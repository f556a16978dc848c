"""Waiting for a socket, with an end to the wait."""

from __future__ import annotations

import math
import select
import socket
from typing import Final

_HAS_POLL: Final = hasattr(select, "poll")


def wait_ready(sock: socket.socket, timeout_s: float, *, reading: bool) -> bool:
    """Wait until the socket can be read (or written); false when the time is up or was up before."""
    if timeout_s <= 0:
        return False
    if _HAS_POLL:
        # poll() has no limit on the descriptor's number, select() ends at 1024.
        poller = select.poll()
        poller.register(sock, select.POLLIN if reading else select.POLLOUT)
        return bool(poller.poll(math.ceil(timeout_s * 1000)))
    wanted = [sock]
    ready = select.select(wanted if reading else [], [] if reading else wanted, [], timeout_s)
    return any(ready)
