"""One connection of a browser: requests, one after the other, until one of them begins to talk."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Final

from messango.errors import ConnectionLost
from messango.server.clients.connected_client import ClientInThread
from messango.server.clients.talk_channel import TalkChannel
from messango.server.context import ServerContext
from messango.server.web.no_guests import NO_GUESTS, NoGuests
from messango.transport.connection import Connection
from messango.web.extra import is_web_installed

if TYPE_CHECKING:  # Not even loaded where no guests are admitted.
    from messango.server.web.request_loop import RequestLoop

#: How long a browser may take to read the answer after which we close.
GRACE_S: Final = 1.0


class BrowserConnection:
    """Answers a browser's requests. For the client's thread, which sets `closing` to end it early.

    Only `stop_waiting` is for any thread.
    """

    def __init__(
        self, client: ClientInThread, connection: Connection, context: ServerContext, closing: threading.Event
    ) -> None:
        self._client = client
        self._connection = connection
        self._context = context
        self._closing = closing
        self._loop: RequestLoop | None = None

    def run(self, deadline_s: float) -> TalkChannel | None:
        """Answer requests until one begins to talk; then return what the frames go over.

        Otherwise returns None, with the connection closed. The first request has to come before `deadline_s`.
        Browsers open connections that they never use, and close others for an unknown certificate: neither
        is worth a line for the host.
        """
        with contextlib.ExitStack() as undo:
            undo.callback(self._connection.close)
            try:
                if (channel := self._serve(deadline_s)) is not None:
                    undo.pop_all()
                    return channel
            except NoGuests:
                self._connection.shutdown(NO_GUESTS)
            except (TimeoutError, ConnectionLost):
                return None
            self._connection.shutdown()
            self._connection.linger(GRACE_S)
        return None

    def stop_waiting(self) -> None:
        """End the wait for a next request: the room is closing."""
        if self._loop is None or self._loop.is_idle:
            self._connection.abort()

    def _serve(self, deadline_s: float) -> TalkChannel | None:
        loop = self._loop = self._create_loop()
        if loop is None:
            self._connection.receive(deadline_s - time.monotonic())
            raise NoGuests
        return loop.run(deadline_s)

    def _create_loop(self) -> RequestLoop | None:
        """Return what answers the requests; None if no guests are admitted, or the extra is missing."""
        if not self._context.admits_guests() or not is_web_installed():
            return None
        from messango.server.web.request_loop import RequestLoop

        return RequestLoop(self._client, self._connection, self._context, self._closing)
