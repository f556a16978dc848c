"""What clients ask of the room, waiting for the room thread: bounded, so that a flood slows its sender."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.actions import RoomFrame
from messango.protocol.frames import Join
from messango.room.remote_peer import Peer
from messango.room.room import Room
from messango.server.limits import BATCH_BYTES


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A client asks to join."""

    connection_id: int
    join: Join
    peer: Peer


@dataclass(frozen=True, slots=True)
class MemberFrames:
    """A member says something, one frame or many, which took about `size` bytes on the wire.

    `on_done` is called when they have had their round; until then the member is not to put any more.
    """

    connection_id: int
    frames: Sequence[RoomFrame]
    size: int = 0
    on_done: Callable[[], None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A connection has ended: broken after `silent_s` without a byte, or, with a `reason`, for good."""

    connection_id: int
    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BacklogFlushed:
    """A member that catches up has taken what it was given."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class RoomCall:
    """Something the host does with the room."""

    action: Callable[[Room], None]


Request: TypeAlias = JoinRequest | MemberFrames | Disconnected | BacklogFlushed | RoomCall


class RequestQueue:
    """Owns the queue, and the lock that orders `put` and `close`; any thread puts, the one that leads takes.

    It is bounded: a client's thread has one request in it at a time, and reads again only when that batch
    is done.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None, batch_bytes: int = BATCH_BYTES) -> None:
        """`wake` wakes the thread that takes."""
        self._wake = wake
        self._lock = threading.Lock()
        self._closed = False
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._batch_bytes = batch_bytes
        #: What was taken last; its clients' threads go on when `complete_batch` is called. Of the taker's
        #: thread.
        self._batch: list[Request] = []

    def put(self, request: Request) -> None:
        """Add a request; never waits. When the queue is closed nothing comes of it."""
        with self._lock:
            if not self._closed:
                self._requests.put(request)
                self._wake()
                return
        _complete(request)

    def is_empty(self) -> bool:
        """Whether nothing waits now."""
        return not self._requests.qsize()

    def take_batch(self) -> list[Request]:
        """Return what waits, as much as one batch takes; does not wait."""
        size = 0
        while size < self._batch_bytes and self._requests.qsize():
            self._batch.append(self._requests.get_nowait())
            size += _wire_size(self._batch[-1])
        return [*self._batch]

    def complete_batch(self) -> None:
        """Let those go on whose requests were taken last."""
        for request in self._batch:
            _complete(request)
        self._batch = []

    def close(self) -> None:
        """Take nothing more, and let those go on who wait. For the thread that takes; twice is harmless."""
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
