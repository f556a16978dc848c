"""The queue of events that the host reads. Publishing never blocks."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Final

from messango.room.host.host_events import (
    JoinAttempted,
    JoinAttemptRefused,
    MemberRenamed,
    RoomEvent,
    ServerWarning,
)
from messango.server.host.rename_summary import RenameSummary

#: Events that wait for a host whose terminal is stopped (Ctrl-S); more are dropped, to bound the memory.
_MAX_UNREAD: Final = 10_000

#: A flood is counted, not listed. In each window of time, this many addresses are listed at most, each with
#: this many different refusals and names; a summary at the end of the window counts the rest.
_WINDOW_S: Final = 10.0
_MAX_REFUSALS: Final = 5
_MAX_NAMES: Final = 20
_MAX_ADDRESSES: Final = 20

#: An unchecked name may be as long as a frame; the host reads only its beginning.
_NAME_PREVIEW_CHARACTERS: Final = 48


class HostFeed:
    """Owns the queue, and the lock that guards the counts of a window. Any thread may publish."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[RoomEvent] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._window_start_s = time.monotonic()
        self._published: dict[str, set[tuple[str, str]]] = {}
        self._suppressed: Counter[str] = Counter()
        self._renames = RenameSummary()

    def publish(self, event: RoomEvent) -> None:
        """Add an event, unless the queue is full or the event is part of a flood."""
        for summary in self._window_summaries():
            self._put(summary)
        for listed in self._with_renames(event):
            self._publish_listed(listed)

    def _publish_listed(self, event: RoomEvent) -> None:
        if isinstance(event, (JoinAttemptRefused, JoinAttempted)):
            if not self._should_publish(event, event.peer.rpartition(":")[0]):
                return
            event = replace(event, name=event.name[:_NAME_PREVIEW_CHARACTERS])
        self._put(event)

    def _put(self, event: RoomEvent) -> None:
        if self.events.qsize() < _MAX_UNREAD:
            self.events.put(event)

    def _with_renames(self, event: RoomEvent) -> list[RoomEvent]:
        """Return the event, after the renames that it depends on; nothing if it is only counted."""
        with self._lock:
            if isinstance(event, MemberRenamed):
                return [event] if self._renames.should_publish(event) else []
            return [*self._renames.take(getattr(event, "name", None)), event]

    def _window_summaries(self) -> list[RoomEvent]:
        """Return the summaries of a window that has ended, and begin the next."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._window_start_s < _WINDOW_S:
                return []
            suppressed, self._suppressed = self._suppressed, Counter()
            self._window_start_s, self._published = now_s, {}
            renames = self._renames.end_window()
        return [*renames, *(ServerWarning(_summary(count, address)) for address, count in suppressed.items())]

    def _should_publish(self, event: JoinAttemptRefused | JoinAttempted, address: str) -> bool:
        """Return whether to publish an event; count it if not."""
        if isinstance(event, JoinAttemptRefused):
            key, limit = ("refused", event.reason), _MAX_REFUSALS
        else:
            key, limit = ("attempted", event.name[:_NAME_PREVIEW_CHARACTERS]), _MAX_NAMES
        with self._lock:
            published = self._published.get(address)
            if published is None and len(self._published) < _MAX_ADDRESSES:
                published = self._published[address] = set()
            if published is None or key in published or sum(kind == key[0] for kind, _ in published) >= limit:
                self._suppressed["" if published is None else address] += 1
                return False
            published.add(key)
            return True


def _summary(count: int, address: str) -> str:
    source = f"from {address}" if address else "from other addresses"
    more = "1 more connection" if count == 1 else f"{count:,} more connections"
    return f"{more} {source} {'was' if count == 1 else 'were'} not listed."
