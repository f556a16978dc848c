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


class Outbox:
    """Owns the lock that guards its table; any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A plain dict takes ever longer to give its first item, the more were taken from its front.
        self._queued: OrderedDict[str, str] = OrderedDict()
        self._in_flight: dict[str, str] = {}
        self._in_flight_characters = 0
        # A session outlives a connection, so the ids of one client must never come again in it.
        self._id_prefix = secrets.token_hex(4)
        self._counter = itertools.count(1)

    def __len__(self) -> int:
        with self._lock:
            return len(self._queued) + len(self._in_flight)

    def add(self, text: str) -> str:
        """Keep a text until it is accepted; returns its id."""
        with self._lock:
            message_id = f"{self._id_prefix}-{next(self._counter)}"
            self._queued[message_id] = text
            return message_id

    def next_batch(self) -> list[Say]:
        """Return those that may go on their way now, and count them as under way."""
        with self._lock:
            return [*self._fill_window()]

    def _fill_window(self) -> Iterator[Say]:
        while (
            self._queued
            and len(self._in_flight) < WINDOW_MESSAGES
            and (self._in_flight_characters < WINDOW_CHARACTERS or not self._in_flight)
        ):
            message_id, text = self._queued.popitem(last=False)
            self._in_flight[message_id] = text
            self._in_flight_characters += len(text)
            yield Say(message_id, text)

    def acknowledge(self, message_id: str) -> str | None:
        """Forget one that was accepted or failed; returns its text, or None where it was not ours."""
        with self._lock:
            text = self._in_flight.pop(message_id, None)
            if text is not None:
                self._in_flight_characters -= len(text)
                return text
            return self._queued.pop(message_id, None)

    def requeue_all(self) -> None:
        """A connection broke: send all without a receipt again, with their ids and in their order."""
        with self._lock:
            self._queued = OrderedDict(self._in_flight | self._queued)
            self._in_flight = {}
            self._in_flight_characters = 0
