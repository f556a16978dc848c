"""Guests who talk from a browser, both ways, with members who do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from messango.protocol.frames import Message, Say
from messango.server.server import Server
from tests.support.guests import EventStreamGuest, Guest, WebSocketGuest
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

OpenGuest = Callable[[int], Guest]


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(web=True) as opened:
        yield opened


@pytest.fixture(params=["websocket", "events"])
def open_guest(request: pytest.FixtureRequest) -> OpenGuest:
    return WebSocketGuest if request.param == "websocket" else EventStreamGuest


def key_of(server: Server) -> str:
    key = server.guest_key
    assert key is not None
    return key.text


def test_a_guest_talks_with_a_member(server: Server, open_guest: OpenGuest) -> None:
    """Each gets what the other says, and everybody is told who is in a browser."""
    with RawClient(server.port) as ann, open_guest(server.port) as bob:
        ann.join("ann")
        welcome = bob.join("bob", key_of(server))
        assert welcome.session.startswith("web.")
        ann.send(Say("1", "tea?"))
        assert bob.await_frame(Message).text == "tea?"
        bob.send(Say("2", "yes"))
        assert ann.await_frame(Message).text == "tea?"
        assert ann.await_frame(Message).text == "yes"
