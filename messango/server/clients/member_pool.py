"""The members whose sockets the room thread reads: a variant of Leader/Followers (POSA2, 2000).

While a member only sends frames for the room, it is in the pool, and the room thread waits for all of them at
once. Frames that several members send at the same moment are then one batch, and no other thread has to wake
up. The room thread also watches the members' deadlines. If a member needs its own thread (to answer, to wait,
to close), the room thread wakes that one; it reads the socket itself until it puts the member back.
"""

from __future__ import annotations

import contextlib
import logging
import math
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from messango.server.request_queue import MemberFrames

logger = logging.getLogger(__name__)

_WAKE: Final = b"\0"

#: The least time between two checks of all deadlines. Checking also when a member has sent something moves
#: the next deadline away, so that a quiet room seldom wakes up only for a check.
_CHECK_EVERY_S: Final = 0.25


class PooledMemberLike(Protocol):
    """The part of a member that the room thread uses, while the member is out of `_pooled`."""

    def fileno(self) -> int:
        """Return the socket's file descriptor."""

    @property
    def is_closing(self) -> bool:
        """Whether the member has to leave the pool."""

    def read_for_room(self) -> MemberFrames | None:
        """Read without waiting; return the frames for the room, or None. Raises `NeedsOwnThread`."""

    def deadline_s(self) -> float:
        """Return when `check_deadline` is due; infinity for never. For any thread."""

    def check_by_s(self, now_s: float) -> float:
        """Return by when `deadline_s` has to be read again; infinity for never. For any thread."""

    def check_deadline(self) -> MemberFrames | None:
        """Read once more, then act if the deadline is over; like `read_for_room`."""

    def resume_thread(self) -> None:
        """Wake the member's own thread, which continues."""


class NeedsOwnThread(Exception):
    """The member's own thread has to handle the input."""


class MemberPool:
    """Owns the selectors, the sockets that wake it, and the lock under which members are registered.

    A member is in `_pooled` while no thread reads from it. The thread that pops it from the dict owns it: the
    room thread to read, another to remove it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds, on the clock of the members' deadlines."""
        self._clock = clock
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        for end in (self._wake_reader, self._wake_writer):
            end.setblocking(False)
        self._wakes = selectors.DefaultSelector()
        for selector in (self._selector, self._wakes):
            selector.register(self._wake_reader, selectors.EVENT_READ)
        self._pooled: dict[int, PooledMemberLike] = {}
        #: Descriptors that were readable when the last batch was full.
        self._ready: deque[int] = deque()
        #: When a deadline may be due; guarded by the lock. And when the deadlines may be checked again.
        self._next_deadline_s = math.inf
        self._next_check_s = -math.inf
        self._closed = False

    # For any thread.

    def add(self, member: PooledMemberLike) -> bool:
        """Add a member, from which the room thread then reads; return False if the pool is closed."""
        descriptor = member.fileno()
        with self._lock:
            if self._closed:
                return False
            self._selector.register(descriptor, selectors.EVENT_READ)
            self._pooled[descriptor] = member
            self._next_deadline_s = min(self._next_deadline_s, member.check_by_s(self._clock()))
        # A waiting select() does not know the new deadline, and on Windows not even the new member.
        self.wake()
        return True

    def remove(self, member: PooledMemberLike) -> bool:
        """Remove a member; return False if it is not there or the room thread is reading from it."""
        descriptor = member.fileno()
        if self._pooled.pop(descriptor, None) is None:
            return False
        self._unregister(descriptor)
        return True

    def wake(self) -> None:
        """Make `receive` return soon."""
        with contextlib.suppress(OSError):  # Full: it is awake anyway; closed: nobody waits.
            self._wake_writer.send(_WAKE)

    # For the room thread.

    def receive(self, timeout_s: float | None, max_bytes: int) -> list[MemberFrames]:
        """Wait for a readable member, a deadline or `wake`; return the members' frames for the room.

        Reads about `max_bytes` at most; the next call begins with the members that were left.
        """
        if not self._ready:
            self._ready.extend(self._select(self._until_deadline(timeout_s)))
        batch: list[MemberFrames] = []
        size = 0
        while self._ready and size < max_bytes:
            if (frames := self._read(self._ready.popleft())) is not None:
                batch.append(frames)
                size += frames.size
        if self._clock() >= self._next_check_s:
            batch += self._check_deadlines()
        return batch

    def rest(self, timeout_s: float) -> None:
        """Read from nobody until `wake`, or until the time is over."""
        self._wakes.select(timeout_s)
        self._drain()

    def close(self) -> None:
        """Wake the own thread of every member. Twice is harmless."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for descriptor in [*self._pooled]:
            if (member := self._pooled.pop(descriptor, None)) is not None:
                member.resume_thread()
        self._selector.close()
        self._wakes.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _until_deadline(self, timeout_s: float | None) -> float | None:
        """Shorten the timeout to the next deadline."""
        next_deadline_s = self._next_deadline_s
        if timeout_s == 0 or next_deadline_s == math.inf:
            return timeout_s
        left_s = max(0.0, max(next_deadline_s, self._next_check_s) - self._clock())
        return left_s if timeout_s is None else min(timeout_s, left_s)

    def _check_deadlines(self) -> list[MemberFrames]:
        """Let each member act whose deadline is over; the frames are those that have just come from it."""
        now_s = self._clock()
        self._next_check_s = now_s + _CHECK_EVERY_S
        late = [descriptor for descriptor, member in [*self._pooled.items()] if member.deadline_s() <= now_s]
        read = [self._read(descriptor, is_late=True) for descriptor in late]
        with self._lock:
            next_checks_s = [member.check_by_s(now_s) for member in [*self._pooled.values()]]
            self._next_deadline_s = min(next_checks_s, default=math.inf)
        return [frames for frames in read if frames is not None]

    def _select(self, timeout_s: float | None) -> list[int]:
        try:
            ready = [key.fd for key, _ in self._selector.select(timeout_s)]
        except OSError:
            # On Windows, select() fails if one of the sockets was closed meanwhile.
            return []
        if self._wake_reader.fileno() in ready:
            self._drain()
        return ready

    def _drain(self) -> None:
        with contextlib.suppress(OSError):
            while self._wake_reader.recv(1024):
                pass

    def _read(self, descriptor: int, *, is_late: bool = False) -> MemberFrames | None:
        member = self._pooled.pop(descriptor, None)
        if member is None:
            return None
        try:
            frames = member.check_deadline() if is_late else member.read_for_room()
        except NeedsOwnThread:
            self._resume_thread(descriptor, member)
            return None
        except Exception:  # A bug with one member must not stop the others: its own thread continues.
            logger.exception("a member could not be read")
            self._resume_thread(descriptor, member)
            return None
        self._pooled[descriptor] = member
        if member.is_closing and self._pooled.pop(descriptor, None) is not None:
            self._resume_thread(descriptor, member)
        return frames

    def _resume_thread(self, descriptor: int, member: PooledMemberLike) -> None:
        self._unregister(descriptor)
        member.resume_thread()

    def _unregister(self, descriptor: int) -> None:
        with self._lock, contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(descriptor)
