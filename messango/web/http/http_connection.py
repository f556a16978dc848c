"""The server's side of one HTTP/1.1 connection, without I/O: bytes to requests, and responses to bytes."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Final

import h11

from messango.errors import LocalProtocolError
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.request_head import MAX_HEAD_BYTES, RequestHead
from messango.web.http.response import Response, text_response
from messango.web.http.security_headers import with_security_headers

#: Far more than a page needs: a connection that never ends is not a browser's.
MAX_REQUESTS: Final = 1_000

_NOT_HTTP: Final = "This is not a valid HTTP request."


class HttpConnection:
    """Wraps h11 for one request after the other, in order. For one thread at a time.

    `next_request`, its body by `read_body`, then `respond`, or `begin` and `encode`; then `finish`.
    """

    def __init__(self) -> None:
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._input = RequestHead()
        self._body_left = 0
        self._is_head = False
        self._requests = 0

    # Requests.

    def receive(self, data: bytes) -> None:
        """Add bytes that came."""
        self._input.feed(data)

    @property
    def has_input(self) -> bool:
        """Whether bytes wait that belong to no request yet."""
        return self._input.has_begun

    def next_request(self) -> Request | None:
        """Return the next request, or None if more bytes are needed.

        Raises `HttpError`; then the connection has to end after the response.
        """
        # Whatever is wrong with this request, its method says nothing about the response.
        self._is_head = False
        head = self._input.take()
        if head is None:
            return None
        self._requests += 1
        event = self._parse(head)
        self._is_head = event.method == b"HEAD"
        self._check(event)
        self._body_left = int(dict(event.headers).get(b"content-length", b"0"))
        if not self._body_left:
            self._h11.next_event()
        return Request(
            event.method.decode("ascii"),
            event.target.decode("latin-1"),
            tuple(event.headers),
            self._body_left,
            event.http_version == b"1.0",
        )

    def _parse(self, head: bytes) -> h11.Request:
        try:
            self._h11.receive_data(head)
            event = self._h11.next_event()
        except h11.RemoteProtocolError as error:
            raise HttpError(error.error_status_hint, _NOT_HTTP) from error
        if not isinstance(event, h11.Request):
            raise HttpError(400, _NOT_HTTP)
        return event

    def _check(self, event: h11.Request) -> None:
        headers = dict(event.headers)
        if event.http_version not in (b"1.0", b"1.1"):
            raise HttpError(505, "Only HTTP/1.1 is understood here.")
        if b"transfer-encoding" in headers:
            if b"content-length" in headers:
                raise HttpError(400, _NOT_HTTP)
            raise HttpError(411, "The length of the body has to be given.")
        if not event.target.startswith(b"/"):
            raise HttpError(400, "Only requests for this room are answered.")
        if headers.get(b"expect", b"100-continue").lower() != b"100-continue":
            raise HttpError(417, "This expectation can't be met.")

    @property
    def body_left(self) -> int:
        """How many bytes of the request's body were not returned yet."""
        return self._body_left

    def read_body(self) -> bytes:
        """Return what has come of the body, or nothing if more bytes are needed or none are left."""
        data = self._input.take_rest(self._body_left)
        if data:
            self._body_left -= len(data)
            self._h11.receive_data(data)
            self._h11.next_event()
            if not self._body_left:
                self._h11.next_event()
        return data

    def take_rest(self) -> bytes:
        """Return the bytes after the request, which belong to another protocol from here on."""
        return self._input.take_rest(sys.maxsize)

    # Responses.

    def ask_for_body(self) -> bytes:
        """Return what makes the browser send its body, if it waits for that."""
        if not self._h11.they_are_waiting_for_100_continue:
            return b""
        return self._send(h11.InformationalResponse(status_code=100, headers=[]))

    def respond(self, response: Response, *, is_last: bool = False) -> bytes:
        """Return a whole response; `is_last` ends the connection."""
        return self.begin(response, is_last=is_last) + self.encode(response.body) + self.end()

    def respond_error(self, error: HttpError) -> bytes:
        """Return the response for a request that can't be answered, after which the connection ends."""
        return self.respond(text_response(error.status, error.text, error.headers), is_last=True)

    def begin(self, response: Response, *, is_last: bool = False) -> bytes:
        """Return the head of a response whose body follows by `encode`."""
        headers = list(with_security_headers(response.headers))
        if response.status not in (204, 304):
            size = len(response.body) if response.size is None else response.size
            headers.append((b"Content-Length", b"%d" % size))
        if is_last or self._body_left or self._requests >= MAX_REQUESTS:
            headers.append((b"Connection", b"close"))
        reason = HTTPStatus(response.status).phrase.encode()
        return self._send(h11.Response(status_code=response.status, headers=headers, reason=reason))

    def begin_endless(self, response: Response) -> bytes:
        """Return the head of a response whose body never ends, in chunks; h11 has no part in what follows."""
        headers = [*with_security_headers(response.headers), (b"Transfer-Encoding", b"chunked")]
        reason = HTTPStatus(response.status).phrase.encode()
        return self._send(h11.Response(status_code=response.status, headers=headers, reason=reason))

    def encode(self, data: bytes) -> bytes:
        """Return a piece of the body: nothing if the request was `HEAD`, which gets none."""
        return self._send(h11.Data(data=data)) if data and not self._is_head else b""

    def end(self) -> bytes:
        """Return the end of the response; raises `LocalProtocolError` if pieces are missing."""
        return self._send(h11.EndOfMessage())

    def _send(self, event: h11.Event) -> bytes:
        try:
            return self._h11.send(event) or b""
        except h11.LocalProtocolError as error:
            raise LocalProtocolError(str(error)) from error

    def finish(self) -> bool:
        """Prepare for the next request; false if the connection has to end."""
        if self._body_left or self._h11.our_state is not h11.DONE or self._h11.their_state is not h11.DONE:
            return False
        self._h11.start_next_cycle()
        return True
