"""Notices at once that a browser has closed its event stream, over which it sends nothing."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from messango.errors import ConnectionLost
from messango.server.clients.member_pool import MemberPool, NeedsOwnThread
from messango.transport.connection import Connection


class StreamWatch:
    """Lets the room thread watch the browser's end of a stream, as if it were a member's connection.

    The member's own input comes by posts. `on_end` is called once, in the room thread; it must not wait.
    """

    def __init__(self, connection: Connection, pool: MemberPool, on_end: Callable[[], None]) -> None:
        self._connection = connection
        self._pool = pool
        self._on_end = on_end
        self._is_watched = False
        #: Set when the room thread does not watch any more, so that the socket may be closed.
        self._released = threading.Event()
        self.fileno = connection.fileno
        #: Whether the stream is closing.
        self.is_closing = False

    # For the stream's own thread.

    def start(self) -> None:
        """Begin to watch, unless the room is closing."""
        self._is_watched = self._pool.add(self)

    def stop(self) -> None:
        """End the watch. Twice is harmless."""
        self.is_closing = True
        if self._is_watched and not self._pool.remove(self):
            # Without a limit: the room thread never waits while it has a member, and lets go of all when it
            # ends.
            self._released.wait()
        self._is_watched = False

    # For the room thread.

    def read_for_room(self) -> None:
        """Read what nobody should send; raises `NeedsOwnThread` when the browser's end is closed."""
        try:
            data = self._connection.receive_now()
        except ConnectionLost:
            data = b""
        if data is not None:
            self._on_end()
            raise NeedsOwnThread

    check_deadline = read_for_room

    def deadline_s(self) -> float:
        """Return infinity: the member has the deadlines."""
        return math.inf

    def check_by_s(self, _now_s: float) -> float:
        """Return infinity."""
        return math.inf

    def resume_thread(self) -> None:
        """Let the socket be closed: the room thread has let go of it."""
        self._released.set()
