"""Browsers that have not joined, and the connections of those that have."""

from __future__ import annotations

import contextlib
import gc
import threading
import tracemalloc

from messango.protocol.codec import encode
from messango.protocol.frames import Leave, Message, Ping, Say
from messango.server.clients.registry.member_connections import MAX_CONNECTIONS
from messango.server.limits import MAX_UNJOINED_PER_ADDRESS
from messango.server.server import Server
from tests.server.web.test_talk import key_of
from tests.support.guests import EventStreamGuest, WebSocketGuest
from tests.support.http_client import HttpClient
from tests.support.leaks import open_sockets
from tests.support.raw_client import RawClient


def is_open(browser: HttpClient) -> bool:
    """Return whether the server still answers on this connection."""
    try:
        return browser.get("/").status == 200
    except (AssertionError, OSError):
        return False


def test_idle_browsers_keep_nobody_out(server: Server) -> None:
    """Two hundred connections from one address that wait for nothing: they take only each other's places."""
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(HttpClient(server.port)) for _ in range(200)]
        ann = stack.enter_context(RawClient(server.port))
        ann.join("ann")
        bob = stack.enter_context(WebSocketGuest(server.port))
        bob.join("bob", key_of(server))
        bob.send(Say("1", "tea?"))
        assert ann.await_frame(Message).text == "tea?"
        assert sum(map(is_open, idle)) <= MAX_UNJOINED_PER_ADDRESS


def test_strangers_do_not_take_the_place_of_a_members_posts(server: Server) -> None:
    """The connection that posts for a member is the member's."""
    with contextlib.ExitStack() as stack:
        bob = stack.enter_context(EventStreamGuest(server.port))
        bob.join("bob", key_of(server))
        bob.send(Ping())
        for _ in range(2 * MAX_UNJOINED_PER_ADDRESS):
            stack.enter_context(HttpClient(server.port)).get("/")
        bob.send(Say("1", "still here"))
        assert bob.await_frame(Message).text == "still here"


def test_a_member_has_some_connections_and_no_more(server: Server) -> None:
    """One more than that, and the one that was used longest ago goes."""
    with contextlib.ExitStack() as stack:
        bob = stack.enter_context(EventStreamGuest(server.port))
        bob.join("bob", key_of(server))
        own = [stack.enter_context(HttpClient(server.port)) for _ in range(MAX_CONNECTIONS + 1)]
        for browser in own:
            answer = browser.post("/frames", encode(Say("1", "tea")), x_messango_stream=bob.token)
            assert answer.status == 204
        assert [is_open(browser) for browser in own] == [False] + [True] * MAX_CONNECTIONS


def test_the_connections_of_a_former_member_are_strangers(server: Server) -> None:
    """From their next request on."""
    with contextlib.ExitStack() as stack:
        bob = stack.enter_context(EventStreamGuest(server.port))
        bob.join("bob", key_of(server))
        bob.send(Leave())
        bob.await_end()
        assert is_open(bob.posts)
        for _ in range(MAX_UNJOINED_PER_ADDRESS):
            stack.enter_context(HttpClient(server.port)).get("/")
        assert not is_open(bob.posts)


def test_browsers_cost_nothing_when_they_are_gone(server: Server) -> None:
    """No thread, no socket, no memory: after pages, both ways of talking, and all that is refused."""
    run_all_kinds(server)
    threads, sockets = threading.active_count(), len(open_sockets())
    gc.collect()
    tracemalloc.start()
    try:
        run_all_kinds(server)
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(10):
            run_all_kinds(server)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert threading.active_count() == threads
    assert len(open_sockets()) == sockets
    assert after - before < 200_000


def run_all_kinds(server: Server) -> None:
    """Let browsers of all kinds come and go, and wait for the end of their threads."""
    for kind in (WebSocketGuest, EventStreamGuest):
        with kind(server.port) as guest:
            guest.join("bob", key_of(server))
            guest.send(Say("1", "tea"))
            guest.await_frame(Message)
    with HttpClient(server.port) as browser:
        browser.get("/")
        browser.get("/", host="evil.example")
        browser.post("/frames", b"{}", origin="null")
    with HttpClient(server.port) as browser:
        browser.send(b"GET / HTTP/1.1\n\n")
        browser.await_end()
    with HttpClient(server.port, clear=True) as browser:
        browser.get("/")
    for client in server._connections.all():
        client.join_thread(60)
