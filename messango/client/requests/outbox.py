"""Our requests that change the conversation and that the room has not answered yet, in order."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, TypeAlias

from messango.protocol.frames import Delete, Edit, React, Say, Tell

#: The requests that take a number in the room's order.
OwnRequest: TypeAlias = Say | Tell | React | Edit | Delete

#: The most that may be sent without a receipt: enough to use a fast connection fully. A client that
#: reads slowly also gets its receipts slowly, so it never falls far behind the room.
WINDOW_MESSAGES: Final = 512
WINDOW_CHARACTERS: Final = 256_000


class Outbox:
    """Thread-safe: owns the lock that guards its tables."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Removing the first item of a plain dict gets slower with each one removed before.
        self._queued: OrderedDict[str, OwnRequest] = OrderedDict()
        self._in_flight: dict[str, OwnRequest] = {}
        self._in_flight_characters = 0
        #: Ids that were sent on more than one connection: the room may confirm each of them once more.
        self._resent: set[str] = set()
        # The server remembers the ids of a session beyond one connection, so no id may be used twice.
        self._id_prefix = secrets.token_hex(4)
        self._counter = itertools.count(1)

    def __len__(self) -> int:
        with self._lock:
            return len(self._queued) + len(self._in_flight)

    def new_id(self) -> str:
        """Return an id for the next request of any kind."""
        return f"{self._id_prefix}-{next(self._counter)}"

    def add(self, request: OwnRequest) -> str:
        """Store a request until the room has accepted or rejected it; return its id."""
        with self._lock:
            self._queued[request.id] = request
            return request.id

    def next_batch(self) -> list[OwnRequest]:
        """Return the requests that may be sent now, and count them as sent."""
        with self._lock:
            return [*self._fill_window()]

    def _fill_window(self) -> Iterator[OwnRequest]:
        while (
            self._queued
            and len(self._in_flight) < WINDOW_MESSAGES
            and (self._in_flight_characters < WINDOW_CHARACTERS or not self._in_flight)
        ):
            request_id, request = self._queued.popitem(last=False)
            self._in_flight[request_id] = request
            self._in_flight_characters += _characters(request)
            yield request

    def acknowledge(self, request_id: str) -> OwnRequest | None:
        """Remove and return a request that was accepted or rejected; None if the id is unknown."""
        with self._lock:
            return self._remove(request_id)

    def take_numbered(self) -> list[OwnRequest]:
        """Remove and return the requests that name a message by its number, in order."""
        with self._lock:
            everything = [*self._in_flight.values(), *self._queued.values()]
            numbered = [request for request in everything if _names_a_number(request)]
            for request in numbered:
                self._remove(request.id)
            return numbered

    def _remove(self, request_id: str) -> OwnRequest | None:
        request = self._in_flight.pop(request_id, None)
        if request is None:
            return self._queued.pop(request_id, None)
        self._in_flight_characters -= _characters(request)
        return request

    def expects_receipt(self, request_id: str) -> bool:
        """Return whether the room may confirm this request now: it waits for that, or was sent twice."""
        with self._lock:
            if request_id in self._in_flight or request_id in self._queued:
                return True
            is_resent = request_id in self._resent
            self._resent.discard(request_id)
            return is_resent

    def requeue_all(self) -> None:
        """Queue everything without a receipt again, with the same ids and order: the connection broke."""
        with self._lock:
            self._resent |= self._in_flight.keys()
            self._queued = OrderedDict(self._in_flight | self._queued)
            self._in_flight = {}
            self._in_flight_characters = 0


def _characters(request: OwnRequest) -> int:
    return len(request.text) if isinstance(request, Say | Tell | Edit) else 0


def _names_a_number(request: OwnRequest) -> bool:
    return not isinstance(request, Say | Tell) or request.reply_to is not None
