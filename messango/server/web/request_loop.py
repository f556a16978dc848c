"""Reads requests from a browser's connection, and answers them in order."""

from __future__ import annotations

import threading
import time
from typing import Final

from messango.errors import ConnectionLost
from messango.protocol.connection.rate_limit import TokenBucket
from messango.server.clients.connected_client import ClientInThread
from messango.server.clients.talk_channel import TalkChannel
from messango.server.context import ServerContext
from messango.server.web.exchange import Answer, Exchange
from messango.server.web.no_guests import NoGuests
from messango.server.web.redirect import redirect
from messango.server.web.request_channel import RequestChannel
from messango.server.web.routes import create_routes
from messango.transport.connection import Connection
from messango.web.http.http_connection import HttpConnection
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.response import text_response

#: How long a connection may wait for its next request: a page loads its files, and then talks elsewhere.
KEEP_ALIVE_S: Final = 30.0

#: From the first byte of a request to the end of its headers.
HEAD_S: Final = 10.0

#: Requests per second over one connection, and how many at once. A page needs two dozen when it loads.
_REQUEST_RATE: Final = 50
_REQUEST_BURST: Final = 200

#: What browsers can ask for; the same in every room.
routes = create_routes()


class RequestLoop:
    """For the client's thread; only `is_idle` is for any thread."""

    def __init__(
        self, client: ClientInThread, connection: Connection, context: ServerContext, closing: threading.Event
    ) -> None:
        self._client = client
        self._context = context
        self._closing = closing
        self._http = HttpConnection()
        self._channel = RequestChannel(client, connection, self._http, context, closing)
        self._services = context.web.get()
        self._bucket = TokenBucket(_REQUEST_RATE, _REQUEST_BURST, time.monotonic())
        #: Whether nothing but the wait for a next request would be broken off.
        self.is_idle = False

    def run(self, deadline_s: float) -> TalkChannel | None:
        """Answer requests until one begins to talk, or the connection has to end.

        Raises `TimeoutError`, `ConnectionLost` and `NoGuests`.
        """
        while not self._closing.is_set():
            try:
                request = self._next_request(deadline_s)
            except HttpError as error:
                self._channel.send(self._http.respond_error(error))
                return None
            if request is None:
                return None
            answer = self._answer(request)
            if isinstance(answer, TalkChannel):
                self._channel.release()
                return answer
            self._channel.send(b"" if answer is None else self._http.respond(answer, is_last=self._is_last))
            if not self._http.finish():
                return None
            deadline_s = time.monotonic() + KEEP_ALIVE_S
        return None

    @property
    def _is_last(self) -> bool:
        return self._closing.is_set() or not self._channel.encrypted

    def _next_request(self, deadline_s: float) -> Request | None:
        """Return the next request, None at the end of the stream."""
        has_begun = False
        while (request := self._http.next_request()) is None:
            if self._http.has_input and not has_begun:
                has_begun, deadline_s = True, time.monotonic() + HEAD_S
            if not (data := self._wait_for_input(deadline_s)):
                return None
            self._http.receive(data)
        self._wait_for_turn()
        return request

    def _wait_for_input(self, deadline_s: float) -> bytes:
        self.is_idle = not self._http.has_input
        try:
            if self._closing.is_set():
                return b""
            return self._channel.receive(deadline_s - time.monotonic())
        except TimeoutError:
            if self._http.has_input:
                raise HttpError(408, "This request took too long.") from None
            raise
        finally:
            self.is_idle = False

    def _wait_for_turn(self) -> None:
        while not self._bucket.take(1, time.monotonic()):
            if self._client.wait(max(0.0, self._bucket.next_at_s() - time.monotonic())):
                raise ConnectionLost("The room is closing.", "Try again later.")

    def _answer(self, request: Request) -> Answer:
        """Return the response; None if it was sent already."""
        if not self._context.admits_guests():
            raise NoGuests
        try:
            if not self._channel.encrypted:
                return redirect(request, self._services.host_rules(self._client.peer.local_host, clear=True))
            self._channel.check_owner()
            return self._dispatch(request)
        except HttpError as error:
            if self._channel.has_begun:
                raise ConnectionLost("A response can't be finished.", "Try again.") from error
            return text_response(error.status, error.text, error.headers)

    def _dispatch(self, request: Request) -> Answer:
        rules = self._services.host_rules(self._client.peer.local_host)
        host = rules.check_host(request)
        route, parts = routes.find(request)
        is_post = request.method == "POST"
        rules.check_origin(request, host, required=is_post or route.needs_origin)
        if is_post and request.header("x-messango") != "1":
            raise HttpError(403, "Only the room's own page may do that.")
        if request.body_bytes > route.max_body:
            raise HttpError(413, f"That is too much: at most {route.max_body:,} bytes are taken here.")
        return route.handler(Exchange(request, host, parts, self._channel, self._services))
