"""Our messages that the room has not accepted yet, in order."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from messango.protocol.frames import Say

#: The most that may be sent without a receipt: enough to use a fast connection fully. A client that
#: reads slowly also gets its receipts slowly, so it never falls far behind the room.
WINDOW_MESSAGES: Final = 512
WINDOW_CHARACTERS: Final = 256_000


class Outbox:
    """Thread-safe: owns the lock that guards its tables."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Removing the first item of a plain dict gets slower with each one removed before.
        self._queued: OrderedDict[str, str] = OrderedDict()
        self._in_flight: dict[str, str] = {}
        self._in_flight_characters = 0
        #: Ids that were sent on more than one connection: the room may confirm each of them once more.
        self._resent: set[str] = set()
        # The server remembers the ids of a session beyond one connection, so no id may be used twice.
        self._id_prefix = secrets.token_hex(4)
        self._counter = itertools.count(1)

    def __len__(self) -> int:
        with self._lock:
            return len(self._queued) + len(self._in_flight)

    def add(self, text: str) -> str:
        """Store a text until the room accepts it, and return its id."""
        with self._lock:
            message_id = f"{self._id_prefix}-{next(self._counter)}"
            self._queued[message_id] = text
            return message_id

    def next_batch(self) -> list[Say]:
        """Return the messages that may be sent now, and count them as sent."""
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
        """Remove a message that was accepted or rejected; return its text, or None if the id is unknown."""
        with self._lock:
            text = self._in_flight.pop(message_id, None)
            if text is not None:
                self._in_flight_characters -= len(text)
                return text
            return self._queued.pop(message_id, None)

    def expects_receipt(self, message_id: str) -> bool:
        """Return whether the room may confirm this message now: it waits for that, or was sent twice."""
        with self._lock:
            if message_id in self._in_flight or message_id in self._queued:
                return True
            is_resent = message_id in self._resent
            self._resent.discard(message_id)
            return is_resent

    def requeue_all(self) -> None:
        """Queue everything without a receipt again, with the same ids and order: the connection broke."""
        with self._lock:
            self._resent |= self._in_flight.keys()
            self._queued = OrderedDict(self._in_flight | self._queued)
            self._in_flight = {}
            self._in_flight_characters = 0
