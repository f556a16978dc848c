"""Joining over a real connection: requests to the room, events for the host, and deadlines.

Which frame is allowed when is in `tests.protocol.connection.test_server_connection`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import (
    Join,
    Look,
    Message,
    Problem,
    Refused,
    RoomInfoFrame,
    Say,
    Welcome,
)
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.host.host_events import JoinAttempted, JoinAttemptRefused, MemberLeft
from messango.room.room import Room
from messango.server.clients import client_thread
from messango.server.request_queue import RoomCall
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def test_look_is_answered_with_the_public_information(server: Server) -> None:
    """The client takes no seat, and the connection ends."""
    with RawClient(server.port) as client:
        client.send(Look(PROTOCOL_VERSION))
        info = client.await_frame(RoomInfoFrame)
        assert (info.name, info.members, info.seats, info.locked) == ("Tea", 0, 5, False)
        assert client.await_end() == []


def test_join_with_a_bad_name_is_refused(server: Server) -> None:
    """The refusal has the reason, the connection ends, and the host gets an event."""
    with RawClient(server.port) as client:
        client.send(Join(1, "\n"))
        assert client.await_frame(Refused).code == error_codes.BAD_NAME
        assert client.await_end() == []
    assert "empty" in await_host_event(server, JoinAttemptRefused).reason


def test_the_host_gets_only_the_beginning_of_a_long_name(server: Server) -> None:
    """A name of 60 KB must not fill the host's screen or memory."""
    with RawClient(server.port) as client:
        client.send(Join(1, "x" * 60_000))
        assert client.await_frame(Refused).code == error_codes.BAD_NAME
    assert len(await_host_event(server, JoinAttempted).name) < 100
    assert len(await_host_event(server, JoinAttemptRefused).name) < 100


def test_a_silent_unjoined_client_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the join deadline; the host gets an event."""
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", 3.0)
    with RawClient(server.port) as client:
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
        assert client.await_end() == []
    assert "silent" in await_host_event(server, JoinAttemptRefused).reason


def test_two_joins_in_one_read_are_one_member(server: Server) -> None:
    """The second is handled after the answer to the first, and is a problem."""
    with RawClient(server.port) as ann:
        ann.send(Join(1, "ann"), Join(1, "bob"), Say("1", "x"))
        assert ann.await_frame(Welcome).you == "ann"
        assert ann.await_frame(Problem).code == error_codes.ALREADY_JOINED
        assert ann.await_frame(Message).name == "ann"
        assert server.room_info().members == 1


def test_a_join_that_is_decided_too_late_leaves_no_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is refused, and the room keeps no seat for it when it decides."""
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", 1.0)
    resume = threading.Event()

    def hold(_room: Room) -> None:
        resume.wait(30)

    with open_room() as server:
        server._request_queue.put(RoomCall(hold))
        with RawClient(server.port) as client:
            client.send(Join(PROTOCOL_VERSION, "ann"))
            assert client.await_frame(Refused).code == error_codes.PROTOCOL
            assert client.await_end() == []
        resume.set()
        assert await_host_event(server, MemberLeft).name == "ann"
        assert server.room_info().members == 0
