"""The received messages, for saving or rehosting after the room has closed."""

from __future__ import annotations

from typing import Final

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    Event,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RoomJoined,
)
from messango.client.present_messages import PresentMessages
from messango.protocol.frames import RoomInfo

#: As many as a server without a history file keeps in memory.
_MAX_MESSAGES: Final = 10_000

#: Far more than these messages have in any conversation; a room that sends pages without end stops here.
_MAX_CHARACTERS: Final = 5_000_000


class MessageLog:
    """The room as it was when last joined, and its latest messages in their present form. Not thread-safe."""

    def __init__(self) -> None:
        self.room: RoomInfo | None = None
        self._present = PresentMessages(_MAX_MESSAGES, _MAX_CHARACTERS)
        #: From before the room's numbers began again.
        self._former: list[AnyReceived] = []

    @property
    def messages(self) -> list[AnyReceived]:
        """The messages in the room's order, those of private talk too."""
        return [*self._former, *self._present.in_order()]

    def handle(self, event: Event) -> None:
        """Store what the event brings."""
        if isinstance(event, MessageReceived | PrivateMessageReceived):
            self._present.add(event)
        elif isinstance(event, ReactionChanged | MessageEdited | MessageDeleted):
            self._present.apply(event)
        elif isinstance(event, EarlierReceived):
            self._present.add_answer(event)
        elif isinstance(event, RoomJoined):
            self.room = event.room
            held = self._present.in_order()
            if self._present.joined(event):
                # Not all that was before: a room that begins again and again must not fill the memory.
                self._former = held
