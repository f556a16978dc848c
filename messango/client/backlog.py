"""How much of what a client has reported its front end has not taken yet: a room must not fill the memory."""

from __future__ import annotations

import queue
from collections import deque
from typing import Final

from messango.client.events import Event

#: With more than this waiting, in events or in the bytes that they came in, the client reads nothing.
MAX_EVENTS: Final = 5_000
MAX_BYTES: Final = 4_000_000


class Backlog:
    """Measures the events on `events`. For the thread that puts them there."""

    def __init__(self, events: queue.SimpleQueue[Event]) -> None:
        self._events = events
        #: The reads whose events may still wait, oldest first: how many events, in how many bytes.
        self._reads: deque[tuple[int, int]] = deque()
        self._event_count = 0
        self._byte_count = 0
        self._bytes_without_event = 0

    def add(self, event_count: int, byte_count: int) -> None:
        """Count the events that one read has led to."""
        self._bytes_without_event += byte_count
        if event_count:
            self._reads.append((event_count, self._bytes_without_event))
            self._event_count += event_count
            self._byte_count += self._bytes_without_event
            self._bytes_without_event = 0

    def is_full(self) -> bool:
        """Return whether so much waits that the client must not read more."""
        waiting = self._events.qsize()
        while self._reads and self._event_count - self._reads[0][0] >= waiting:
            event_count, byte_count = self._reads.popleft()
            self._event_count -= event_count
            self._byte_count -= byte_count
        return waiting > MAX_EVENTS or self._byte_count > MAX_BYTES
