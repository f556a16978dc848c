"""What was said and not yet accepted, in order."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from messango.protocol.frames import Say

#: So much may be on its way without a receipt: enough to fill a busy link, and a sender that hears
#: slowly speaks slowly as well, so it never falls far behind the room.
WINDOW_MESSAGES: Final = 512
WINDOW_CHARACTERS: Final = 256_000


class Unsent:
    """Owns the lock that guards its table; any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A plain dict takes ever longer to give its first item, the more were taken from its front.
        self._waiting: OrderedDict[str, str] = OrderedDict()
        self._under_way: dict[str, str] = {}
        self._characters = 0
        # A session outlives a connection, so the ids of one client must never come again in it.
        self._prefix = secrets.token_hex(4)
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting) + len(self._under_way)

    def add(self, text: str) -> str:
        """Keep a text until it is accepted; returns its id."""
        with self._lock:
            message_id = f"{self._prefix}-{next(self._numbers)}"
            self._waiting[message_id] = text
            return message_id

    def next_to_send(self) -> list[Say]:
        """Return those that may go on their way now, and count them as under way."""
        with self._lock:
            return [*self._window()]

    def _window(self) -> Iterator[Say]:
        while (
            self._waiting
            and len(self._under_way) < WINDOW_MESSAGES
            and (self._characters < WINDOW_CHARACTERS or not self._under_way)
        ):
            message_id, text = self._waiting.popitem(last=False)
            self._under_way[message_id] = text
            self._characters += len(text)
            yield Say(message_id, text)

    def settle(self, message_id: str) -> str | None:
        """Forget one that was accepted or failed; returns its text, or None where it was not ours."""
        with self._lock:
            text = self._under_way.pop(message_id, None)
            if text is not None:
                self._characters -= len(text)
                return text
            return self._waiting.pop(message_id, None)

    def start_over(self) -> None:
        """A connection broke: send all without a receipt again, with their ids and in their order."""
        with self._lock:
            self._waiting = OrderedDict(self._under_way | self._waiting)
            self._under_way = {}
            self._characters = 0
