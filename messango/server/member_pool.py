"""The members whose sockets one thread reads for all: the Leader/Followers pattern (POSA2, 2000).

A member that only talks is in the pool, and the thread that leads the room waits for all of them at once.
So what several members send in the same moment is one batch, and no thread has to be woken for it. What
takes a thread of its own (a proof, an answer, a wait, the end) is handed over to the client's thread, which
then reads for itself until it puts its member back.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from collections import deque
from typing import Final, Protocol

from messango.server.request_queue import MemberFrames

logger = logging.getLogger(__name__)

_WAKE: Final = b"\0"


class PooledMember(Protocol):
    """What the leader does with a member; for the thread that leads, while it has the member in hand."""

    def fileno(self) -> int:
        """Return the socket's descriptor."""

    @property
    def is_closing(self) -> bool:
        """Whether the member has to leave the pool."""

    def read_for_room(self) -> MemberFrames | None:
        """Read without waiting: return what is for the room, None for nothing; raises `HandOver`."""

    def hand_over(self) -> None:
        """Wake the member's own thread, which goes on from here."""


class HandOver(Exception):
    """What was read takes the member's own thread."""


class MemberPool:
    """Owns the selector, the sockets that wake it, and the lock under which members are registered.

    A member is in `_pooled` while nobody reads from it. Whoever takes it out of there has it, the leader to
    read or another thread to remove it: the one operation on the dict decides.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        for end in (self._wake_reader, self._wake_writer):
            end.setblocking(False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._pooled: dict[int, PooledMember] = {}
        #: Descriptors that were readable when the last batch was full.
        self._ready: deque[int] = deque()
        self._closed = False

    # For any thread.

    def add(self, member: PooledMember) -> bool:
        """Have the leader read for this member; false when the pool is closed."""
        descriptor = member.fileno()
        with self._lock:
            if self._closed:
                return False
            self._selector.register(descriptor, selectors.EVENT_READ)
            self._pooled[descriptor] = member
        # A selector that is not kept by the system (Windows) looks at a new member only when it is asked
        # again.
        self.wake()
        return True

    def remove(self, member: PooledMember) -> bool:
        """Take a member back; false if the leader has it in hand and hands it over, or it was not there."""
        descriptor = member.fileno()
        if self._pooled.pop(descriptor, None) is None:
            return False
        self._unregister(descriptor)
        return True

    def wake(self) -> None:
        """Have `receive` return soon."""
        with contextlib.suppress(OSError):  # Full: it is awake; closed: nobody waits.
            self._wake_writer.send(_WAKE)

    # For the thread that leads.

    def receive(self, timeout_s: float | None, max_bytes: int) -> list[MemberFrames]:
        """Wait until a member can be read or `wake`; return what members have for the room.

        Reads about `max_bytes` at most; members whose turn has not come are first the next time.
        """
        if not self._ready:
            self._ready.extend(self._select(timeout_s))
        batch: list[MemberFrames] = []
        size = 0
        while self._ready and size < max_bytes:
            if (frames := self._read(self._ready.popleft())) is not None:
                batch.append(frames)
                size += frames.size
        return batch

    def close(self) -> None:
        """Hand every member over to its own thread. Twice is harmless."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for descriptor in [*self._pooled]:
            if (member := self._pooled.pop(descriptor, None)) is not None:
                member.hand_over()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _select(self, timeout_s: float | None) -> list[int]:
        try:
            ready = [key.fd for key, _ in self._selector.select(timeout_s)]
        except OSError:
            # Where select() has a list of its own (Windows), a socket of it was closed meanwhile.
            return []
        with contextlib.suppress(OSError):
            while self._wake_reader.fileno() in ready and self._wake_reader.recv(1024):
                pass
        return ready

    def _read(self, descriptor: int) -> MemberFrames | None:
        member = self._pooled.pop(descriptor, None)
        if member is None:
            return None
        try:
            frames = member.read_for_room()
        except HandOver:
            self._hand_over(descriptor, member)
            return None
        except Exception:  # One member's mistake: its own thread ends it, and the others go on.
            logger.exception("a member could not be read")
            self._hand_over(descriptor, member)
            return None
        self._pooled[descriptor] = member
        if member.is_closing and self._pooled.pop(descriptor, None) is not None:
            self._hand_over(descriptor, member)
        return frames

    def _hand_over(self, descriptor: int, member: PooledMember) -> None:
        self._unregister(descriptor)
        member.hand_over()

    def _unregister(self, descriptor: int) -> None:
        with self._lock, contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(descriptor)
