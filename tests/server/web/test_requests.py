"""A browser's requests to a room, over TLS: the page, and what is refused."""

from __future__ import annotations

import socket
import ssl

import pytest

from messango.room.host.host_events import JoinAttempted
from messango.server.server import Server
from messango.server.web import exchange, request_loop
from messango.server.web.browser_connection import BrowserConnection
from messango.web.page_files import PageFiles
from tests.server.web.conftest import PAGE
from tests.support.guests import UPGRADE
from tests.support.http_client import HttpClient
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room


def test_the_page_comes_compressed_and_is_asked_for_again(server: Server) -> None:
    """A browser that has the present one gets no copy; one that does not decompress gets it as it is."""
    with HttpClient(server.port) as browser:
        page = browser.get("/", accept_encoding="gzip, deflate, br")
        assert (page.status, page.text) == (200, "<!doctype html>")
        assert page.headers["content-encoding"] == "gzip"
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["vary"] == "Accept-Encoding"
        for known in (f'W/"x", {page.headers["etag"]}', page.headers["etag"].removeprefix("W/"), "*"):
            again = browser.get("/", if_none_match=known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["vary"] == "Accept-Encoding"
        assert browser.get("/", if_none_match='"x"').status == 200


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip", True),
        ("br, GZIP ; q=0.5, deflate", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("gzipped, x-gzip", False),
        ("", False),
    ],
)
def test_only_who_decompresses_gets_it_compressed(
    server: Server, accepted: str, *, is_compressed: bool
) -> None:
    """A weight of zero refuses a coding (RFC 9110, section 12.4.2)."""
    with HttpClient(server.port) as browser:
        page = browser.get("/", accept_encoding=accepted)
        assert ("content-encoding" in page.headers) == is_compressed
        assert page.headers["etag"].startswith('W/"')


def test_the_page_may_load_from_its_room_only(server: Server) -> None:
    """Scripts, styles and pictures of ours; connections to where it came from."""
    with HttpClient(server.port) as browser:
        for target in ("/", "/page/1a2b/page.js"):
            policy = browser.get(target).headers["content-security-policy"]
            assert policy.split("; ") == [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                f"connect-src 'self' wss://{browser.host}",
                "img-src 'self' blob:",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            ]


def test_the_files_of_the_page_stay_for_ever(server: Server) -> None:
    """Their path has the version in it; no other path leads anywhere."""
    with HttpClient(server.port) as browser:
        file = browser.get("/page/1a2b/page.js", accept_encoding="gzip")
        assert file.text == "tea();\n"
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        for path in ("0000/page.js", "1a2b/../../../etc/passwd", "1a2b/%2e%2e/page.js", "1a2b/index.html"):
            assert browser.get(f"/page/{path}").status == 404


def test_requests_are_answered_in_order(server: Server) -> None:
    """Also if a browser sends many at once; `HEAD` gets no body."""
    with HttpClient(server.port) as browser:
        browser.request("GET", "/")
        browser.request("HEAD", "/")
        browser.request("GET", "/nothing")
        browser.request("POST", "/", b"abc")
        assert browser.response().text == "<!doctype html>"
        head = browser.response(has_body=False)
        assert (head.status, head.headers["content-length"]) == (200, "15")
        assert browser.response().status == 404
        refused = browser.response()
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
        assert refused.headers["connection"] == "close"
        assert browser.await_end() == b""


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "10.0.0.1:{port}"])
def test_a_foreign_host_is_refused(server: Server, host: str) -> None:
    """A name that was rebound to the room's address gets nothing, on any path."""
    with HttpClient(server.port) as browser:
        name = host.format(port=server.port)
        for target in ("/", "/events", "/page/1a2b/page.js", "/nothing"):
            answer = browser.get(target, host=name, origin=f"https://{name}")
            assert (answer.status, answer.body.count(b"messango")) == (421, 0)
        assert browser.post("/frames", b"{}", host=name, origin=f"https://{name}").status == 421


