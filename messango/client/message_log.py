"""What a client has heard, kept so that it can be saved or hosted on when the room has closed."""

from __future__ import annotations

from collections import deque
from typing import Final

from messango.client.events import Entered, Event, MessageHeard
from messango.protocol.frames import RoomInfo

#: As long as what a server keeps in memory.
_MOST_MESSAGES: Final = 10_000


class Record:
    """The room as it was last entered, and the messages heard; for one thread."""

    def __init__(self) -> None:
        self.room: RoomInfo | None = None
        self.you = ""
        self.heard: deque[MessageHeard] = deque(maxlen=_MOST_MESSAGES)

    def hear(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, MessageHeard):
            self.heard.append(event)
        elif isinstance(event, Entered):
            self.room, self.you = event.room, event.you
