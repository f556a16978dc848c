"""What the room has accepted, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final, Protocol

from messango.protocol.frames import Message

#: In memory the conversation of a long day is kept, and never more than a text of every message at its
#: longest would need for a few screens.
MEMORY_MESSAGES: Final = 10_000
MEMORY_CHARACTERS: Final = 8_000_000


class History(Protocol):
    """Accepted messages; `latest` and `oldest` are sequence numbers, 0 where there is none.

    `kept` tells whether messages outlive the server.
    """

    kept: bool

    @property
    def latest(self) -> int: ...

    @property
    def oldest(self) -> int: ...

    def append(self, messages: Sequence[Message]) -> None:
        """Store messages whose `seq` follow on `latest`, all or none."""

    def last(self, count: int) -> list[Message]:
        """Return the last messages, oldest first."""

    def since(self, seq: int) -> list[Message]:
        """Return all messages after `seq` that are kept, oldest first."""

    def find(self, member: str, message_id: str) -> Message | None:
        """Return what this member has said under this id."""


class MemoryHistory:
    """History that ends with the server, and forgets the oldest when it grows too long."""

    kept = False

    def __init__(self) -> None:
        self._messages: deque[Message] = deque()
        self._known: dict[tuple[str, str], Message] = {}
        self._characters = 0
        self._latest = 0

    @property
    def latest(self) -> int:
        return self._latest

    @property
    def oldest(self) -> int:
        return self._messages[0].seq if self._messages else 0

    def append(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._messages.append(message)
            self._known[message.member, message.id] = message
            self._characters += len(message.text)
            self._latest = message.seq
        while len(self._messages) > MEMORY_MESSAGES or self._characters > MEMORY_CHARACTERS:
            forgotten = self._messages.popleft()
            del self._known[forgotten.member, forgotten.id]
            self._characters -= len(forgotten.text)

    def last(self, count: int) -> list[Message]:
        return [*islice(self._messages, max(0, len(self._messages) - count), None)]

    def since(self, seq: int) -> list[Message]:
        # Sequence numbers have no gaps, so the place of the first one follows from its number.
        return [*islice(self._messages, max(0, seq + 1 - self.oldest), None)] if self._messages else []

    def find(self, member: str, message_id: str) -> Message | None:
        return self._known.get((member, message_id))
