"""A client in the member pool: read by the room thread, or handled by its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from messango.protocol.connection.actions import Action, PostToRoom, Send
from messango.protocol.connection.server_connection import ServerConnection
from messango.server.clients.member_pool import MemberPool, NeedsOwnThread
from messango.server.clients.talk_channel import TalkConnection
from messango.server.request_queue import MemberFrames


class PooledMember:
    """Owns the lock on which the client's thread waits, and the actions that are left for it.

    Messages within the rate limit, pings and the deadline are handled by the room thread. The client's own
    thread gets whatever waits (a member above the rate limit, an incomplete message of the original client),
    any other frame, bytes that are not a frame, and the end of the connection.
    """

    def __init__(
        self,
        connection_id: int,
        connection: TalkConnection,
        protocol: ServerConnection,
        pool: MemberPool,
        send: Callable[[bytes], None],
        is_closing: Callable[[], bool],
    ) -> None:
        """`send` and `is_closing` must work in any thread."""
        self._connection_id = connection_id
        self._connection = connection
        self._protocol = protocol
        self._pool = pool
        self._send = send
        self._is_closing = is_closing
        self._resumed = threading.Lock()
        self._resumed.acquire()
        self._actions: Sequence[Action] = ()
        self._error: Exception | None = None
        self.fileno = connection.fileno
        self.deadline_s = protocol.deadline_s
        self.check_by_s = protocol.check_by_s

    @property
    def is_closing(self) -> bool:
        """Whether the last frames were sent or the connection was aborted."""
        return self._is_closing()

    # For the room thread, while it owns the client.

    def read_for_room(self) -> MemberFrames | None:
        """Read without waiting; return the frames for the room, or None. Raises `NeedsOwnThread`."""
        return self._read(_do_nothing)

    def check_deadline(self) -> MemberFrames | None:
        """Read once more, then act if the deadline is over; like `read_for_room`.

        The room thread may have been busy while bytes came.
        """
        return self._read(self._protocol.on_timeout)

    def _read(self, on_nothing: Callable[[float], Sequence[Action]]) -> MemberFrames | None:
        protocol = self._protocol
        try:
            data = self._connection.receive_now()
            now_s = time.monotonic()
            actions = on_nothing(now_s) if data is None else protocol.receive(data, now_s)
        except Exception as error:  # The client's thread raises it again.
            self._error = error
            raise NeedsOwnThread from error
        if protocol.has_unprocessed_input or protocol.has_incomplete_message or self._connection.eof_received:
            self._actions = actions
            raise NeedsOwnThread
        return self._carry_out(actions)

    def _carry_out(self, actions: Sequence[Action]) -> MemberFrames | None:
        """Carry out actions that never wait, such as answering a `ping`, without waking the thread."""
        if len(actions) == 1 and isinstance(actions[0], PostToRoom):
            return MemberFrames(self._connection_id, actions[0].frames, actions[0].size)
        if not all(isinstance(action, Send) for action in actions):
            self._actions = actions
            raise NeedsOwnThread
        for action in actions:
            if isinstance(action, Send):
                self._send(action.data)
        return None

    def resume_thread(self) -> None:
        """Wake the client's thread."""
        self._resumed.release()

    # For any thread.

    def wake_thread(self) -> None:
        """Wake the client's thread if the client is in the pool: the connection is closing."""
        if self._pool.remove(self):
            self.resume_thread()

    # For the client's thread.

    def wait(self) -> Sequence[Action] | None:
        """Let the room thread read; return the actions that need this thread, or None if the pool is closed.

        Raises the error, such as `ConnectionLost`, that the room thread got.
        """
        if not self._pool.add(self):
            return None
        if self.is_closing:
            self.wake_thread()
        self._resumed.acquire()
        return self._take()

    def _take(self) -> Sequence[Action]:
        error, self._error = self._error, None
        if error is not None:
            raise error
        actions, self._actions = self._actions, ()
        return actions


def _do_nothing(_now_s: float) -> Sequence[Action]:
    return ()
