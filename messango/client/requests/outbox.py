"""Our requests that change the conversation and that the room has not answered yet, in order."""

from __future__ import annotations

import enum
import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, TypeAlias

from messango.protocol.frames import Delete, Edit, React, Say, Share, Tell

#: The requests that take a number in the room's order.
OwnRequest: TypeAlias = Say | Tell | Share | React | Edit | Delete

#: The most that may be sent without a receipt: enough to use a fast connection fully. A client that
#: reads slowly also gets its receipts slowly, so it never falls far behind the room.
WINDOW_MESSAGES: Final = 512
WINDOW_CHARACTERS: Final = 256_000


class ShareOutcome(enum.Enum):
    """What became of a request to share a file."""

    ANSWERED = "answered"  # The room has announced the file or refused to; the session reports it.
    SESSION_LOST = "session-lost"  # The room has forgotten us, and our upload with us.
    CLOSED = "closed"  # The session has ended without an answer.


class Outbox:
    """Thread-safe: owns the lock that guards its tables. Only `wait_for_share` waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._share_answered = threading.Condition(self._lock)
        # Removing the first item of a plain dict gets slower with each one removed before.
        self._queued: OrderedDict[str, OwnRequest] = OrderedDict()
        self._in_flight: dict[str, OwnRequest] = {}
        self._in_flight_characters = 0
        #: Ids that were sent on more than one connection: the room may confirm each of them once more.
        self._resent: set[str] = set()
        #: The names of the files that we share, by the ids of the requests.
        self._file_names: dict[str, str] = {}
        self._lost_shares: set[str] = set()
        self._closed = False
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

    def add_share(self, request: Share, file_name: str) -> str:
        """Store the request to share a file of this name."""
        with self._lock:
            self._file_names[request.id] = file_name
        return self.add(request)

    def file_name(self, request_id: str) -> str:
        """Return the name of the file that a request is about; empty if it is about none."""
        with self._lock:
            return self._file_names.get(request_id, "")

    def wait_for_share(self, request_id: str) -> ShareOutcome:
        """Wait until the room has answered a request to share a file, or `close`."""
        with self._share_answered:
            self._share_answered.wait_for(lambda: self._closed or not self._is_waiting(request_id))
            if request_id in self._lost_shares:
                self._lost_shares.discard(request_id)
                return ShareOutcome.SESSION_LOST
            return ShareOutcome.CLOSED if self._is_waiting(request_id) else ShareOutcome.ANSWERED

    def drop_shares(self) -> None:
        """Remove the requests to share files: the room has forgotten our uploads, which begin again."""
        with self._share_answered:
            waiting = [*self._in_flight.values(), *self._queued.values()]
            self._lost_shares |= {request.id for request in waiting if isinstance(request, Share)}
            for request_id in self._lost_shares:
                self._remove(request_id)
            self._share_answered.notify_all()

    def close(self) -> None:
        """Wake all that wait for a share: the session has ended."""
        with self._share_answered:
            self._closed = True
            self._share_answered.notify_all()

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
            request = self._remove(request_id)
            self._share_answered.notify_all()
            return request

    def take_numbered(self) -> list[OwnRequest]:
        """Remove and return the requests that name a message by its number, in order."""
        with self._lock:
            everything = [*self._in_flight.values(), *self._queued.values()]
            numbered = [request for request in everything if _names_a_number(request)]
            for request in numbered:
                self._remove(request.id)
            self._share_answered.notify_all()
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
            if self._is_waiting(request_id):
                return True
            is_resent = request_id in self._resent
            self._resent.discard(request_id)
            return is_resent

    def _is_waiting(self, request_id: str) -> bool:
        return request_id in self._in_flight or request_id in self._queued

    def requeue_all(self) -> None:
        """Queue everything without a receipt again, with the same ids and order: the connection broke."""
        with self._lock:
            self._resent |= self._in_flight.keys()
            self._queued = OrderedDict(self._in_flight | self._queued)
            self._in_flight = {}
            self._in_flight_characters = 0


def _characters(request: OwnRequest) -> int:
    return len(request.text) if isinstance(request, Say | Tell | Share | Edit) else 0


def _names_a_number(request: OwnRequest) -> bool:
    return not isinstance(request, Say | Tell | Share) or request.reply_to is not None
