"""One connection of a browser: its requests, one after the other, until one of them begins to talk."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Final, Protocol

from messango.server.clients.connections import ConnectedClient
from messango.server.clients.talk_channel import TalkChannel
from messango.server.context import ServerContext
from messango.transport.connection import Connection

#: How long a browser may take to read the answer after which we close.
_GRACE_S: Final = 1.0

_NO_GUESTS_TEXT: Final = (
    b"This is a Messango room that takes no guests from the browser.\n"
    b"Ask the host to admit them (messango host web on), or join with Messango.\n"
)
_NO_GUESTS: Final = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" % len(_NO_GUESTS_TEXT)
)


class BrowserClient(ConnectedClient, Protocol):
    """The part of a client's thread that a browser's connection uses, in that thread."""

    def wait(self, seconds: float) -> bool:
        """Wait this long; return True if the connection has to close meanwhile."""

    def report_refusal(self, reason: str, name: str = "") -> None:
        """Report to the host that this client was refused."""


class BrowserConnection:
    """Answers a browser's requests. For the client's thread, which sets `closing` to end it early."""

    def __init__(
        self, client: BrowserClient, connection: Connection, context: ServerContext, closing: threading.Event
    ) -> None:
        self._client = client
        self._connection = connection
        self._context = context
        self._closing = closing

    def run(self, deadline_s: float) -> TalkChannel | None:
        """Answer requests until one begins to talk; then return what the frames go over.

        Otherwise returns None, with the connection closed. The first request has to come before `deadline_s`.
        """
        with contextlib.closing(self._connection):
            self._connection.receive(deadline_s - time.monotonic())
            self._connection.shutdown(_NO_GUESTS + _NO_GUESTS_TEXT)
            self._connection.linger(_GRACE_S)
        return None
