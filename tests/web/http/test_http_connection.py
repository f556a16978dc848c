"""Requests out of bytes, and responses into bytes."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import LocalProtocolError
from messango.web.http import http_connection
from messango.web.http.http_connection import HttpConnection
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.response import Response, empty_response, json_response, text_response

GET = b"GET / HTTP/1.1\r\nHost: tea\r\n\r\n"
POST = b"POST /frames HTTP/1.1\r\nHost: tea\r\nContent-Length: 3\r\n\r\n"


def request(data: bytes) -> tuple[HttpConnection, Request]:
    """Return the request that these bytes are, and its connection."""
    connection = HttpConnection()
    connection.receive(data)
    parsed = connection.next_request()
    assert parsed is not None
    return connection, parsed


def refusal(data: bytes) -> HttpError:
    """Return why these bytes are not a request."""
    connection = HttpConnection()
    connection.receive(data)
    with pytest.raises(HttpError) as raised:
        connection.next_request()
    response = connection.respond_error(raised.value)
    assert response.startswith(b"HTTP/1.1 %d " % raised.value.status)
    assert b"\r\nConnection: close\r\n" in response
    assert not connection.finish()
    return raised.value


def test_a_request_is_read() -> None:
    """Its path is without its query, and the names of its headers are in lower case."""
    _, parsed = request(b"GET /page/1/a.js?b=c HTTP/1.1\r\nHOST: tea\r\nX-A: 1\r\nx-a: 2\r\n\r\n")
    assert (parsed.method, parsed.path, parsed.target) == ("GET", "/page/1/a.js", "/page/1/a.js?b=c")
    assert parsed.header("Host") == "tea"
    assert parsed.header("x-a") == "1, 2"
    assert parsed.header("x-b") is None
    assert not parsed.is_http_1_0


@given(cuts=st.lists(st.integers(min_value=0, max_value=200), max_size=8))
def test_requests_may_come_in_any_slices(cuts: list[int]) -> None:
    """Also several at once: they are answered in order."""
    data = GET + POST + b"abc" + GET
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    connection, seen = HttpConnection(), []
    current: Request | None = None
    body = b""
    for start, end in itertools.pairwise(places):
        connection.receive(data[start:end])
        while True:
            if current is None and (current := connection.next_request()) is None:
                break
            body += connection.read_body()
            if connection.body_left:
                break
            seen.append((current.method, body))
            assert connection.respond(empty_response())
            assert connection.finish()
            current, body = None, b""
    assert seen == [("GET", b""), ("POST", b"abc"), ("GET", b"")]
    assert not connection.has_input


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\n" % (b"9" * 40), 400),
        (b"GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nB: c\rd\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nB: \x00\r\n\r\n", 400),
        (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"GET /" + b"a" * 20_000, 431),
    ],
)
def test_ambiguous_and_foreign_requests_are_refused(data: bytes, status: int) -> None:
    """With a sentence; nothing follows on the connection."""
    assert refusal(data).status == status


def test_the_largest_headers_are_read() -> None:
    """Up to the byte, and no more."""
    rest = b"GET / HTTP/1.1\r\nHost: a\r\nB: \r\n\r\n"
    filling = b"c" * (16_384 - len(rest))
    request(rest.replace(b"B: ", b"B: " + filling))
    assert refusal(rest.replace(b"B: ", b"B: c" + filling)).status == 431


def test_bytes_that_are_no_line_break_of_http_are_refused_at_once() -> None:
    """Nobody has to wait for the end of the headers; a CR may still get its LF."""
    connection = HttpConnection()
    connection.receive(b"GET / HTTP/1.1\r")
    assert connection.next_request() is None
    connection.receive(b"\nHost: a\n")
    with pytest.raises(HttpError):
        connection.next_request()


def test_line_breaks_in_a_body_are_its_own() -> None:
    """Also those that came together with the headers."""
    connection, _ = request(POST + b"\na\n")
    assert connection.read_body() == b"\na\n"


def test_a_response_says_how_the_browser_shall_treat_it() -> None:
    """Nothing may be sniffed, cached, embedded or run, unless the response says otherwise."""
    connection, _ = request(GET)
    response = connection.respond(json_response(200, b"{}"))
    head, _, body = response.partition(b"\r\n\r\n")
    assert body == b"{}"
    for line in (
        b"HTTP/1.1 200 OK",
        b"Content-Type: application/json",
        b"Content-Length: 2",
        b"X-Content-Type-Options: nosniff",
        b"Referrer-Policy: no-referrer",
        b"Cross-Origin-Resource-Policy: same-origin",
        b"Cross-Origin-Opener-Policy: same-origin",
        b"Cache-Control: no-store",
    ):
        assert line in head.split(b"\r\n")
    assert b"sandbox" in head
    assert b"Connection" not in head
    assert connection.finish()


def test_a_head_request_gets_no_body() -> None:
    """But its length."""
    connection, _ = request(GET.replace(b"GET", b"HEAD"))
    response = connection.respond(text_response(200, "tea"))
    assert response.endswith(b"Content-Length: 4\r\n\r\n")
    assert connection.finish()


def test_an_old_browser_gets_one_response() -> None:
    """HTTP/1.0 has no second request."""
    connection, parsed = request(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")
    assert parsed.is_http_1_0
    assert b"Connection: close" in connection.respond(text_response(200, "tea"))
    assert not connection.finish()


def test_a_browser_that_closes_gets_one_response() -> None:
    """It says so in its request."""
    connection, _ = request(GET.replace(b"Host", b"Connection: close\r\nHost"))
    assert b"Connection: close" in connection.respond(text_response(200, "tea"))
    assert not connection.finish()


def test_a_body_that_nobody_reads_ends_the_connection() -> None:
    """What comes of it would be taken for the next request."""
    connection, _ = request(POST)
    assert b"Connection: close" in connection.respond(text_response(403, "no"))
    assert not connection.finish()


def test_a_browser_may_wait_for_its_turn() -> None:
    """`100 Continue` comes once, and not if the body is refused."""
    connection, _ = request(POST.replace(b"Host", b"Expect: 100-continue\r\nHost"))
    assert connection.ask_for_body().startswith(b"HTTP/1.1 100 ")
    assert connection.ask_for_body() == b""
    connection.receive(b"abc")
    assert connection.read_body() == b"abc"
    assert connection.respond(empty_response()).startswith(b"HTTP/1.1 204 ")
    assert connection.finish()


def test_a_body_may_follow_in_pieces() -> None:
    """As many bytes as were said, and neither more nor fewer."""
    connection, _ = request(GET)
    assert b"Content-Length: 6" in connection.begin(Response(200, size=6))
    assert connection.encode(b"abc") + connection.encode(b"") == b"abc"
    with pytest.raises(LocalProtocolError):
        connection.end()
    connection, _ = request(GET)
    connection.begin(Response(200, size=2))
    with pytest.raises(LocalProtocolError):
        connection.encode(b"abc")


def test_an_endless_response_has_chunks() -> None:
    """Which somebody else encodes."""
    connection, _ = request(GET)
    head = connection.begin_endless(Response(200, ((b"Content-Type", b"text/event-stream"),)))
    assert head.endswith(b"Transfer-Encoding: chunked\r\n\r\n")
    assert b"Content-Length" not in head


def test_what_follows_an_upgrade_is_left_alone() -> None:
    """It belongs to the WebSocket."""
    connection, _ = request(
        GET.replace(b"Host", b"Connection: upgrade\r\nUpgrade: websocket\r\nHost") + b"\x81"
    )
    assert connection.has_input
    assert connection.take_rest() == b"\x81"
    assert not connection.has_input


def test_an_upgrade_that_is_declined_is_an_ordinary_request() -> None:
    """The connection goes on."""
    upgrade = GET.replace(b"Host", b"Connection: upgrade\r\nUpgrade: h2c\r\nHost")
    connection, _ = request(upgrade + GET)
    connection.respond(text_response(200, "tea"))
    assert connection.finish()
    assert connection.next_request() is not None


def test_no_connection_has_requests_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last response says that it is."""
    monkeypatch.setattr(http_connection, "MAX_REQUESTS", 2)
    connection, _ = request(GET + GET)
    connection.respond(empty_response())
    assert connection.finish()
    connection.next_request()
    assert b"Connection: close" in connection.respond(empty_response())
    assert not connection.finish()


@given(data=st.binary(max_size=300))
def test_no_bytes_do_harm(data: bytes) -> None:
    """They are a request, too few, or refused."""
    connection = HttpConnection()
    connection.receive(data)
    with contextlib.suppress(HttpError):
        connection.next_request()
    assert connection.respond_error(HttpError(400, "no")).startswith(b"HTTP/1.1 400 ")
