"""The room that this window hosts, and those that are still closing."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from messango.client.events import MessageHeard
from messango.gui.conversation import Conversation
from messango.gui.host import HostEvent, Opened
from messango.gui.pump import Pump
from messango.gui.services import Host
from messango.gui.target import Target
from messango.protocol.frames import RoomFacts

#: How long an end of the window waits for a room to close: goodbyes on mDNS, last words to its members.
CLOSE_WITHIN_S: Final = 4.0


class Hosts:
    """Owns the hosts that a window has started. Main thread only; nothing in it blocks but `finish`.

    `on_open` is called when the room is open and waits to be joined.
    """

    def __init__(
        self,
        pump: Pump,
        make: Callable[[RoomFacts, Sequence[MessageHeard]], Host],
        *,
        on_open: Callable[[Target], None],
    ) -> None:
        self._pump, self._make, self._on_open = pump, make, on_open
        self._all: list[Host] = []
        self._heard: list[queue.SimpleQueue[Any]] = []

    def host_on(self, conversation: Conversation) -> None:
        """Begin to open the conversation's room here, with what was said in it."""
        room = conversation.room
        if room is None or conversation.hosted.opening or conversation.hosted.here:
            return
        host = self._make(room, conversation.held.messages())
        self._all.append(host)
        conversation.hosted.begin()
        self._listen(host.events, lambda event: self._told(event, conversation))
        host.start()

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

    def _told(self, event: HostEvent, conversation: Conversation) -> None:
        if isinstance(event, Opened):
            conversation.hosted.opened()
            self._listen(event.told, conversation.told_as_host)
            self._on_open(event.target)
        else:
            conversation.hosted.failed()
            conversation.complain(event.error)

    def _listen(self, events: queue.SimpleQueue[Any], hear: Callable[[Any], None]) -> None:
        self._heard.append(events)
        self._pump.listen(events, hear)
