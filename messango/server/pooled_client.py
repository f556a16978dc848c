"""A client's place in the member pool: what the leader reads for it, and what its own thread is woken for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from messango.protocol.actions import Action, PostToRoom, Send
from messango.protocol.server_connection import ServerConnection
from messango.server.member_pool import HandOver, MemberPool
from messango.server.request_queue import MemberFrames
from messango.transport.connection import Connection


class PooledClient:
    """Owns the lock by which the client's thread waits, and what was left for it to do."""

    def __init__(
        self,
        connection_id: int,
        connection: Connection,
        protocol: ServerConnection,
        pool: MemberPool,
        send: Callable[[bytes], bool],
        is_closing: Callable[[], bool],
    ) -> None:
        """`send` and `is_closing` are those of the client's thread, for any thread."""
        self._connection_id = connection_id
        self._connection = connection
        self._protocol = protocol
        self._pool = pool
        self._send = send
        self._is_closing = is_closing
        self._handed_over = threading.Lock()
        self._handed_over.acquire()
        self._actions: Sequence[Action] = ()
        self._error: Exception | None = None
        self.fileno = connection.fileno

    @property
    def is_closing(self) -> bool:
        """Whether the last frames were sent, or the connection was aborted."""
        return self._is_closing()

    # For the leader, while it has the client in hand.

    def read_for_room(self) -> MemberFrames | None:
        """Read without waiting: return what is for the room, None for nothing; raises `HandOver`."""
        try:
            data = self._connection.receive_now()
            if data is None:
                return None
            actions = self._protocol.receive(data, time.monotonic())
        except Exception as error:  # Its own thread raises it again.
            self._error = error
            raise HandOver from error
        if self._protocol.has_waiting or self._protocol.has_pending_message or self._connection.eof_received:
            self._actions = actions
            raise HandOver
        return self._carry_out(actions)

    def _carry_out(self, actions: Sequence[Action]) -> MemberFrames | None:
        """Do what never waits: a thread need not be woken to answer a `ping`."""
        if len(actions) == 1 and isinstance(actions[0], PostToRoom):
            return MemberFrames(self._connection_id, actions[0].frames, actions[0].size)
        if not all(isinstance(action, Send) for action in actions):
            self._actions = actions
            raise HandOver
        for action in actions:
            if isinstance(action, Send):
                self._send(action.data)
        return None

    def hand_over(self) -> None:
        """Wake the client's thread."""
        self._handed_over.release()

    # For any thread.

    def recall(self) -> None:
        """Wake the client's thread, if it waits for the leader: the connection is closing."""
        if self._pool.remove(self):
            self._handed_over.release()

    # For the client's thread.

    def wait(self) -> Sequence[Action] | None:
        """Let the leader read; return what is to be carried out here, None when the pool is closed.

        Raises `ConnectionLost`, as the leader met it.
        """
        if not self._pool.add(self):
            return None
        if self.is_closing:
            self.recall()
        while True:
            if self._handed_over.acquire(timeout=self._protocol.check_after_s(time.monotonic())):
                return self._take()
            if time.monotonic() >= self._protocol.deadline_s() and self._pool.remove(self):
                return self._on_deadline()

    def _on_deadline(self) -> Sequence[Action]:
        """Read once more before the client counts as silent: the leader may have been busy elsewhere."""
        data = self._connection.receive_now()
        now_s = time.monotonic()
        return self._protocol.on_timeout(now_s) if data is None else self._protocol.receive(data, now_s)

    def _take(self) -> Sequence[Action]:
        error, self._error = self._error, None
        if error is not None:
            raise error
        actions, self._actions = self._actions, ()
        return actions
