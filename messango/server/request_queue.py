"""The requests for the room thread; bounded, so that a flood slows down its sender."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.connection.actions import RoomFrame
from messango.protocol.frames import Join
from messango.room.peer import Peer
from messango.room.room import Room
from messango.server.limits import BATCH_BYTES


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A client asks to join; `password_generation` as in `Room.join`."""

    connection_id: int
    join: Join
    peer: Peer
    password_generation: int = 0


@dataclass(frozen=True, slots=True)
class MemberFrames:
    """Frames of one member, about `size` bytes on the wire.

    `on_done` is called when their batch is finished; until then the member must not queue more.
    """

    connection_id: int
    frames: Sequence[RoomFrame]
    size: int = 0
    on_done: Callable[[], None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True, slots=True)
class ConnectionEnded:
    """A connection ended: with a `reason` the member left, without one the connection broke.

    `silent_s` is how long it had been silent.
    """

    connection_id: int
    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BacklogFlushed:
    """A lagging member was sent the last part of their backlog."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class RoomCall:
    """Call `action` with the room, for host commands and for closing."""

    action: Callable[[Room], None]


Request: TypeAlias = JoinRequest | MemberFrames | ConnectionEnded | BacklogFlushed | RoomCall


class RequestQueue:
    """Owns the queue, and the lock that orders `put` and `close`. Only the room thread takes requests.

    Bounded: a client has at most one `MemberFrames` queued, and reads again only after its batch.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None, batch_bytes: int = BATCH_BYTES) -> None:
        """`wake` wakes the room thread."""
        self._wake = wake
        self._lock = threading.Lock()
        self._closed = False
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._batch_bytes = batch_bytes
        #: The last batch, until `complete_batch`. Only for the room thread.
        self._batch: list[Request] = []

    def put(self, request: Request) -> None:
        """Add a request; never waits. After `close` the request is dropped, but `on_done` is called."""
        with self._lock:
            if not self._closed:
                self._requests.put(request)
                self._wake()
                return
        _complete(request)

    def is_empty(self) -> bool:
        """Return whether no request is queued."""
        return not self._requests.qsize()

    def take_batch(self) -> list[Request]:
        """Return the queued requests, up to the size of a batch, without waiting."""
        size = 0
        while size < self._batch_bytes and self._requests.qsize():
            self._batch.append(self._requests.get_nowait())
            size += _wire_size(self._batch[-1])
        return [*self._batch]

    def complete_batch(self) -> None:
        """Call every `on_done` of the last batch."""
        for request in self._batch:
            _complete(request)
        self._batch = []

    def close(self) -> None:
        """Drop all requests from now on, and call every `on_done`. For the room thread; twice is harmless."""
        with self._lock:
            self._closed = True
        waiting = [self._requests.get_nowait() for _ in range(self._requests.qsize())]
        for request in waiting:
            _complete(request)
        self.complete_batch()


def _complete(request: Request) -> None:
    if type(request) is MemberFrames:
        request.on_done()


def _wire_size(request: Request) -> int:
    return request.size if type(request) is MemberFrames else 0
