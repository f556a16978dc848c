"""A stay in rooms that are not what they say, fall silent, or end it: each frame as a test wants it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from messango.client import heartbeat, reconnect_addresses
from messango.client.events import (
    Disconnected,
    EndReason,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.client.known_rooms import FILE_NAME, KnownRooms
from messango.errors import FingerprintMismatch, RoomClosed, Unreachable
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
    """Ask after a short silence, and wait for the answer as long as a slow machine takes."""
    monkeypatch.setattr(heartbeat, "PING_AFTER_S", 0.1)
    monkeypatch.setattr(heartbeat, "_MAX_JITTER_S", 0.0)
    monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", TIMEOUT_S)


def message(seq: int, member: str = "m2", text: str = "x") -> Message:
    """Return what somebody has said."""
    return Message(seq, str(seq), member, 0.0, "bob", text)


def known_rooms_file() -> Path:
    """Return where the rooms of this test are remembered."""
    return Path(os.environ["MESSANGO_HOME"]) / FILE_NAME


@pytest.mark.parametrize("why", ["promised by an invite", "known from a visit"])
def test_another_fingerprint_ends_the_stay_and_nothing_was_sent(room: RawServer, why: str) -> None:
    """Neither our name nor what we wanted to say: the room has seen a handshake and no more."""
    promised = OTHER_FINGERPRINT if "invite" in why else None
    if promised is None:
        KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("127.0.0.1", room.port))
    with ClientSession(
        room.port, fingerprint=promised, room_id=None if promised else ROOM_INFO.id
    ) as session:
        session.client.send_message("a secret")
        client = room.accept_client()
        assert client.connection.receive(TIMEOUT_S) == b""
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.FAILED
        assert isinstance(ended.error, FingerprintMismatch)
        assert (ended.error.expected, ended.error.seen) == (OTHER_FINGERPRINT, room.fingerprint)


def test_another_fingerprint_of_a_room_met_by_address_ends_the_stay(room: RawServer) -> None:
    """Which room it is, it has to say before it hears our name; what it showed can be accepted."""
    KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("192.0.2.1"))
    with ClientSession(room.port) as session:
        session.client.send_message("a secret")
        stranger = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        assert stranger.connection.receive(TIMEOUT_S) == b""
        error = session.await_event(SessionEnded).error
    assert isinstance(error, FingerprintMismatch)
    assert (error.room, error.room_id) == (ROOM_INFO.name, ROOM_INFO.id)
    known = KnownRooms.load().by_id(ROOM_INFO.id)
    assert known is not None
    assert (known.fingerprint, known.refused) == (OTHER_FINGERPRINT, room.fingerprint)


def test_another_room_at_a_known_address_is_just_another_room(room: RawServer) -> None:
    """Addresses are given anew every day: it says who it is, and is joined."""
    other = msgspec.structs.replace(ROOM_INFO, id="2f", name="Other")
    KnownRooms.load().remember(other, OTHER_FINGERPRINT, Address("127.0.0.1", room.port))
    with ClientSession(room.port) as session:
        client = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        client.welcome()
        joined = session.await_event(RoomJoined)
    assert (joined.first_visit, joined.namesake) == (True, None)


def test_a_room_that_says_one_thing_and_is_another_is_not_entered(room: RawServer) -> None:
    """It looked like a new room, and welcomes as a known one: nothing that was typed is said."""
    KnownRooms.load().remember(ROOM_INFO, OTHER_FINGERPRINT, Address("192.0.2.1"))
    with ClientSession(room.port) as session:
        session.client.send_message("a secret")
        client = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO) | {"id": "9f"}))
        client.welcome()
        assert client.connection.receive(TIMEOUT_S) == b""
        assert isinstance(session.await_event(SessionEnded).error, FingerprintMismatch)


def test_a_known_certificate_need_not_say_who_it_is(room: RawServer) -> None:
    """A second room of a host that we know is joined at once."""
    KnownRooms.load().remember(
        msgspec.structs.replace(ROOM_INFO, id="2f"), room.fingerprint, Address("192.0.2.1")
    )
    with ClientSession(room.port) as session:
        room.accept_client().welcome()
        assert session.await_event(RoomJoined).first_visit


def test_after_a_break_only_the_same_room_is_spoken_to(room: RawServer) -> None:
    """The session's secret never goes to another certificate, also where the address is all we were given."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        room.change_certificate()
        client.connection.close()
        assert room.accept_client().connection.receive(TIMEOUT_S) == b""
        assert isinstance(session.await_event(SessionEnded).error, FingerprintMismatch)


