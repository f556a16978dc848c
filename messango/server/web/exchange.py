"""One request and the means to answer it: what a handler gets (see `routes`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from messango.errors import ConnectionLost
from messango.room.peer import Peer
from messango.server.clients.talk_channel import TalkChannel
from messango.server.web.request_channel import RequestChannel
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.response import Response

if TYPE_CHECKING:  # Only their types are needed here.
    from messango.server.web.web_services import WebServices

#: What a handler returns: a response; what frames go over from here on; None if it has sent all itself.
Answer: TypeAlias = Response | TalkChannel | None

#: How long a short body may take to come: also over a bad Wi-Fi.
BODY_S: Final = 20.0


class Exchange:
    """One request, whose `Host` and origin were checked. For the client's thread.

    `parts` are what stands for `*` in the route's path. `receive`, `send_all` and `unsent_bytes` are those of
    a `Connection`, for a body of many bytes: what they carry is the body only.
    """

    def __init__(
        self,
        request: Request,
        host: str,
        parts: tuple[str, ...],
        channel: RequestChannel,
        services: WebServices,
    ) -> None:
        self.request = request
        self.host = host
        self.parts = parts
        self.services = services
        self.context = channel.context
        self.client = channel.client
        #: The browser's connection, for a handler that begins to talk over it.
        self.connection = channel.connection
        self.http = channel.http
        #: Set when the connection has to close.
        self.closing = channel.closing
        #: See `RequestChannel.claim`.
        self.claim = channel.claim
        self._channel = channel
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
            self._channel.connection.send(self.http.ask_for_body())
        deadline_s = time.monotonic() + timeout_s
        while not (data := self.http.read_body()) and self.body_left:
            wire = self._channel.receive(deadline_s - time.monotonic())
            if not wire:
                raise ConnectionLost("The browser closed the connection.", "It can try again.")
            self.http.receive(wire)
        return data

    # The body of a long response.

    def begin(self, response: Response) -> None:
        """Begin a response whose `size` bytes follow by `send_all`; then `end`, and return None."""
        self._channel.has_begun = True
        self._channel.connection.send(self.http.begin(response))

    def send_all(self, data: bytes, timeout_s: float) -> None:
        """Send a piece of the body, as `Connection.send_all` does."""
        self._channel.connection.send_all(self.http.encode(data), timeout_s)

    @property
    def unsent_bytes(self) -> int:
        """How many bytes wait for the system to take them."""
        return self._channel.connection.unsent_bytes

    def end(self) -> None:
        """End the response; every byte was sent."""
        self.http.end()


#: What answers the requests of a route.
Handler: TypeAlias = Callable[[Exchange], Answer]
