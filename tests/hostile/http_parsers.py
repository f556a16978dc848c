"""What reads a browser's requests, and what must be true of each that is accepted, and of the responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import h11

from messango.protocol.limits import MAX_FRAME_BYTES
from messango.server.web.redirect import redirect
from messango.server.web.routes import create_routes
from messango.web.http.host_rules import HostRules
from messango.web.http.http_connection import MAX_REQUESTS, HttpConnection
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.request_head import MAX_HEAD_BYTES
from messango.web.http.response import Response, text_response
from messango.web.talk.websocket_handshake import UpgradeRefused, answer_upgrade
from tests.hostile.parser import Parser

_HOST: Final = "192.168.1.20:8000"
_ROUTES: Final = create_routes()
_RULES: Final = HostRules("192.168.1.20", 8000, "ann-laptop")
_HOSTS: Final = (_HOST, "localhost:8000", "ann-laptop:8000", "ann-laptop.local:8000")

_OWN: Final = f"Host: {_HOST}\r\nOrigin: https://{_HOST}\r\n"
_POST: Final = f"POST /frames HTTP/1.1\r\n{_OWN}X-Messango: 1\r\nX-Messango-Stream: abc\r\n"
_UPGRADE: Final = (
    f"GET /talk HTTP/1.1\r\n{_OWN}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_GET: Final = (
    f"GET / HTTP/1.1\r\nHost: {_HOST}\r\nUser-Agent: Mozilla/5.0\r\nAccept: text/html,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n\r\n"
)
_REQUESTS: Final = tuple(
    request.encode()
    for request in (
        _GET,
        _GET + f"HEAD /page/abc/js/main.js?x HTTP/1.1\r\nHost: {_HOST}\r\n\r\n" + _GET,
        _UPGRADE + "\x01\x02",
        _POST + 'Content-Length: 15\r\n\r\n{"type":"ping"}' + _GET,
        _POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
        _POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        _POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _GET,
        _POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        _POST + f"Content-Length: {'9' * 5_000}\r\n\r\n",
        f"GET /events HTTP/1.0\r\n{_OWN}Connection: keep-alive\r\n\r\n",
        f"GET //evil.example/%0d%0aX:1 HTTP/1.1\r\nHost : {_HOST}\r\n\r\n",
        f"GET http://evil.example/ HTTP/1.1\r\n{_OWN}X: a\r\n folded\r\n\r\n",
        f"CONNECT / HTTP/1.1\r\n{_OWN}\r\n",
        f"GET / HTTP/1.1\nHost: {_HOST}\n\n",
        "GET / HTTP/1.1\r\nHost: evil.example\r\nOrigin: https://evil.example\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    )
)


@dataclass(slots=True)
class _Talk:
    """What one connection's bytes led to."""

    requests: list[Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


def check_requests(data: bytes) -> None:
    """Bytes give the same requests and responses in one read as in three; a browser can read those."""
    step = len(data) // 3 + 1
    whole = _talk(iter([data]))
    assert _talk(data[start : start + step] for start in range(0, len(data), step)) == whole
    for request, body in zip(whole.requests, whole.bodies, strict=True):
        _check_request(request, body)


def _check_request(request: Request, body: bytes) -> None:
    assert len(body) <= request.body_bytes
    assert request.header("transfer-encoding") is None
    for shown in (request.target, *(value.decode("latin-1") for _, value in request.headers)):
        assert not {*"\r\n\0"} & {*shown}
    assert sum(len(name) + len(value) for name, value in request.headers) < MAX_HEAD_BYTES


def _talk(reads: Iterator[bytes]) -> _Talk:
    connection, talk = HttpConnection(), _Talk()
    try:
        while len(talk.requests) < MAX_REQUESTS and (request := _next(connection, reads)) is not None:
            talk.requests.append(request)
            talk.bodies.append(_body(connection, reads, request))
            response = _answer(request)
            talk.statuses.append(_read_response(connection.respond(response), response, request))
            if not connection.finish():
                break
    except HttpError as error:
        response = text_response(error.status, str(error), error.headers)
        talk.statuses.append(_read_response(connection.respond_error(error), response, None))
    return talk


def _next(connection: HttpConnection, reads: Iterator[bytes]) -> Request | None:
    while (request := connection.next_request()) is None:
        if (data := next(reads, None)) is None:
            return None
        connection.receive(data)
    return request


def _body(connection: HttpConnection, reads: Iterator[bytes], request: Request) -> bytes:
    connection.ask_for_body()
    pieces = []
    while connection.body_left and request.body_bytes <= MAX_FRAME_BYTES:
        if not (data := connection.read_body()):
            if (more := next(reads, None)) is None:
                break
            connection.receive(more)
        pieces.append(data)
    return b"".join(pieces)


def _answer(request: Request) -> Response:
    """Answer as the server does, up to what is behind the routes."""
    try:
        host = _RULES.check_host(request)
        assert host in _HOSTS
        _check_redirect(request)
        route, _ = _ROUTES.find(request)
        required = request.method == "POST" or route.needs_origin
        _RULES.check_origin(request, host, required=required)
        assert request.header("origin") in {f"https://{host}", *(() if required else (None,))}
        return _check_upgrade(request)
    except HttpError as error:
        return text_response(error.status, str(error), error.headers)


def _check_redirect(request: Request) -> None:
    if request.method in ("GET", "HEAD"):
        (location,) = (value for name, value in redirect(request, _RULES).headers if name == b"Location")
        assert location.decode("latin-1").startswith(tuple(f"https://{host}/" for host in _HOSTS))


def _check_upgrade(request: Request) -> Response:
    answer = answer_upgrade(request.headers, is_http_1_0=request.is_http_1_0)
    if isinstance(answer, UpgradeRefused):
        return text_response(answer.status, answer.reason, answer.headers)
    assert request.body_bytes == 0
    assert not request.is_http_1_0
    assert request.header("sec-websocket-version") == "13"
    return text_response(200, "It would be a WebSocket.")


def _read_response(sent: bytes, wanted: Response, request: Request | None) -> int:
    """Return the status that a browser reads; the response must be whole, and have all its headers."""
    browser = h11.Connection(h11.CLIENT)
    # A refused request may have been a HEAD: then there is no body.
    is_head = sent.endswith(b"\r\n\r\n") if request is None else request.method == "HEAD"
    method = "HEAD" if is_head else "GET"
    browser.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    browser.send(h11.EndOfMessage())
    browser.receive_data(sent)
    response, *body, end = _events(browser)
    assert isinstance(response, h11.Response)
    assert response.status_code == wanted.status
    assert isinstance(end, h11.EndOfMessage)
    text = b"".join(piece.data for piece in body if isinstance(piece, h11.Data))
    assert text == (b"" if is_head else wanted.body)
    assert dict(response.headers)[b"x-content-type-options"] == b"nosniff"
    return response.status_code


def _events(browser: h11.Connection) -> list[object]:
    events: list[object] = []
    while not events or not isinstance(events[-1], h11.EndOfMessage):
        event = browser.next_event()
        assert event is not h11.NEED_DATA, "the response is not whole"
        events.append(event)
    return events


def http_parsers() -> list[Parser]:
    """Return the parsers of a browser's requests."""
    return [Parser("HTTP requests", 0.06, _REQUESTS, check_requests)]
