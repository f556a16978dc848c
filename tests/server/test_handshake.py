"""What an unjoined client may say before it is a member, and what it is told where it does not get in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import (
    Join,
    Leave,
    Look,
    Message,
    Ping,
    Problem,
    Proof,
    Refused,
    Rename,
    RoomInfoFrame,
    Say,
    Typing,
    Welcome,
)
from messango.protocol.limits import MAX_FRAMES_BEFORE_JOIN, PROTOCOL_VERSION
from messango.room.host_events import JoinAttempted, JoinAttemptRefused
from messango.server import client_thread
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


def test_leave_of_a_unjoined_client_ends_the_connection(server: Server) -> None:
    """A goodbye needs no seat."""
    with RawClient(server.port) as client:
        client.send(Leave())
        assert client.await_end() == []


@pytest.mark.parametrize("frame", [Say("7", "x"), Typing(), Rename("b"), Proof("AA==")], ids=type)
def test_talk_before_join_is_a_problem(server: Server, frame: Say | Typing | Rename | Proof) -> None:
    """Nothing happens but the answer, and one may still join."""
    with RawClient(server.port) as client:
        client.send(frame)
        problem = client.await_frame(Problem)
        assert problem.code == error_codes.NOT_JOINED
        assert problem.id == ("7" if isinstance(frame, Say) else None)
        client.join("ann")


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


def test_an_impossible_protocol_is_refused(server: Server) -> None:
    """No number below 1 can be agreed on; a higher one than ours is spoken as ours."""
    with RawClient(server.port) as old, RawClient(server.port) as new:
        old.send(Join(0, "ann"))
        assert old.await_frame(Refused).code == error_codes.PROTOCOL
        new.send(Join(99, "bob"))
        assert new.await_frame(Welcome).room.protocol == PROTOCOL_VERSION


def test_too_many_frames_before_join_are_refused(server: Server) -> None:
    """Somebody who tries things out is sent away."""
    with RawClient(server.port) as client:
        client.send(*[Ping()] * (MAX_FRAMES_BEFORE_JOIN + 1))
        assert client.await_frame(Refused).code == error_codes.PROTOCOL


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
