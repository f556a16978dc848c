"""What the host is told, in order, without ever holding up who tells it."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Final

from messango.server.host_events import Connected, Failed, RefusedGuest, ServerEvent

#: A host that does not read its terminal (Ctrl-S) must not fill the memory.
_MOST_UNREAD: Final = 10_000

#: A flood is counted, not listed: of one address so many different refusals and names are told within a
#: window, each once, and of so many addresses; the rest is summed up when the window is over.
_WINDOW_S: Final = 10.0
_REFUSALS: Final = 5
_NAMES: Final = 20
_ADDRESSES: Final = 20

#: A name that nobody has checked yet may be as long as a frame; no host reads more than a line of it.
_NAME_SHOWN: Final = 48


class HostLog:
    """Owns the lock that guards its count of repeated refusals; any thread may tell it something."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[ServerEvent] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._since_s = time.monotonic()
        self._told: dict[str, set[tuple[str, str]]] = {}
        self._left_out: Counter[str] = Counter()

    def tell(self, event: ServerEvent) -> None:
        """Pass an event on, or leave it out where nobody reads or somebody floods."""
        for summary in self._over():
            self._put(summary)
        if isinstance(event, (RefusedGuest, Connected)):
            if not self._is_new(event, event.peer.rpartition(":")[0]):
                return
            event = replace(event, name=event.name[:_NAME_SHOWN])
        self._put(event)

    def _put(self, event: ServerEvent) -> None:
        if self.events.qsize() < _MOST_UNREAD:
            self.events.put(event)

    def _over(self) -> list[Failed]:
        """Return the sums of a window that is over, and begin the next."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._since_s < _WINDOW_S:
                return []
            left_out, self._left_out = self._left_out, Counter()
            self._since_s, self._told = now_s, {}
        return [Failed(_sum(count, address)) for address, count in left_out.items()]

    def _is_new(self, event: RefusedGuest | Connected, address: str) -> bool:
        """Tell whether this is to be told; what is not is counted."""
        if isinstance(event, RefusedGuest):
            said, most = ("refused", event.reason), _REFUSALS
        else:
            said, most = ("connected", event.name[:_NAME_SHOWN]), _NAMES
        with self._lock:
            told = self._told.get(address)
            if told is None and len(self._told) < _ADDRESSES:
                told = self._told[address] = set()
            if told is None or said in told or sum(kind == said[0] for kind, _ in told) >= most:
                self._left_out["" if told is None else address] += 1
                return False
            told.add(said)
            return True


def _sum(count: int, address: str) -> str:
    whose = f"from {address}" if address else "from other addresses"
    return f"{count:,} more connection{'' if count == 1 else 's'} {whose} came and went."
