"""A client in rooms that lie, fall silent, or end the session; the test writes each frame."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from messango.client.connection import heartbeat, room_locator
from messango.client.events import (
    Disconnected,
    EndReason,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms
from messango.errors import RoomClosed, Unreachable
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Join,
    Look,
    Message,
    Ping,
    Pong,
    Problem,
    Refused,
    RoomInfoFrame,
    Say,
    Typing,
)
from messango.transport.addresses import Address
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.support.certificates import room_id_of
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import ROOM_INFO, RawServer
from tests.support.sessions import ClientSession

OTHER_FINGERPRINT = "ab" * 32


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer() as opened:
        monkeypatch.setattr(ClientSession, "on_leave", opened.hang_up)
        yield opened


@pytest.fixture(autouse=True)
def _short_ping_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send pings after a short silence, but wait long enough for the answer of a slow machine."""
    monkeypatch.setattr(heartbeat, "PING_AFTER_S", 0.1)
    monkeypatch.setattr(heartbeat, "_MAX_JITTER_S", 0.0)
    monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", TIMEOUT_S)


def message(seq: int, member: str = "m2", text: str = "x") -> Message:
    """Return the frame of a message."""
    return Message(seq, str(seq), member, 0.0, "bob", text)


def known_rooms_file() -> Path:
    """Return the path of the known rooms of this test."""
    return Path(os.environ["MESSANGO_HOME"]) / FILE_NAME


@pytest.mark.parametrize("source", ["pinned by an invite", "known from a visit"])
def test_another_fingerprint_ends_the_session_and_nothing_is_sent(room: RawServer, source: str) -> None:
    """Neither our name nor a message: the room only sees a TLS handshake."""
    pinned = OTHER_FINGERPRINT if "invite" in source else None
    if pinned is None:
        KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("127.0.0.1", room.port))
    with ClientSession(room.port, fingerprint=pinned, room_id=None if pinned else ROOM_INFO.id) as session:
        session.client.send_message("a secret")
        client = room.accept_client()
        assert client.connection.receive(TIMEOUT_S) == b""
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.FAILED
        assert isinstance(ended.error, FingerprintMismatch)
        assert (ended.error.expected, ended.error.seen) == (OTHER_FINGERPRINT, room.fingerprint)


def test_another_fingerprint_at_an_address_ends_the_session(room: RawServer) -> None:
    """The room has to identify itself before it gets our name; the fingerprint can be accepted."""
    KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("192.0.2.1"))
    with ClientSession(room.port) as session:
        session.client.send_message("a secret")
        stranger = room.accept_client()
        probe = room.accept_client()
        probe.await_frame(Look)
        probe.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        assert stranger.connection.receive(TIMEOUT_S) == b""
        error = session.await_event(SessionEnded).error
    assert isinstance(error, FingerprintMismatch)
    assert (error.room, error.room_id) == (ROOM_INFO.name, ROOM_INFO.id)
    known = KnownRooms.load().by_id(ROOM_INFO.id)
    assert known is not None
    assert (known.fingerprint, known.refused) == (OTHER_FINGERPRINT, room.fingerprint)


def test_another_room_at_a_known_address_is_just_another_room(room: RawServer) -> None:
    """Addresses are reassigned every day: the room identifies itself, and is joined."""
    other = msgspec.structs.replace(ROOM_INFO, id=room_id_of(0x2F), name="Other")
    KnownRooms.load().remember(other, OTHER_FINGERPRINT, Address("127.0.0.1", room.port))
    with ClientSession(room.port) as session:
        client = room.accept_client()
        probe = room.accept_client()
        probe.await_frame(Look)
        probe.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        client.welcome()
        joined = session.await_event(RoomJoined)
    assert (joined.first_visit, joined.namesake) == (True, None)


def test_a_room_that_lies_in_its_probe_is_not_joined(room: RawServer) -> None:
    """It answers as a new room and welcomes as a known one: no message is sent."""
    KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("192.0.2.1"))
    with ClientSession(room.port) as session:
        session.client.send_message("a secret")
        client = room.accept_client()
        probe = room.accept_client()
        probe.await_frame(Look)
        probe.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO) | {"id": room_id_of(0x9F)}))
        client.welcome()
        assert client.connection.receive(TIMEOUT_S) == b""
        assert isinstance(session.await_event(SessionEnded).error, FingerprintMismatch)


def test_a_known_certificate_is_not_probed(room: RawServer) -> None:
    """A second room of a known host is joined at once."""
    KnownRooms.load().remember(
        msgspec.structs.replace(ROOM_INFO, id=room_id_of(0x2F), name="Other"),
        room.fingerprint,
        Address("192.0.2.1"),
    )
    with ClientSession(room.port) as session:
        room.accept_client().welcome()
        assert session.await_event(RoomJoined).first_visit


def test_after_a_break_only_the_same_certificate_is_accepted(room: RawServer) -> None:
    """The session's secret never goes to another, even if we only know the address."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        room.change_certificate()
        client.connection.close()
        assert room.accept_client().connection.receive(TIMEOUT_S) == b""
        assert isinstance(session.await_event(SessionEnded).error, FingerprintMismatch)


def test_a_damaged_list_of_rooms_is_left_as_it_is(room: RawServer) -> None:
    """If it is damaged during the session, the session goes on."""
    with ClientSession(room.port) as session:
        known_rooms_file().write_text("damaged")
        room.accept_client().welcome()
        assert session.await_event(RoomJoined).first_visit
    assert known_rooms_file().read_text() == "damaged"


def test_a_silent_connection_is_pinged_and_then_replaced(
    room: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pulled cable reports nothing: without an answer to `ping` the client reconnects."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", 0.1)
        client.await_frame(Ping)
        disconnected = session.await_event(Disconnected)
        assert isinstance(disconnected.error, Unreachable)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", TIMEOUT_S)
        room.accept_client().welcome()


def test_a_connection_with_pongs_is_kept(room: RawServer) -> None:
    """However few messages there are; the room may send pings too."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        for _ in range(5):
            client.await_frame(Ping)
            client.send(Pong())
        client.send(Ping(), message(1))
        client.await_frame(Pong)
        session.await_event(MessageReceived)
        assert not [event for event in session.skipped if isinstance(event, Disconnected)]


