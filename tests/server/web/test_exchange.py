"""Handlers: what the loop does for them, with bodies of any length."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest

from messango.server.server import Server
from messango.server.web import request_channel, request_loop
from messango.server.web.exchange import Answer, Exchange
from messango.web.http.http_error import HttpError
from messango.web.http.response import Response, text_response
from messango.web.http.route_table import Route, RouteTable
from tests.support.http_client import HttpClient

Handler = Callable[[Exchange], Answer]

LARGE = bytes(range(256)) * 20_000


@pytest.fixture(autouse=True)
def real_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back at the end what a test has changed."""
    monkeypatch.setattr(request_loop, "routes", request_loop.routes)


def serve(handler: Handler, method: str = "POST") -> None:
    """Let rooms answer `/tea` with this handler."""
    request_loop.routes = RouteTable[Handler]([Route(method, "/tea", handler, max_body=len(LARGE))])


def test_a_long_body_comes_in_pieces(server: Server) -> None:
    """As it comes, with waits; the browser is asked for it once."""
    pieces: list[bytes] = []

    def take(exchange: Exchange) -> Response:
        while exchange.body_left:
            with contextlib.suppress(TimeoutError):
                pieces.append(exchange.receive(0.01))
        assert exchange.receive(0.01) == b""
        return text_response(200, "thanks")

    serve(take)
    with HttpClient(server.port) as browser:
        browser.request("POST", "/tea", content_length=str(len(LARGE)), expect="100-continue")
        assert browser.response().status == 100
        browser.send(LARGE[:1000])
        browser.send(LARGE[1000:])
        assert browser.response().text == "thanks\n"
        assert b"".join(pieces) == LARGE
        assert browser.post("/tea", b"again").status == 200


def test_a_long_response_goes_in_pieces(server: Server) -> None:
    """And the connection goes on."""

    def send(exchange: Exchange) -> None:
        exchange.begin(Response(200, ((b"Content-Type", b"image/png"),), size=len(LARGE)))
        for start in range(0, len(LARGE), 100_000):
            exchange.send_all(LARGE[start : start + 100_000], 60)
        exchange.end()
        assert exchange.unsent_bytes == 0

    serve(send, "GET")
    with HttpClient(server.port) as browser:
        for _ in range(2):
            answer = browser.get("/tea")
            assert answer.body == LARGE
            assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
                "image/png",
                "no-store",
            )
            assert "sandbox" in answer.headers["content-security-policy"]
        browser.request("HEAD", "/tea")
        assert browser.response(has_body=False).headers["content-length"] == str(len(LARGE))
        assert browser.get("/tea").status == 200


def test_a_response_that_has_begun_can_only_break(server: Server) -> None:
    """No error follows in the middle of a file."""

    def send(exchange: Exchange) -> None:
        exchange.begin(Response(200, size=10))
        exchange.send_all(b"abc", 60)
        raise HttpError(500, "no")

    serve(send, "GET")
    with HttpClient(server.port) as browser:
        browser.request("GET", "/tea")
        assert browser.await_end().endswith(b"\r\n\r\nabc")


def test_an_error_after_a_long_response_is_answered(server: Server) -> None:
    """Each response begins for itself."""
    test_a_long_response_goes_in_pieces(server)
    with HttpClient(server.port) as browser:
        assert browser.get("/tea").status == 200
        assert browser.get("/nothing").status == 404
        assert browser.get("/tea").status == 200


def test_a_browser_that_breaks_off_its_body_ends(server: Server) -> None:
    """The handler gets to know it, and the thread ends."""
    ended = threading.Event()

    def take(exchange: Exchange) -> Response:
        with contextlib.ExitStack() as stack:
            stack.callback(ended.set)
            exchange.read_body()
        return text_response(200, "thanks")

    serve(take)
    with HttpClient(server.port) as browser:
        browser.request("POST", "/tea", b"abc", content_length="10")
    assert ended.wait(60)


def test_a_browser_that_reads_nothing_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many responses it asks for."""
    monkeypatch.setattr(request_channel, "RESPONSE_S", 0.2)
    serve(lambda _: Response(200, body=LARGE), "GET")
    with HttpClient(server.port) as browser:
        for _ in range(3):
            browser.request("GET", "/tea")
        for client in server._connections.all():
            client.join_thread(60)
        assert len(browser.await_end()) < 3 * len(LARGE)


def test_the_room_closes_while_a_browser_reads_nothing(server: Server) -> None:
    """Nobody waits for it."""
    serve(lambda _: Response(200, body=LARGE), "GET")
    with HttpClient(server.port) as browser:
        for _ in range(3):
            browser.request("GET", "/tea")
        browser.read_exactly(1)
        server.close()
        assert len(browser.await_end()) < 3 * len(LARGE)
