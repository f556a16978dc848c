"""Browsers that flood a room: they are told why, and nobody else notices."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Leave, Left, Message, Say
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.host.host_command import Kick
from messango.room.host.host_events import JoinAttemptRefused
from messango.server.server import Server
from messango.web.talk.websocket_frames import CloseCode
from tests.support.guests import EventStreamGuest, Guest, WebSocketGuest
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room
from tests.web.talk import websockets
from tests.web.talk.websocket_floods import HOSTILE_FRAMES, hostile_read
from tests.web.talk.websockets import BINARY, client_frame

#: Some hundred thousand frames.
READS = 20


@pytest.fixture
def server() -> Iterator[Server]:
    """A room with guests."""
    with open_room(web=True) as opened:
        yield opened


@contextlib.contextmanager
def guest(server: Server, name: str = "mallory") -> Iterator[WebSocketGuest]:
    """A guest over a WebSocket, who has joined."""
    assert server.guest_key is not None
    with contextlib.closing(WebSocketGuest(server.port)) as opened:
        opened.join(name, server.guest_key.text)
        yield opened


def last_frame(browser: Guest) -> object:
    """Return the last frame before the end."""
    return browser.await_end()[-1]


@pytest.mark.parametrize("kind", HOSTILE_FRAMES)
def test_a_flood_of_frames_ends_only_its_connection(server: Server, kind: str) -> None:
    """A million tiny frames get one sentence and a close frame; the others go on."""
    with RawClient(server.port) as ann, guest(server) as mallory:
        ann.join("ann")
        with contextlib.suppress(OSError):  # Some of it comes too late.
            for _ in range(READS):
                mallory.http.send(hostile_read(kind))
        closed = last_frame(mallory)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.PROTOCOL
        assert mallory.close_code == CloseCode.POLICY_VIOLATION
        ann.send(Say("1", "still here?"))
        assert ann.await_frame(Message).text == "still here?"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (client_frame(b"x", BINARY), CloseCode.UNSUPPORTED_DATA),
        (client_frame(b"{}", mask=b""), CloseCode.PROTOCOL_ERROR),
        (client_frame(b"\xff"), CloseCode.INVALID_TEXT),
        (client_frame(b" " * 70_000), CloseCode.TOO_BIG),
    ],
    ids=["binary", "unmasked", "not UTF-8", "too long"],
)
def test_a_broken_websocket_is_told_why(server: Server, sent: bytes, code: CloseCode) -> None:
    """In the last frame, and by the code of the close frame."""
    with guest(server) as mallory:
        mallory.http.send(sent)
        closed = last_frame(mallory)
        assert isinstance(closed, Closed)
        assert (closed.code, mallory.close_code) == (error_codes.PROTOCOL, code)


def test_a_page_that_is_left_keeps_its_seat(server: Server) -> None:
    """Its close frame is answered; the page comes back with its session, and nobody sees it leave."""
    assert server.guest_key is not None
    with RawClient(server.port) as ann, contextlib.closing(WebSocketGuest(server.port)) as bob:
        ann.join("ann")
        session = bob.join("bob", server.guest_key.text).session
        bob.http.send(websockets.close(1001))
        assert bob.await_end() == []
        assert bob.close_code == 1001
        with contextlib.closing(WebSocketGuest(server.port)) as again:
            assert again.join("bob", session=session).session == session
            again.send(Say("1", "back"))
            assert ann.await_frame(Message).text == "back"
            assert not any(isinstance(frame, Left) for frame in ann.skipped)


def test_a_room_that_closes_ends_its_websockets(server: Server) -> None:
    """With the last frame and a normal close, so that the page knows that it is over."""
    with guest(server, "bob") as bob:
        server.close()
        closed = last_frame(bob)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.CLOSING
        assert bob.close_code == CloseCode.NORMAL


def test_a_room_that_closes_ends_its_event_streams(server: Server) -> None:
    """With the last frame and the chunk that ends the response."""
    assert server.guest_key is not None
    with contextlib.closing(EventStreamGuest(server.port)) as bob:
        bob.join("bob", server.guest_key.text)
        server.close()
        closed = last_frame(bob)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.CLOSING
        assert bob.http.read_exactly(2) == b"\r\n"  # It follows the size of that chunk.


def test_secrets_are_in_no_event_of_the_host(server: Server) -> None:
    """Neither the key nor a session: the host's log is made of events."""
    assert server.guest_key is not None
    key = server.guest_key.text
    with guest(server, "bob") as bob, contextlib.closing(WebSocketGuest(server.port)) as mallory:
        bob.send(Leave())
        bob.await_end()
        mallory.send(Join(PROTOCOL_VERSION, "mallory", key=f"{key}x"))
        mallory.await_end()
        with contextlib.closing(EventStreamGuest(server.port)) as cleo:
            session = cleo.join("cleo", key).session
            server.run_command(Kick("cleo"))
            cleo.await_end()
    server.close()
    events = [server.events.get_nowait() for _ in range(server.events.qsize())]
    assert any(isinstance(event, JoinAttemptRefused) for event in events)
    said = "".join(map(repr, events))
    assert key not in said
    assert session not in said
