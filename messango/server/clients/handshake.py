"""How a client's socket becomes a connection, and how far it has come."""

from __future__ import annotations

import contextlib
import socket
import time

from messango.server.clients.connected_client import ConnectedClient
from messango.server.clients.first_byte import FirstByte
from messango.server.context import ServerContext
from messango.server.limits import SLOW_HANDSHAKE_S
from messango.transport.connection import Connection


class Handshake:
    """The first byte and TLS of one client. For the client's thread, unless a method says otherwise."""

    def __init__(self, client: ConnectedClient, sock: socket.socket, context: ServerContext) -> None:
        self._socket = sock
        self._context = context
        self._first_byte = FirstByte(client, sock, context)
        self._first_byte_seen = False
        self._connected_at_s = time.monotonic()
        self._is_finished = False

    def run(self, join_deadline_s: float) -> tuple[Connection, float]:
        """Return the connection, and until when its client has to join; raises as `Acceptor.wrap`."""
        join_deadline_s = self._first_byte.wait(join_deadline_s)
        self._first_byte_seen = True
        connection = self._context.acceptor.wrap(self._socket, join_deadline_s - time.monotonic())
        self._is_finished = True
        return connection, join_deadline_s

    def send_farewell(self, frames: bytes) -> None:
        """Send the reason to a client that is kept in silence. For any thread."""
        self._first_byte.send_farewell(frames)

    @property
    def rank(self) -> int:
        """The eviction rank of a client that has not joined; the lowest is dropped first. For any thread.

        Order: slow, new; and among each: no byte yet, TLS handshake unfinished, handshake finished.
        """
        is_slow = time.monotonic() - self._connected_at_s > SLOW_HANDSHAKE_S
        return self._progress() + (0 if is_slow else 3)

    def _progress(self) -> int:
        """Return 0 before the first byte, 1 after it, 2 when the TLS handshake is finished."""
        if self._is_finished:
            return 2
        if not self._first_byte_seen:
            # The thread may not have run yet.
            with contextlib.suppress(OSError):
                self._first_byte_seen = bool(self._socket.recv(1, socket.MSG_PEEK))
        return int(self._first_byte_seen)
