"""What a window holds of a room: each message once, whichever host it was heard from."""

from __future__ import annotations

from itertools import islice
from typing import Final

from messango.client.events import MessageHeard

#: More than a window shows; the oldest are let go, so many at a time.
MAX_MESSAGES: Final = 10_000
TRIM_MESSAGES: Final = 1_000


class Held:
    """Knows messages by their sender and id, which stay the same where a room is hosted on."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], MessageHeard] = {}

    def add(self, message: MessageHeard) -> bool:
        """Hold a message; false where it is held already."""
        key = (message.member, message.id)
        if key in self._messages:
            return False
        self._messages[key] = message
        if len(self._messages) > MAX_MESSAGES:
            for oldest in list(islice(self._messages, TRIM_MESSAGES)):
                del self._messages[oldest]
        return True

    def __bool__(self) -> bool:
        return bool(self._messages)

    def messages(self) -> tuple[MessageHeard, ...]:
        """Return what is held, in the order in which it was heard."""
        return tuple(self._messages.values())
