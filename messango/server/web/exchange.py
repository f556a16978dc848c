"""One request and the means to answer it: what a handler gets (see `routes`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from messango.errors import ConnectionLost
from messango.room.peer import Peer
from messango.server.clients.own_thread import ClientInThread
from messango.server.clients.talk_channel import TalkChannel
from messango.server.context import ServerContext
from messango.transport.connection import Connection
from messango.web.http.http_connection import HttpConnection
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.response import Response

if TYPE_CHECKING:  # Only their types are needed here.
    from messango.server.web.web_services import WebServices

#: What a handler returns: a response; what frames go over from here on; None if it has sent all itself.
Answer: TypeAlias = Response | TalkChannel | None

#: How long a short body may take to come, and a short response to go: also over a bad Wi-Fi.
BODY_S: Final = 20.0
RESPONSE_S: Final = 30.0

#: How soon a connection ends that waits for a slow browser when the room closes.
_CHECK_EVERY_S: Final = 0.25


class Link:
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


class Exchange:
    """One request, whose `Host` and origin were checked. For the client's thread.

    `parts` are what stands for `*` in the route's path. `receive`, `send_all` and `unsent_bytes` are those of
    a `Connection`, for a body of many bytes: what they carry is the body only.
    """

    def __init__(
        self, request: Request, host: str, parts: tuple[str, ...], link: Link, services: WebServices
    ) -> None:
        self.request = request
        self.host = host
        self.parts = parts
        self.services = services
        self.context = link.context
        self.client = link.client
        #: The browser's connection, for a handler that begins to talk over it.
        self.connection = link.connection
        self.http = link.http
        #: Set when the connection has to close.
        self.closing = link.closing
        #: See `Link.claim`.
        self.claim = link.claim
        self._link = link
        self._is_body_asked = False

    @property
    def peer(self) -> Peer:
        """The browser's address."""
        return self.client.peer

    # The body of the request.

    def read_body(self) -> bytes:
        """Return the whole body, which is no longer than the route allows."""
        deadline_s = time.monotonic() + BODY_S
        pieces = []
        while self.body_left:
            pieces.append(self._receive_body(deadline_s))
        return b"".join(pieces)

    def _receive_body(self, deadline_s: float) -> bytes:
        try:
            return self.receive(deadline_s - time.monotonic())
        except TimeoutError:
            raise HttpError(408, "This request took too long.") from None

    @property
    def body_left(self) -> int:
        """How many bytes of the body were not returned yet."""
        return self.http.body_left

    def receive(self, timeout_s: float) -> bytes:
        """Return the next bytes of the body, or none at its end."""
        if not self._is_body_asked:
            self._is_body_asked = True
            self._link.connection.send(self.http.ask_for_body())
        deadline_s = time.monotonic() + timeout_s
        while not (data := self.http.read_body()) and self.body_left:
            wire = self._link.receive(deadline_s - time.monotonic())
            if not wire:
                raise ConnectionLost("The browser closed the connection.", "It can try again.")
            self.http.receive(wire)
        return data

    # The body of a long response.

    def begin(self, response: Response) -> None:
        """Begin a response whose `size` bytes follow by `send_all`; then `end`, and return None."""
        self._link.has_begun = True
        self._link.connection.send(self.http.begin(response))

    def send_all(self, data: bytes, timeout_s: float) -> None:
        """Send a piece of the body, as `Connection.send_all` does."""
        self._link.connection.send_all(self.http.encode(data), timeout_s)

    @property
    def unsent_bytes(self) -> int:
        """How many bytes wait for the system to take them."""
        return self._link.connection.unsent_bytes

    def end(self) -> None:
        """End the response; every byte was sent."""
        self.http.end()
