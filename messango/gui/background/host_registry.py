"""The room that this window hosts, and earlier ones that are still closing."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable
from typing import Any, Final

from messango.gui.background.event_pump import EventPump
from messango.gui.background.host_thread import HostEvent
from messango.gui.background.services import Host
from messango.room.host.host_events import MessagesNotKept

#: How long closing the window waits for its rooms to close: goodbyes on mDNS and to the members.
CLOSE_WITHIN_S: Final = 4.0


class HostRegistry:
    """Owns the hosts that a window has started. Main thread only; only `finish` blocks."""

    def __init__(self, pump: EventPump) -> None:
        self._pump = pump
        #: Gets what a room that has closed could not keep.
        self.on_messages_lost: Callable[[MessagesNotKept], None] = lambda _: None
        self._hosts: list[Host] = []
        self._closing: list[Host] = []
        self._queues: list[queue.SimpleQueue[Any]] = []

    def start(self, host: Host, handler: Callable[[HostEvent], None]) -> None:
        """Start opening the room of `host`; `handler` gets the result."""
        self._hosts.append(host)
        self.subscribe(host.events, handler)
        host.start()

    def subscribe(self, events: queue.SimpleQueue[Any], handler: Callable[[Any], None]) -> None:
        """Call `handler` with each event of a host or its server, until `close`."""
        self._queues.append(events)
        self._pump.subscribe(events, handler)

    def close(self) -> None:
        """Start closing all rooms, and ignore their events from now on."""
        for events in self._queues:
            self._pump.unsubscribe(events)
        self._queues.clear()
        for host in self._hosts:
            host.close()
            self._pump.subscribe(host.last_events, lambda event: self.on_messages_lost(event))
        self._closing += self._hosts
        self._hosts = []

    def finish(self) -> list[MessagesNotKept]:
        """Wait until all rooms are closed, at most `CLOSE_WITHIN_S`; return what they could not keep."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        lost: list[MessagesNotKept] = []
        for host in [*self._closing, *self._hosts]:
            host.join_thread(max(0.0, deadline - time.monotonic()))
            with contextlib.suppress(queue.Empty):
                lost.append(host.last_events.get_nowait())
        return lost
