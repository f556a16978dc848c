"""What the host is told, in order, without ever holding up who tells it."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, replace
from typing import Final

from messango.server.events import Connected, Failed, RefusedGuest, ServerEvent

#: A host that does not read its terminal (Ctrl-S) must not fill the memory.
_MOST_UNREAD: Final = 10_000

#: Lines about one address in one second; a flood is then counted, not listed.
_LINES_A_SECOND: Final = 20
_MOST_ADDRESSES: Final = 1_000

#: A name that nobody has checked yet may be as long as a frame; no host reads more than a line of it.
_NAME_SHOWN: Final = 48


@dataclass(slots=True)
class _Tally:
    """What was said of one address in the second that began at `since_s`."""

    since_s: float
    told: int = 0
    left_out: int = 0


class HostLog:
    """Owns the lock that guards its count of repeated refusals; any thread may tell it something."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[ServerEvent] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._tallies: dict[str, _Tally] = {}

    def tell(self, event: ServerEvent) -> None:
        """Pass an event on, or leave it out where nobody reads or an address floods."""
        if isinstance(event, (RefusedGuest, Connected)):
            address = event.peer.rpartition(":")[0]
            left_out = self._count(address)
            if left_out is None:
                return
            if left_out:
                self._put(Failed(f"{left_out} more connections from {address} came to nothing."))
            event = replace(event, name=event.name[:_NAME_SHOWN])
        self._put(event)

    def _put(self, event: ServerEvent) -> None:
        if self.events.qsize() < _MOST_UNREAD:
            self.events.put(event)

    def _count(self, address: str) -> int | None:
        """Return how many were left out in the second before, or None to leave this one out too."""
        now_s = time.monotonic()
        with self._lock:
            tally = self._tallies.get(address)
            left_out = 0
            if tally is None or now_s - tally.since_s >= 1.0:
                left_out = tally.left_out if tally else 0
                if len(self._tallies) >= _MOST_ADDRESSES:
                    self._tallies.clear()
                tally = self._tallies[address] = _Tally(now_s)
            if tally.told >= _LINES_A_SECOND:
                tally.left_out += 1
                return None
            tally.told += 1
            return left_out
