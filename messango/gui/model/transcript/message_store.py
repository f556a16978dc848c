"""The messages of a room: each once, whichever host sent it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeAlias

from messango.client.events import AnyReceived
from messango.client.present_messages import MAX_CHARACTERS, MAX_MESSAGES

#: The sender and the id.
_Key: TypeAlias = tuple[str, str]


class MessageStore:
    """Identifies messages by sender and id, which stay the same when somebody takes over hosting."""

    def __init__(self) -> None:
        self._messages: dict[_Key, AnyReceived] = {}
        #: Those that came later than newer ones, in order, and each list older than the one before it.
        self._older: list[list[_Key]] = []
        self._characters = 0

    def get(self, message: AnyReceived) -> AnyReceived | None:
        """Return what is stored of a message, perhaps with another host's number."""
        return self._messages.get((message.member, message.id))

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

    def add_older(self, messages: Sequence[AnyReceived]) -> None:
        """Add messages that are older than all others, the oldest first, as far as there is room for them."""
        added: list[_Key] = []
        for message in reversed(messages):
            if len(self._messages) >= MAX_MESSAGES or self._characters >= MAX_CHARACTERS:
                break
            if self.add(message):
                added.append((message.member, message.id))
        self._older.append(added[::-1])

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
        while self._older and count > 0:
            dropped = self._older.pop()
            count -= len(dropped)
            self._drop(dropped)
        if count > 0:
            self._drop(list(islice(self._messages, count)))

    def _drop(self, keys: Iterable[_Key]) -> None:
        for key in keys:
            self._characters -= len(self._messages.pop(key).text)

    def __bool__(self) -> bool:
        return bool(self._messages)

    def messages(self) -> tuple[AnyReceived, ...]:
        """Return the messages in the order in which they were sent, as far as it is known."""
        older = [key for keys in reversed(self._older) for key in keys]
        seen = set(older)
        rest = (message for key, message in self._messages.items() if key not in seen)
        return (*(self._messages[key] for key in older), *rest)