def test_our_own_names_are_accepted(server: Server) -> None:
    """The page then comes from there, and may talk to there."""
    with HttpClient(server.port) as browser:
        host = f"localhost:{server.port}"
        page = browser.get("/", host=host, origin="")
        assert page.status == 200
        assert f"wss://{host};" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:{port}", "https://localhost:{port}"]
)
def test_a_foreign_page_is_refused(server: Server, origin: str) -> None:
    """It can't talk, can't post and can't listen."""
    foreign = origin.format(port=server.port)
    with HttpClient(server.port) as browser:
        assert browser.get("/events", origin=foreign).status == 403
        assert browser.get("/talk", **{**UPGRADE, "origin": foreign}).status == 403
        assert browser.post("/frames", b"", origin=foreign).status == 403
        assert browser.get("/talk", origin=foreign).status == 403


def test_a_form_of_another_page_is_refused(server: Server) -> None:
    """It has no header of ours, and perhaps no origin."""
    for headers in ({"x_messango": ""}, {"x_messango": "2"}, {"origin": ""}):
        with HttpClient(server.port) as browser:
            assert browser.post("/frames", b"{}", **headers).status == 403
    with HttpClient(server.port) as browser:
        assert browser.get("/talk", **{**UPGRADE, "origin": ""}).status == 403


def test_requests_for_a_websocket_are_checked(server: Server) -> None:
    """And the connection stays for others."""
    with HttpClient(server.port) as browser:
        assert browser.get("/talk").status == 426
        old = browser.get("/talk", **{**UPGRADE, "sec_websocket_version": "8"})
        assert (old.status, old.headers["sec-websocket-version"]) == (426, "13")
        assert browser.get("/talk", **{**UPGRADE, "sec_websocket_key": "abc"}).status == 400
        browser.request("HEAD", "/talk", **UPGRADE)
        assert browser.response(has_body=False).status == 405


def test_a_body_that_is_too_large_is_not_read(server: Server) -> None:
    """Neither one of a request that has none."""
    with HttpClient(server.port) as browser:
        browser.request("POST", "/frames", content_length="65537", expect="100-continue")
        answer = browser.response()
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert browser.await_end() == b""
    with HttpClient(server.port) as browser:
        assert browser.get("/", content_length="1").status == 413


