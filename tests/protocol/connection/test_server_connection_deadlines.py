"""Deadlines: joining, the ping, and the pause that ends a message."""

from __future__ import annotations

import math

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode_all
from messango.protocol.connection.actions import (
    AskRoom,
    ClientGone,
    PostToRoom,
    ReportRefusal,
)
from messango.protocol.connection.server_connection import SILENT, ServerConnection
from messango.protocol.frames import Ping, Pong, Refused, Say
from messango.protocol.limits import (
    DEAD_AFTER_S,
    MESSAGE_BURST,
    MESSAGE_GAP_S,
    PING_MEMBER_AFTER_S,
)
from messango.protocol.peer_codec import DetectingCodec
from tests.protocol.connections import (
    DEADLINE_S,
    JOIN,
    FakeServer,
    connect,
    member,
    send,
    sent_frame,
    sent_frames,
)


def says(count: int, first: int = 0) -> list[Say]:
    """Return this many messages."""
    return [Say(str(number), "x") for number in range(first, first + count)]


def original_member() -> ServerConnection:
    """Return the connection of a member with the original client."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(b"joined:Ann\n", 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == []
    return connection


def test_a_client_that_does_not_join_in_time_is_refused() -> None:
    """Even if it sends pings; the host gets a report."""
    connection = connect()
    for now_s in (0.0, 5.0, 9.9):
        send(connection, Ping(), now_s=now_s)
        assert connection.deadline_s() == DEADLINE_S
        assert connection.on_timeout(now_s) == []
    report, close = connection.on_timeout(DEADLINE_S)
    assert report == ReportRefusal("", SILENT)
    refused = sent_frame([close])
    assert isinstance(refused, Refused)
    assert refused.code == error_codes.PROTOCOL
    assert connection.ended
    assert connection.on_timeout(DEADLINE_S) == []


def test_the_join_deadline_applies_while_the_room_decides() -> None:
    """The report for the host has the client's name."""
    connection = connect()
    send(connection, JOIN)
    assert connection.deadline_s() == DEADLINE_S
    report, _ = connection.on_timeout(DEADLINE_S)
    assert report == ReportRefusal("Ann", SILENT)


