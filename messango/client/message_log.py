"""The received messages, for saving or rehosting after the room has closed."""

from __future__ import annotations

from collections import deque
from typing import Final

from messango.client.events import Event, MessageReceived, RoomJoined
from messango.protocol.frames import RoomInfo

#: As many as a server without a history file keeps in memory.
_MAX_MESSAGES: Final = 10_000


class MessageLog:
    """The room as it was when last joined, and its latest messages. Not thread-safe."""

    def __init__(self) -> None:
        self.room: RoomInfo | None = None
        self.you = ""
        self.messages: deque[MessageReceived] = deque(maxlen=_MAX_MESSAGES)

    def handle(self, event: Event) -> None:
        """Store what the event brings."""
        if isinstance(event, MessageReceived):
            self.messages.append(event)
        elif isinstance(event, RoomJoined):
            self.room, self.you = event.room, event.you
