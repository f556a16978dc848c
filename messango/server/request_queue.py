"""What clients ask of the room, waiting for the broadcaster: bounded, so that a flood slows its sender."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from messango.protocol.frames import Join, Rename, Say, Typing
from messango.room.remote_peer import Peer
from messango.room.room import Room
from messango.server.limits import ROUND_BYTES

RoomFrame: TypeAlias = Say | Typing | Rename


@dataclass(frozen=True, slots=True)
class WantsIn:
    """A guest asks to join."""

    connection_id: int
    join: Join
    peer: Peer


@dataclass(frozen=True, slots=True)
class Asks:
    """A member says something, one frame or many, which took about `size` bytes on the wire.

    `done` is called when they have had their round; until then the member is not to put any more.
    """

    connection_id: int
    frames: Sequence[RoomFrame]
    size: int = 0
    done: Callable[[], None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True, slots=True)
class Gone:
    """A connection has ended: broken after `silent_s` without a byte, or, with a `reason`, for good."""

    connection_id: int
    reason: str | None = None
    silent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadsOn:
    """A member that catches up has taken what it was given."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class HostAsks:
    """Something the host does with the room."""

    act: Callable[[Room], None]


Request: TypeAlias = WantsIn | Asks | Gone | ReadsOn | HostAsks


class Inbox:
    """Owns the queue, and the lock that orders `put` and `close`; clients' threads put, one thread takes.

    It is bounded because each member has one read of its own in it, and reads on when that has had its
    round. So what comes meanwhile gathers in the member's socket, and is one read, one round's part and
    one piece for each of the others, however many messages it is: under load the threads take turns,
    where they would fight for the interpreter's lock.
    """

    def __init__(self, round_bytes: int = ROUND_BYTES) -> None:
        self._closing = threading.Lock()
        self._closed = False
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._round_bytes = round_bytes
        #: What was taken last: whoever asked it goes on when the next is taken. Of the taker's thread.
        self._taken: list[Request] = []

    def put(self, request: Request) -> None:
        """Add a request; never waits. When the inbox is closed nothing comes of it."""
        with self._closing:
            if not self._closed:
                self._requests.put(request)
                return
        _let_go_on(request)

    def take(self, timeout_s: float | None) -> list[Request]:
        """Wait for requests, and return those of one round; none when the time is up.

        Those taken before have had their round.
        """
        for request in self._taken:
            _let_go_on(request)
        try:
            self._taken = [self._requests.get(timeout=timeout_s)]
        except queue.Empty:
            self._taken = []
            return []
        size = _size(self._taken[0])
        while size < self._round_bytes and self._requests.qsize():
            self._taken.append(self._requests.get_nowait())
            size += _size(self._taken[-1])
        return self._taken

    def close(self) -> None:
        """Take nothing more, and let go who waits. For the thread that takes; twice is harmless."""
        with self._closing:
            self._closed = True
        waiting = [self._requests.get_nowait() for _ in range(self._requests.qsize())]
        for request in (*self._taken, *waiting):
            _let_go_on(request)
        self._taken = []


def _let_go_on(request: Request) -> None:
    if type(request) is Asks:
        request.done()


def _size(request: Request) -> int:
    return request.size if type(request) is Asks else 0
