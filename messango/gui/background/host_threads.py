"""The room that this window hosts, and those that are still closing."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any, Final

from messango.gui.background.event_pump import Pump
from messango.gui.background.host_thread import HostEvent
from messango.gui.background.services import Host

#: How long an end of the window waits for a room to close: goodbyes on mDNS, last words to its members.
CLOSE_WITHIN_S: Final = 4.0


class Hosts:
    """Owns the hosts that a window has started. Main thread only; nothing in it blocks but `finish`."""

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self._all: list[Host] = []
        self._heard: list[queue.SimpleQueue[Any]] = []

    def start(self, host: Host, hear: Callable[[HostEvent], None]) -> None:
        """Let `host` begin to open its room; `hear` is told how it went."""
        self._all.append(host)
        self.listen(host.events, hear)
        host.start()

    def listen(self, events: queue.SimpleQueue[Any], hear: Callable[[Any], None]) -> None:
        """Give each event of a host, or of its server, to `hear` until `close`."""
        self._heard.append(events)
        self._pump.listen(events, hear)

    def close(self) -> None:
        """Begin to close what is open; what it still tells is nobody's business."""
        for events in self._heard:
            self._pump.forget(events)
        self._heard.clear()
        for host in self._all:
            host.close()

    def finish(self) -> None:
        """Wait, within bounds, until all is closed."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        for host in self._all:
            host.join_thread(max(0.0, deadline - time.monotonic()))
