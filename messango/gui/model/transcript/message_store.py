"""The messages of a room: each once, whichever host sent it."""

from __future__ import annotations

from itertools import islice
from typing import Final

from messango.client.events import AnyReceived

#: Beyond this many messages, or characters in them, the oldest tenth is dropped.
MAX_MESSAGES: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000


class MessageStore:
    """Identifies messages by sender and id, which stay the same when somebody takes over hosting."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], AnyReceived] = {}
        self._characters = 0

    def add(self, message: AnyReceived) -> bool:
        """Add a message; returns false if it is stored already."""
        key = (message.member, message.id)
        if key in self._messages:
            return False
        self._messages[key] = message
        self._characters += len(message.text)
        if len(self._messages) > MAX_MESSAGES or self._characters > MAX_CHARACTERS:
            self._drop_oldest(max(len(self._messages) // 10, 1))
        return True

    def replace(self, message: AnyReceived) -> AnyReceived | None:
        """Replace a message by its present form, and return the one that was here; a deleted one has no text
        here either.
        """
        key = (message.member, message.id)
        former = self._messages.get(key)
        if former is not None:
            self._characters += len(message.text) - len(former.text)
            self._messages[key] = message
        return former

    def _drop_oldest(self, count: int) -> None:
        for oldest in list(islice(self._messages, count)):
            self._characters -= len(self._messages.pop(oldest).text)

    def __bool__(self) -> bool:
        return bool(self._messages)

    def messages(self) -> tuple[AnyReceived, ...]:
        """Return the messages in the order in which they were received."""
        return tuple(self._messages.values())
