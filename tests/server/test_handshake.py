"""The way in over a real connection: what the room and the host learn of it, and when it ends.

Which frame is allowed when is in `tests.protocol.test_server_connection`.
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
from messango.room.host_events import JoinAttempted, JoinAttemptRefused, MemberLeft
from messango.room.room import Room
from messango.server import client_thread
from messango.server.request_queue import RoomCall
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def test_look_is_answered_by_the_room_and_the_end(server: Server) -> None:
    """Whoever looks learns what anybody may know, takes no seat, and the connection ends."""
    with RawClient(server.port) as client:
        client.send(Look(PROTOCOL_VERSION))
        info = client.await_frame(RoomInfoFrame)
        assert (info.name, info.members, info.seats, info.locked) == ("Tea", 0, 5, False)
        assert client.await_end() == []


def test_join_with_a_bad_name_is_refused(server: Server) -> None:
    """The refusal says why, the connection ends, and the host learns of it."""
    with RawClient(server.port) as client:
        client.send(Join(1, "\n"))
        assert client.await_frame(Refused).code == error_codes.BAD_NAME
        assert client.await_end() == []
    assert "empty" in await_host_event(server, JoinAttemptRefused).reason


def test_the_host_is_never_told_more_than_a_line_of_a_name(server: Server) -> None:
    """A name of 60 KB costs neither the host's screen nor its memory."""
    with RawClient(server.port) as client:
        client.send(Join(1, "x" * 60_000))
        assert client.await_frame(Refused).code == error_codes.BAD_NAME
    assert len(await_host_event(server, JoinAttempted).name) < 100
    assert len(await_host_event(server, JoinAttemptRefused).name) < 100


def test_a_unjoined_client_that_stays_silent_is_sent_away(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not joined in time: told so, and out; the host learns of it."""
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", 3.0)
    with RawClient(server.port) as client:
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
        assert client.await_end() == []
    assert "silent" in await_host_event(server, JoinAttemptRefused).reason


def test_two_joins_in_one_piece_are_one_member(server: Server) -> None:
    """The second waits for the answer to the first, and then is a problem."""
    with RawClient(server.port) as ann:
        ann.send(Join(1, "ann"), Join(1, "bob"), Say("1", "x"))
        assert ann.await_frame(Welcome).you == "ann"
        assert ann.await_frame(Problem).code == error_codes.ALREADY_JOINED
        assert ann.await_frame(Message).name == "ann"
        assert server.room_info().members == 1


def test_a_join_that_is_decided_too_late_leaves_no_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is told so, and what the room decides afterwards keeps no seat for a client that is gone."""
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