@pytest.mark.parametrize("sent", [b"joi", b"joined:", b"joined:Zo\xc3"])
def test_an_original_client_without_a_name_is_refused(sent: bytes) -> None:
    """After the join deadline: a pause does not end what it has sent."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(sent, 0.0) == []
    assert connection.deadline_s() == DEADLINE_S
    assert connection.on_timeout(DEADLINE_S)[0] == ReportRefusal("", SILENT)


# A silent member.


def test_a_member_that_only_listens_gets_a_ping() -> None:
    """Any answer is enough. In a busy room the client never sends a ping."""
    connection = member()
    now_s = 0.0
    for _ in range(3):
        assert connection.deadline_s() == pytest.approx(now_s + PING_MEMBER_AFTER_S)
        now_s = connection.deadline_s()
        assert sent_frames(connection.on_timeout(now_s)) == [Ping()]
        assert send(connection, Pong(), now_s=now_s + 1) == []
        now_s += 1
    assert connection.is_member


def test_a_member_that_does_not_answer_is_gone() -> None:
    """The seat is kept, since an unplugged cable reports nothing and the client may return."""
    connection = member()
    assert connection.on_timeout(PING_MEMBER_AFTER_S - 0.01) == []
    connection.on_timeout(PING_MEMBER_AFTER_S)
    assert connection.deadline_s() == DEAD_AFTER_S
    assert connection.on_timeout(DEAD_AFTER_S - 0.01) == []
    assert connection.on_timeout(DEAD_AFTER_S) == [ClientGone(silent_s=DEAD_AFTER_S)]
    assert connection.ended


def test_any_byte_is_a_sign_of_life() -> None:
    """Even half a frame: a slow connection is not dead."""
    connection = member()
    connection.on_timeout(PING_MEMBER_AFTER_S)
    connection.receive(b"{", 11.0)
    assert connection.deadline_s() == 11.0 + PING_MEMBER_AFTER_S


def test_waiting_for_the_rate_limit_is_not_silence() -> None:
    """Nothing is read meanwhile, so the server sends a ping first."""
    server = FakeServer(member(rate_limit=1)).receive(encode_all(says(MESSAGE_BURST + 60)))
    assert server.now_s == pytest.approx(60.0)
    assert server.connection.deadline_s() == pytest.approx(60.0 + PING_MEMBER_AFTER_S)
    assert server.time_out().log[-1] == Ping()
    assert server.connection.deadline_s() == pytest.approx(60.0 + DEAD_AFTER_S)


def test_waiting_for_the_room_is_not_silence() -> None:
    """Many joins at once take time."""
    connection = connect()
    send(connection, JOIN)
    connection.admit(9.5)
    assert connection.deadline_s() == 9.5 + PING_MEMBER_AFTER_S


def test_the_original_client_gets_no_ping() -> None:
    """It would show the ping to its user, and could not answer."""
    connection = original_member()
    assert connection.deadline_s() == math.inf
    assert connection.on_timeout(1e9) == []
    assert connection.is_member


# The pause that ends a message of the original client.


def test_a_pause_ends_a_message_of_the_original_client() -> None:
    """Pieces that arrive sooner belong to the message."""
    connection = original_member()
    assert connection.receive(b"Ann: hel", 1.0) == []
    assert connection.deadline_s() == pytest.approx(1.0 + MESSAGE_GAP_S)
    assert connection.receive(b"lo", 1.04) == []
    assert connection.on_timeout(1.0 + MESSAGE_GAP_S) == []
    assert connection.deadline_s() == pytest.approx(1.04 + MESSAGE_GAP_S)
    (post,) = connection.on_timeout(1.1)
    assert isinstance(post, PostToRoom)
    assert post.frames == [Say("1", "hello")]
    assert connection.deadline_s() == math.inf


def test_a_pause_ends_the_name_of_the_original_client() -> None:
    """Then it joins, and the join deadline applies again."""
    connection = connect(DetectingCodec(), encrypted=False)
    connection.receive(b"joined:Ann", 0.0)
    assert connection.deadline_s() == MESSAGE_GAP_S
    assert connection.on_timeout(MESSAGE_GAP_S) == [AskRoom(JOIN)]
    assert connection.deadline_s() == DEADLINE_S


def test_the_pause_begins_after_the_server_was_busy() -> None:
    """Bytes that have arrived meanwhile belong to the message, and are read first."""
    connection = original_member()
    connection.receive(b"Ann: oneAnn: tw", 1.0)
    assert connection.advance(9.0) == []
    assert connection.deadline_s() == pytest.approx(9.0 + MESSAGE_GAP_S)


def test_the_deadline_is_read_again_in_time() -> None:
    """Another thread's reads move it; after a ping, an answer brings it closer."""
    connection = member()
    assert connection.check_by_s(1.0) == pytest.approx(PING_MEMBER_AFTER_S)
    connection.on_timeout(PING_MEMBER_AFTER_S)
    by_s = connection.check_by_s(PING_MEMBER_AFTER_S)
    send(connection, Pong(), now_s=PING_MEMBER_AFTER_S)
    assert by_s <= connection.deadline_s()
    assert original_member().check_by_s(0.0) == math.inf


def test_unprocessed_input() -> None:
    """The room thread leaves it to the client's own thread."""
    connection = member()
    send(connection, Say("1", "x"), Pong())
    waited = [connection.has_unprocessed_input]
    connection.advance(0.0)
    assert [*waited, connection.has_unprocessed_input] == [True, False]
    original = original_member()
    pending = [original.has_incomplete_message]
    original.receive(b"Ann: hel", 0.0)
    assert [*pending, original.has_incomplete_message] == [False, True]
