"""What a client has heard, kept so that it can be saved or hosted on when the room has closed."""

from __future__ import annotations

from collections import deque
from typing import Final

from messango.client.events import Event, MessageReceived, RoomJoined
from messango.protocol.frames import RoomInfo

#: As long as what a server keeps in memory.
_MAX_MESSAGES: Final = 10_000


class MessageLog:
    """The room as it was last entered, and the messages heard; for one thread."""

    def __init__(self) -> None:
        self.room: RoomInfo | None = None
        self.you = ""
        self.messages: deque[MessageReceived] = deque(maxlen=_MAX_MESSAGES)

    def handle(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, MessageReceived):
            self.messages.append(event)
        elif isinstance(event, RoomJoined):
            self.room, self.you = event.room, event.you
