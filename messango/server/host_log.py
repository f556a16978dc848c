"""What the host is told, in order, without ever holding up who tells it."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import replace
from typing import Final

from messango.server.events import Connected, RefusedGuest, ServerEvent

#: A host that does not read its terminal (Ctrl-S) must not fill the memory.
_MOST_UNREAD: Final = 10_000

#: Somebody who is turned away again and again is a line a second, not a thousand.
_REPEAT_S: Final = 1.0
_MOST_PEERS: Final = 1_000


class HostLog:
    """Owns the lock that guards its count of repeated refusals; any thread may tell it something."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[ServerEvent] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._told_s: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def tell(self, event: ServerEvent) -> None:
        """Pass an event on, or drop it where nobody reads or the same was just said."""
        if isinstance(event, (RefusedGuest, Connected)):
            repeated = self._repeats(event.peer.rpartition(":")[0] + type(event).__name__)
            if repeated is None:
                return
            if repeated and isinstance(event, RefusedGuest):
                event = replace(event, reason=f"{event.reason} ({repeated} more like it before)")
        if self.events.qsize() < _MOST_UNREAD:
            self.events.put(event)

    def _repeats(self, key: str) -> int | None:
        """Return how many were left out since the last that was told, or None to leave this one out too."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._told_s.get(key, float("-inf")) < _REPEAT_S:
                self._untold[key] = self._untold.get(key, 0) + 1
                return None
            if len(self._told_s) >= _MOST_PEERS:
                self._told_s.clear()
                self._untold.clear()
            self._told_s[key] = now_s
            return self._untold.pop(key, 0)