def test_a_damaged_list_of_rooms_is_left_as_it_is(room: RawServer) -> None:
    """Where it is damaged during the stay, the stay goes on."""
    with ClientSession(room.port) as session:
        known_rooms_file().write_text("damaged")
        room.accept_client().welcome()
        assert session.await_event(RoomJoined).first_visit
    assert known_rooms_file().read_text() == "damaged"


def test_a_silent_room_is_asked_and_then_given_up(room: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pulled cable reports nothing: without an answer to `ping` the connection is made anew."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", 0.1)
        client.await_frame(Ping)
        interrupted = session.await_event(Disconnected)
        assert isinstance(interrupted.error, Unreachable)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", TIMEOUT_S)
        room.accept_client().welcome()


def test_a_room_that_answers_is_not_given_up(room: RawServer) -> None:
    """However little is said; and the room may ask as well."""
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


def test_a_room_that_never_stops_talking_hears_from_a_listener(
    room: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would hold a member that is silent for dead."""
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
            pytest.fail("nothing came from the listener")


def test_typing_is_told_at_most_once_in_a_while(room: RawServer) -> None:
    """A face may call it on every key."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        session.await_event(RoomJoined)
        for _ in range(1_000):
            session.client.typing()
        session.client.send_message("done")
        client.await_frame(Say)
        assert len([frame for frame in client.skipped if isinstance(frame, Typing)]) <= 2


def test_a_member_that_was_too_slow_comes_back_for_the_rest(room: RawServer) -> None:
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


def test_what_has_no_receipt_is_sent_again_in_its_order(room: RawServer) -> None:
    """With the ids of the first time, so that the room knows what it has already."""
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
def test_a_room_that_ends_the_stay_is_not_tried_again(room: RawServer, code: str) -> None:
    """The reason and the hint are the room's."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.send(Closed(code, "Because.", "Do this."))
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.CLOSED
        assert isinstance(ended.error, RoomClosed)
        assert (ended.error.code, str(ended.error), ended.error.hint) == (code, "Because.", "Do this.")


def test_a_problem_with_no_message_of_ours_is_a_failed_request(room: RawServer) -> None:
    """Whatever a later room may complain of, the stay goes on."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.send(Problem("later", "What?", "Hm.", "not-ours"), message(1))
        assert session.await_event(RequestFailed) == RequestFailed("What?", "Hm.")
        session.await_event(MessageReceived)


def test_bytes_that_are_no_frame_break_the_connection_only(room: RawServer) -> None:
    """It is made anew; a first visit ends with what was wrong."""
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


def test_frames_of_a_later_version_are_passed_over(room: RawServer) -> None:
    """Unknown types and unknown fields are no reason to stop."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.welcome()
        client.connection.send(b'{"type":"firework","colour":"red"}\n')
        client.send(message(1))
        session.await_event(MessageReceived)


def test_leaving_while_connecting_ends_the_stay(room: RawServer) -> None:
    """Also where the other side accepts the call and never shakes hands."""
    with ClientSession(room.port) as session:
        sock = room.accept()
        session.client.leave()
        sock.close()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


def test_leaving_before_the_welcome_ends_the_stay(room: RawServer) -> None:
    """Nothing is waited for."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        session.client.leave()
        client.connection.close()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


@pytest.mark.parametrize(
    "words", [Refused(error_codes.FULL, "Full.", "Later."), Closed(error_codes.TOO_SLOW, "Slow.", "Again.")]
)
def test_a_room_that_sends_us_away_is_not_looked_for(
    room: RawServer, words: Refused | Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found; finding it again would end the pause, and we would knock all the time."""
    monkeypatch.setattr(reconnect_addresses, "_SEARCH_DELAY_S", 3600.0)
    looked_for: list[str] = []

    def rediscover(room_id: str, *_: object) -> list[Address]:
        looked_for.append(room_id)
        return [Address("127.0.0.1", room.port)]

    with ClientSession(room.port, rediscover=rediscover) as session:
        first = room.accept_client()
        first.welcome()
        session.await_event(RoomJoined)
        first.connection.abort()
        second = room.accept_client()
        second.await_frame(Join)
        second.send(words)
        session.await_event(Disconnected, lambda event: event.retry_in_s > 0)
        room.accept_client().welcome()
        session.await_event(RoomJoined)
    assert looked_for == []