def test_what_is_not_http_is_refused(server: Server) -> None:
    """With a status; the connection ends."""
    for data, status in (
        (b"tea?\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 17_000, b"431"),
    ):
        with HttpClient(server.port) as browser:
            browser.send(data)
            assert browser.await_end().split(b" ")[1] == status


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\nHost: ", b"POST /frames HTTP/1.1\r\nContent-Length: 9\r\nHost: {host}\r\n"]
)
def test_a_request_that_never_ends_ends(server: Server, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Byte by byte or not at all, in its headers or in its body."""
    monkeypatch.setattr(request_loop, "HEAD_S", 0.2)
    monkeypatch.setattr(exchange, "BODY_S", 0.2)
    with HttpClient(server.port) as browser:
        own = f"Origin: https://{browser.host}\r\nX-Messango: 1\r\n\r\n"
        browser.send(
            data.replace(b"{host}", browser.host.encode()) + (own.encode() if b"POST" in data else b"")
        )
        assert browser.response().status == 408
        assert browser.await_end() == b""


def test_an_idle_connection_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word."""
    monkeypatch.setattr(request_loop, "KEEP_ALIVE_S", 0.1)
    with HttpClient(server.port) as browser:
        assert browser.get("/").status == 200
        assert browser.await_end() == b""


def test_a_browser_that_does_not_encrypt_is_sent_to_where_it_does(server: Server) -> None:
    """To the same host, port and target."""
    for method, has_body in (("GET", True), ("HEAD", False)):
        with HttpClient(server.port, clear=True) as browser:
            browser.request(method, "/a?b=c", origin="")
            answer = browser.response(has_body=has_body)
            assert answer.status == 307
            assert answer.headers["location"] == f"https://{browser.host}/a?b=c"
            assert answer.headers["cache-control"] == "no-store"
            assert browser.await_end() == b""


def test_nobody_is_sent_to_a_foreign_host(server: Server) -> None:
    """Nor answered in the clear in another way."""
    for headers, status in (({"host": "evil.example"}, 421), ({"host": f"evil.example:{server.port}"}, 421)):
        with HttpClient(server.port, clear=True) as browser:
            answer = browser.get("/", **headers)
            assert answer.status == status
            assert "location" not in answer.headers
    with HttpClient(server.port, clear=True) as browser:
        browser.request("GETTING", "/")
        assert browser.response().status == 405


def test_a_room_without_guests_says_so() -> None:
    """Whatever is asked; in the clear it says what it always did."""
    with open_room() as server:
        with HttpClient(server.port) as browser:
            answer = browser.get("/")
            assert (answer.status, "no guests" in answer.text) == (403, True)
            assert browser.await_end() == b""
        with HttpClient(server.port, clear=True) as browser:
            browser.request("GET", "/")
            assert b"only encrypted connections" in browser.await_end()


def test_without_the_extra_there_are_no_guests(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server goes on."""
    monkeypatch.setattr("messango.server.web.browser_connection.is_web_installed", lambda: False)
    with HttpClient(server.port) as browser:
        assert browser.get("/").status == 403
    with RawClient(server.port) as ann:
        ann.join("ann")


def test_a_browser_that_goes_away_leaves_nothing(server: Server) -> None:
    """Before, in and after a request; the fixture of all tests looks for threads and sockets."""
    for data in (b"", b"GET /", b"POST /frames HTTP/1.1\r\n"):
        with HttpClient(server.port) as browser:
            browser.send(data)
    with HttpClient(server.port) as browser:
        browser.get("/")
        socket.socket.shutdown(browser.socket, socket.SHUT_WR)  # An SSLSocket would forget its TLS.
        assert browser.await_end() == b""


def test_the_room_closes_although_browsers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their connections end at once: nobody waits for the end of their time."""
    stopped: list[BrowserConnection] = []
    real = BrowserConnection.stop_waiting

    def stop_waiting(browser: BrowserConnection) -> None:
        stopped.append(browser)
        real(browser)

    monkeypatch.setattr(BrowserConnection, "stop_waiting", stop_waiting)
    with open_room(web=True) as server, HttpClient(server.port) as browser, HttpClient(server.port) as other:
        assert browser.get("/").status == 200
        other.send(b"GET")
        server.close()
        assert browser.await_end() == b""
        other.await_end()
    assert stopped


def test_a_browser_that_does_not_know_the_certificate_is_not_news(server: Server) -> None:
    """The first connection of each guest ends like this, and so do those that browsers open ahead."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.set_alpn_protocols(["http/1.1"])
    with socket.create_connection(("127.0.0.1", server.port)) as sock, pytest.raises(ssl.SSLError):
        context.wrap_socket(sock)
    with HttpClient(server.port):
        pass
    for client in server._connections.all():
        client.join_thread(60)
    with RawClient(server.port) as ann:
        ann.join("ann")
        assert isinstance(server.events.get(timeout=60), JoinAttempted)


def test_pages_are_loaded_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first browser asks for one."""
    loaded: list[PageFiles] = []

    def load() -> PageFiles:
        loaded.append(PAGE)
        return PAGE

    monkeypatch.setattr("messango.server.web.web_services.load_page", load)
    with HttpClient(server.port) as browser:
        assert browser.get("/nothing").status == 404
        assert not loaded
        browser.get("/")
        browser.get("/page/1a2b/page.js")
    assert len(loaded) == 1
