"""What the requests of a browser travel over: one connection, and whose it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from messango.server.clients.connected_client import ClientInThread
from messango.server.context import ServerContext
from messango.transport.connection import Connection
from messango.web.http.http_connection import HttpConnection

#: How long a short response may take to go: also over a bad Wi-Fi.
RESPONSE_S: Final = 30.0

#: How soon a connection ends that waits for a slow browser when the room closes.
_CHECK_EVERY_S: Final = 0.25


class RequestChannel:
    """A browser's connection as all its requests use it. For the client's thread.

    Every method that waits raises `TimeoutError` and `ConnectionLost`.
    """

    def __init__(
        self,
        client: ClientInThread,
        connection: Connection,
        http: HttpConnection,
        context: ServerContext,
        closing: threading.Event,
    ) -> None:
        self.client = client
        self.connection = connection
        self.http = http
        self.context = context
        self.closing = closing
        #: Whether the present response has begun.
        self.has_begun = False
        self._find_owner: Callable[[], str | None] | None = None

    @property
    def encrypted(self) -> bool:
        """Whether the browser encrypts."""
        return self.connection.encrypted

    def receive(self, timeout_s: float) -> bytes:
        """Return the bytes received, or none at the end."""
        return self.connection.receive(timeout_s)

    def send(self, data: bytes) -> None:
        """Send a short response, and wait until the system has taken it."""
        self.has_begun = False
        deadline_s = time.monotonic() + RESPONSE_S
        while data or self.connection.unsent_bytes:
            try:
                self.connection.send_all(data, _CHECK_EVERY_S)
            except TimeoutError:
                if self.closing.is_set() or time.monotonic() > deadline_s:
                    raise
            else:
                return
            data = b""  # The connection has it, and sends on.

    # Whose connection it is: a member's is none of those that have not joined.

    def claim(self, find_owner: Callable[[], str | None]) -> bool:
        """Count the connection as that of the member whose id `find_owner` returns; false if it is None.

        Before each later request it is called again, and the connection counts as a stranger's from then on
        if it returns None.
        """
        if (owner := find_owner()) is None:
            return False
        self._find_owner = find_owner
        evicted = self.context.connections.mark_members(self.client, owner)
        if evicted is not None:
            evicted.abort()
        return True

    def check_owner(self) -> None:
        """Count the connection as a stranger's if its member has left."""
        if self._find_owner is not None and self._find_owner() is None:
            self.release()

    def release(self) -> None:
        """Count the connection as a stranger's."""
        self._find_owner = None
        evicted = self.context.connections.mark_stranger(self.client)
        if evicted is not None:
            evicted.abort()
