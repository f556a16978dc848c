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
    """Owns the queue, and the lock that orders `put` and `close`; clients' threads put, one thread takes.

    It is bounded because each member has one read of its own in it, and reads on when that has had its
    round. So what comes meanwhile gathers in the member's socket, and is one read, one round's part and
    one piece for each of the others, however many messages it is: under load the threads take turns,
    where they would fight for the interpreter's lock.
    """

    def __init__(self, batch_bytes: int = BATCH_BYTES) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._batch_bytes = batch_bytes
        #: What was taken last: whoever asked it goes on when the next is taken. Of the taker's thread.
        self._batch: list[Request] = []

    def put(self, request: Request) -> None:
        """Add a request; never waits. When the request queue is closed nothing comes of it."""
        with self._lock:
            if not self._closed:
                self._requests.put(request)
                return
        _complete(request)

    def get_batch(self, timeout_s: float | None) -> list[Request]:
        """Wait for requests, and return those of one round; none when the time is up.

        Those taken before have had their round.
        """
        for request in self._batch:
            _complete(request)
        try:
            self._batch = [self._requests.get(timeout=timeout_s)]
        except queue.Empty:
            self._batch = []
            return []
        size = _wire_size(self._batch[0])
        while size < self._batch_bytes and self._requests.qsize():
            self._batch.append(self._requests.get_nowait())
            size += _wire_size(self._batch[-1])
        return self._batch

    def close(self) -> None:
        """Take nothing more, and let go who waits. For the thread that takes; twice is harmless."""
        with self._lock:
            self._closed = True
        waiting = [self._requests.get_nowait() for _ in range(self._requests.qsize())]
        for request in (*self._batch, *waiting):
            _complete(request)
        self._batch = []


def _complete(request: Request) -> None:
    if type(request) is MemberFrames:
        request.on_done()


def _wire_size(request: Request) -> int:
    return request.size if type(request) is MemberFrames else 0
