"""Decides when a transfer has stalled: nothing moves, or so little that it would never end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from messango.errors import RECONNECTING, ConnectionLost
from messango.protocol.limits import TRANSFER_STALL_S

#: A peer that sends a byte now and then holds a place for nothing: the slowest network moves this much.
_LEAST_BYTES: Final = 4_096


class StallWatch:
    """For one connection. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._moved_s = self._window_s = clock()
        self._window_bytes = 0

    def moved(self, count: int) -> None:
        """Note that so many bytes have moved, none too; raises `ConnectionLost` once it has stalled."""
        now_s = self._clock()
        if count:
            self._moved_s = now_s
            self._window_bytes += count
        if now_s - self._window_s >= TRANSFER_STALL_S:
            is_slow = self._window_bytes < _LEAST_BYTES
            self._window_s, self._window_bytes = now_s, 0
        else:
            is_slow = now_s - self._moved_s >= TRANSFER_STALL_S
        if is_slow:
            raise ConnectionLost("The transfer has stalled.", RECONNECTING)
