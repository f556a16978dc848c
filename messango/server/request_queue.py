"""The requests that wait for the room thread: bounded, so that a flood slows down its sender."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.frames import Join, Rename, Say, Typing
from messango.room.remote_peer import Peer
from messango.room.room import Room
from messango.server.limits import BATCH_BYTES

RoomFrame: TypeAlias = Say | Typing | Rename


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A client asks to join."""

    connection_id: int
    join: Join
    peer: Peer


@dataclass(frozen=True, slots=True)
class MemberFrames:
    """One or more frames of a member, about `size` bytes on the wire.

    `on_done` is called when their batch is finished; until then this member must not put more.
    """

    connection_id: int
    frames: Sequence[RoomFrame]
    size: int = 0
    on_done: Callable[[], None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A connection ended: it broke after `silent_s` without a byte, or, with a `reason`, the member left."""

    connection_id: int
    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BacklogFlushed:
    """A lagging member has read the last part of their backlog."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class RoomCall:
    """A call of `action` with the room, for the host and for closing."""

    action: Callable[[Room], None]


Request: TypeAlias = JoinRequest | MemberFrames | Disconnected | BacklogFlushed | RoomCall


class RequestQueue:
    """Owns the queue, and the lock that orders `put` and `close`. Clients' threads put, one thread gets.

    Bounded: a member has at most one read queued, and reads again only when that batch was processed.
    Meanwhile their data collects in the socket, and the next read has all of it: one request, and one piece
    for each of the others. So under load the threads take turns instead of competing for the interpreter's
    lock.
    """

    def __init__(self, batch_bytes: int = BATCH_BYTES) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._batch_bytes = batch_bytes
        #: The last batch; its members may read again when the next batch is taken. Only for the room thread.
        self._batch: list[Request] = []

    def put(self, request: Request) -> None:
        """Add a request; never waits. After `close` the request is dropped, but `on_done` is called."""
        with self._lock:
            if not self._closed:
                self._requests.put(request)
                return
        _complete(request)

    def get_batch(self, timeout_s: float | None) -> list[Request]:
        """Wait for requests and return those of one batch, or none after `timeout_s`.

        This finishes the batch before: its `on_done` callbacks are called.
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
        """Drop all requests from now on, and call every `on_done`. For the room thread; twice is harmless."""
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