def test_a_busy_room_gets_keepalives_from_a_silent_member(
    room: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would drop a silent connection."""
    monkeypatch.setattr(heartbeat, "PING_AFTER_S", 1.0)
    with ClientSession(room.port):
        client = room.accept_client()
        client.welcome()
        for seq in range(1, 400):
            client.send(message(seq))
            with contextlib.suppress(TimeoutError):
                assert client.connection.receive(0.05)
                break
        else:
            pytest.fail("the client sent nothing")


def test_typing_is_rate_limited(room: RawServer) -> None:
    """A front end may call it for every key."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        for _ in range(1_000):
            session.client.send_typing()
        session.client.send_message("done")
        client.await_frame(Say)
        assert len([frame for frame in client.skipped if isinstance(frame, Typing)]) <= 2


def test_a_member_that_was_too_slow_rejoins_for_the_rest(room: RawServer) -> None:
    """With its session, and from the last message that it has."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        first = client.welcome(latest=7, session="s1")
        assert (first.session, first.since) == (None, None)
        client.send(
            message(6), message(7), message(8), Closed(error_codes.TOO_SLOW, "Too slow.", "Come again.")
        )
        again = room.accept_client()
        join = again.welcome(latest=9, session="s1")
        assert (join.session, join.since) == ("s1", 8)
        again.send(message(8), message(9))
        seqs = [session.await_event(MessageReceived).seq for _ in range(4)]
        assert seqs == [6, 7, 8, 9]


def test_messages_without_a_receipt_are_sent_again_in_order(room: RawServer) -> None:
    """With the same ids, so that the room recognises duplicates."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        message_ids = [session.client.send_message(text) for text in "abc"]
        assert [client.await_frame(Say).id for _ in message_ids] == message_ids
        client.send(Message(1, message_ids[0], "m1", 0.0, "ann", "a"))
        session.await_event(MessageReceived)
        client.connection.close()
        again = room.accept_client()
        again.welcome(latest=1)
        assert [again.await_frame(Say).id for _ in range(2)] == message_ids[1:]


@pytest.mark.parametrize(
    "code", [error_codes.CLOSING, error_codes.KICKED, error_codes.REPLACED, error_codes.PROTOCOL]
)
def test_a_room_that_ends_the_session_is_not_rejoined(room: RawServer, code: str) -> None:
    """The reason and the hint are the room's."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.send(Closed(code, "Because.", "Do this."))
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.CLOSED
        assert isinstance(ended.error, RoomClosed)
        assert (ended.error.code, str(ended.error), ended.error.hint) == (code, "Because.", "Do this.")


def test_a_problem_with_an_unknown_id_is_a_failed_request(room: RawServer) -> None:
    """The session goes on."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.send(Problem("later", "What?", "Hm.", "not-ours"), message(1))
        assert session.await_event(RequestFailed) == RequestFailed("What?", "Hm.", "later")
        session.await_event(MessageReceived)


def test_invalid_bytes_only_break_the_connection(room: RawServer) -> None:
    """The client reconnects; a first visit ends with the error."""
    with ClientSession(room.port) as session:
        room.accept_client().connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert session.await_event(SessionEnded).reason is EndReason.FAILED
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.connection.send(b"\0\n")
        session.await_event(Disconnected)
        room.accept_client().welcome()
        session.await_event(RoomJoined)


def test_frames_of_a_later_version_are_ignored(room: RawServer) -> None:
    """Unknown types and unknown fields are not errors."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.connection.send(b'{"type":"firework","colour":"red"}\n')
        client.send(message(1))
        session.await_event(MessageReceived)


def test_leaving_while_connecting_ends_the_session(room: RawServer) -> None:
    """Even if the other side accepts the connection and never completes the handshake."""
    with ClientSession(room.port) as session:
        sock = room.accept()
        session.client.leave()
        sock.close()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


def test_leaving_before_the_welcome_ends_the_session(room: RawServer) -> None:
    """Without waiting for it."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        session.client.leave()
        client.connection.close()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


@pytest.mark.parametrize(
    "refusal", [Refused(error_codes.FULL, "Full.", "Later."), Closed(error_codes.TOO_SLOW, "Slow.", "Again.")]
)
def test_a_room_that_refuses_us_is_not_searched_for(
    room: RawServer, refusal: Refused | Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search would find it at once and end the pause."""
    monkeypatch.setattr(room_locator, "_SEARCH_DELAY_S", 3600.0)
    searches: list[str] = []

    def rediscover(room_id: str, *_: object) -> list[Address]:
        searches.append(room_id)
        return [Address("127.0.0.1", room.port)]

    with ClientSession(room.port, rediscover=rediscover) as session:
        first = room.accept_client()
        first.welcome()
        session.await_event(RoomJoined)
        first.connection.abort()
        second = room.accept_client()
        second.await_frame(Join)
        second.send(refusal)
        session.await_event(Disconnected, lambda event: event.retry_in_s > 0)
        room.accept_client().welcome()
        session.await_event(RoomJoined)
    assert searches == []
