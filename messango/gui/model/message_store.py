"""What a window holds of a room: each message once, whichever host it was heard from."""

from __future__ import annotations

from itertools import islice
from typing import Final

from messango.client.events import MessageReceived

#: Beyond so many messages, or so many characters in them, the oldest are let go, a tenth at a time.
MAX_MESSAGES: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000


class MessageStore:
    """Knows messages by their sender and id, which stay the same where a room is hosted on."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], MessageReceived] = {}
        self._characters = 0

    def add(self, message: MessageReceived) -> bool:
        """Hold a message; false where it is held already."""
        key = (message.member, message.id)
        if key in self._messages:
            return False
        self._messages[key] = message
        self._characters += len(message.text)
        if len(self._messages) > MAX_MESSAGES or self._characters > MAX_CHARACTERS:
            self._drop_oldest(max(len(self._messages) // 10, 1))
        return True

    def _drop_oldest(self, count: int) -> None:
        for oldest in list(islice(self._messages, count)):
            self._characters -= len(self._messages.pop(oldest).text)

    def __bool__(self) -> bool:
        return bool(self._messages)

    def messages(self) -> tuple[MessageReceived, ...]:
        """Return what is held, in the order in which it was heard."""
        return tuple(self._messages.values())
