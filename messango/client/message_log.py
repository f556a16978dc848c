"""The received messages, for saving or rehosting after the room has closed."""

from __future__ import annotations

from collections import deque
from typing import Final

from messango.client.events import Event, MessageReceived, RoomJoined
from messango.protocol.frames import RoomInfo

#: As many as a server without a history file keeps in memory.
_MAX_MESSAGES: Final = 10_000

#: Far more than these messages have in any conversation; a room that sends pages without end stops here.
_MAX_CHARACTERS: Final = 5_000_000


class MessageLog:
    """The room as it was when last joined, and its latest messages. Not thread-safe."""

    def __init__(self) -> None:
        self.room: RoomInfo | None = None
        self.messages: deque[MessageReceived] = deque()
        self._characters = 0

    def handle(self, event: Event) -> None:
        """Store what the event brings."""
        if isinstance(event, MessageReceived):
            self.messages.append(event)
            self._characters += len(event.text)
            while len(self.messages) > _MAX_MESSAGES or self._characters > _MAX_CHARACTERS:
                self._characters -= len(self.messages.popleft().text)
        elif isinstance(event, RoomJoined):
            self.room = event.room
