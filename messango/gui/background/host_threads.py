"""The room that this window hosts, and those that are still closing."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any, Final

from messango.gui.background.event_pump import EventPump
from messango.gui.background.host_thread import HostEvent
from messango.gui.background.services import Host

#: How long an end of the window waits for a room to close: goodbyes on mDNS, last words to its members.
CLOSE_WITHIN_S: Final = 4.0


class HostThreads:
    """Owns the hosts that a window has started. Main thread only; nothing in it blocks but `finish`."""

    def __init__(self, pump: EventPump) -> None:
        self._pump = pump
        self._hosts: list[Host] = []
        self._queues: list[queue.SimpleQueue[Any]] = []

    def start(self, host: Host, handler: Callable[[HostEvent], None]) -> None:
        """Let `host` begin to open its room; `handler` is told how it went."""
        self._hosts.append(host)
        self.subscribe(host.events, handler)
        host.start()

    def subscribe(self, events: queue.SimpleQueue[Any], handler: Callable[[Any], None]) -> None:
        """Give each event of a host, or of its server, to `handler` until `close`."""
        self._queues.append(events)
        self._pump.subscribe(events, handler)

    def close(self) -> None:
        """Begin to close what is open; what it still tells is nobody's business."""
        for events in self._queues:
            self._pump.unsubscribe(events)
        self._queues.clear()
        for host in self._hosts:
            host.close()

    def finish(self) -> None:
        """Wait, within bounds, until all is closed."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        for host in self._hosts:
            host.join_thread(max(0.0, deadline - time.monotonic()))
