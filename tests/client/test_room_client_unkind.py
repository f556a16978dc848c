"""A stay in rooms that are not what they say, fall silent, or end it: each frame as a test wants it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from messango.client import heartbeat, reconnect_addresses
from messango.client.events import End, Ended, Entered, Interrupted, MessageHeard, RequestFailed
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
from tests.support.sessions import Stay

ANOTHER = "ab" * 32


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer() as opened:
        monkeypatch.setattr(Stay, "let_go", opened.hang_up)
        yield opened


@pytest.fixture(autouse=True)
def _asks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask after a short silence, and wait for the answer as long as a slow machine takes."""
    monkeypatch.setattr(heartbeat, "PING_AFTER_S", 0.1)
    monkeypatch.setattr(heartbeat, "_SPREAD_S", 0.0)
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
    promised = ANOTHER if "invite" in why else None
    if promised is None:
        KnownRooms.load().remember(ROOM_INFO, ANOTHER, Address("127.0.0.1", room.port))
    with Stay(room.port, fingerprint=promised, room_id=None if promised else ROOM_INFO.id) as stay:
        stay.client.say("a secret")
        guest = room.accept_client()
        assert guest.connection.receive(TIMEOUT_S) == b""
        ended = stay.await_event(Ended)
        assert ended.end is End.FAILED
        assert isinstance(ended.error, FingerprintMismatch)
        assert (ended.error.expected, ended.error.seen) == (ANOTHER, room.fingerprint)


def test_another_fingerprint_of_a_room_met_by_address_ends_the_stay(room: RawServer) -> None:
    """Which room it is, it has to say before it hears our name; what it showed can be accepted."""
    KnownRooms.load().remember(ROOM_INFO, ANOTHER, Address("192.0.2.1"))
    with Stay(room.port) as stay:
        stay.client.say("a secret")
        stranger = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        assert stranger.connection.receive(TIMEOUT_S) == b""
        error = stay.await_event(Ended).error
    assert isinstance(error, FingerprintMismatch)
    assert (error.room, error.room_id) == (ROOM_INFO.name, ROOM_INFO.id)
    known = KnownRooms.load().by_id(ROOM_INFO.id)
    assert known is not None
    assert (known.fingerprint, known.refused) == (ANOTHER, room.fingerprint)


def test_another_room_at_a_known_address_is_just_another_room(room: RawServer) -> None:
    """Addresses are given anew every day: it says who it is, and is joined."""
    other = msgspec.structs.replace(ROOM_INFO, id="2f", name="Other")
    KnownRooms.load().remember(other, ANOTHER, Address("127.0.0.1", room.port))
    with Stay(room.port) as stay:
        guest = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        guest.welcome()
        entered = stay.await_event(Entered)
    assert (entered.first_visit, entered.namesake) == (True, None)


def test_a_room_that_says_one_thing_and_is_another_is_not_entered(room: RawServer) -> None:
    """It looked like a new room, and welcomes as a known one: nothing that was typed is said."""
    KnownRooms.load().remember(ROOM_INFO, ANOTHER, Address("192.0.2.1"))
    with Stay(room.port) as stay:
        stay.client.say("a secret")
        guest = room.accept_client()
        looking = room.accept_client()
        looking.await_frame(Look)
        looking.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO) | {"id": "9f"}))
        guest.welcome()
        assert guest.connection.receive(TIMEOUT_S) == b""
        assert isinstance(stay.await_event(Ended).error, FingerprintMismatch)


def test_a_known_certificate_need_not_say_who_it_is(room: RawServer) -> None:
    """A second room of a host that we know is joined at once."""
    KnownRooms.load().remember(
        msgspec.structs.replace(ROOM_INFO, id="2f"), room.fingerprint, Address("192.0.2.1")
    )
    with Stay(room.port) as stay:
        room.accept_client().welcome()
        assert stay.await_event(Entered).first_visit


def test_after_a_break_only_the_same_room_is_spoken_to(room: RawServer) -> None:
    """The session's secret never goes to another certificate, also where the address is all we were given."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        stay.await_event(Entered)
        room.change_certificate()
        guest.connection.close()
        assert room.accept_client().connection.receive(TIMEOUT_S) == b""
        assert isinstance(stay.await_event(Ended).error, FingerprintMismatch)


def test_a_damaged_list_of_rooms_is_left_as_it_is(room: RawServer) -> None:
    """Where it is damaged during the stay, the stay goes on."""
    with Stay(room.port) as stay:
        known_rooms_file().write_text("damaged")
        room.accept_client().welcome()
        assert stay.await_event(Entered).first_visit
    assert known_rooms_file().read_text() == "damaged"


def test_a_silent_room_is_asked_and_then_given_up(room: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pulled cable reports nothing: without an answer to `ping` the connection is made anew."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        stay.await_event(Entered)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", 0.1)
        guest.await_frame(Ping)
        interrupted = stay.await_event(Interrupted)
        assert isinstance(interrupted.error, Unreachable)
        monkeypatch.setattr(heartbeat, "PONG_TIMEOUT_S", TIMEOUT_S)
        room.accept_client().welcome()


def test_a_room_that_answers_is_not_given_up(room: RawServer) -> None:
    """However little is said; and the room may ask as well."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        for _ in range(5):
            guest.await_frame(Ping)
            guest.send(Pong())
        guest.send(Ping(), message(1))
        guest.await_frame(Pong)
        stay.await_event(MessageHeard)
        assert not [event for event in stay.passed_over if isinstance(event, Interrupted)]


def test_a_room_that_never_stops_talking_hears_from_a_listener(
    room: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would hold a member that is silent for dead."""
    monkeypatch.setattr(heartbeat, "PING_AFTER_S", 1.0)
    with Stay(room.port):
        guest = room.accept_client()
        guest.welcome()
        for seq in range(1, 400):
            guest.send(message(seq))
            with contextlib.suppress(TimeoutError):
                assert guest.connection.receive(0.05)
                break
        else:
            pytest.fail("nothing came from the listener")


def test_typing_is_told_at_most_once_in_a_while(room: RawServer) -> None:
    """A face may call it on every key."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        stay.await_event(Entered)
        for _ in range(1_000):
            stay.client.typing()
        stay.client.say("done")
        guest.await_frame(Say)
        assert len([frame for frame in guest.skipped if isinstance(frame, Typing)]) <= 2


def test_a_member_that_was_too_slow_comes_back_for_the_rest(room: RawServer) -> None:
    """With its session, and from the last message that it has."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        first = guest.welcome(latest=7, session="s1")
        assert (first.session, first.since) == (None, None)
        guest.send(
            message(6), message(7), message(8), Closed(error_codes.TOO_SLOW, "Too slow.", "Come again.")
        )
        again = room.accept_client()
        join = again.welcome(latest=9, session="s1")
        assert (join.session, join.since) == ("s1", 8)
        again.send(message(8), message(9))
        seqs = [stay.await_event(MessageHeard).seq for _ in range(4)]
        assert seqs == [6, 7, 8, 9]


def test_what_has_no_receipt_is_sent_again_in_its_order(room: RawServer) -> None:
    """With the ids of the first time, so that the room knows what it has already."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        said = [stay.client.say(text) for text in "abc"]
        assert [guest.await_frame(Say).id for _ in said] == said
        guest.send(Message(1, said[0], "m1", 0.0, "ann", "a"))
        stay.await_event(MessageHeard)
        guest.connection.close()
        again = room.accept_client()
        again.welcome(latest=1)
        assert [again.await_frame(Say).id for _ in range(2)] == said[1:]


@pytest.mark.parametrize(
    "code", [error_codes.CLOSING, error_codes.KICKED, error_codes.REPLACED, error_codes.PROTOCOL]
)
def test_a_room_that_ends_the_stay_is_not_tried_again(room: RawServer, code: str) -> None:
    """The reason and the hint are the room's."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        guest.send(Closed(code, "Because.", "Do this."))
        ended = stay.await_event(Ended)
        assert ended.end is End.CLOSED
        assert isinstance(ended.error, RoomClosed)
        assert (ended.error.code, str(ended.error), ended.error.hint) == (code, "Because.", "Do this.")


def test_a_problem_with_no_message_of_ours_is_a_failed_request(room: RawServer) -> None:
    """Whatever a later room may complain of, the stay goes on."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        guest.send(Problem("later", "What?", "Hm.", "not-ours"), message(1))
        assert stay.await_event(RequestFailed) == RequestFailed("What?", "Hm.")
        stay.await_event(MessageHeard)


def test_bytes_that_are_no_frame_break_the_connection_only(room: RawServer) -> None:
    """It is made anew; a first visit ends with what was wrong."""
    with Stay(room.port) as stay:
        room.accept_client().connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert stay.await_event(Ended).end is End.FAILED
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        guest.connection.send(b"\0\n")
        stay.await_event(Interrupted)
        room.accept_client().welcome()
        stay.await_event(Entered)


def test_frames_of_a_later_version_are_passed_over(room: RawServer) -> None:
    """Unknown types and unknown fields are no reason to stop."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.welcome()
        guest.connection.send(b'{"type":"firework","colour":"red"}\n')
        guest.send(message(1))
        stay.await_event(MessageHeard)


def test_leaving_while_connecting_ends_the_stay(room: RawServer) -> None:
    """Also where the other side accepts the call and never shakes hands."""
    with Stay(room.port) as stay:
        sock = room.accept()
        stay.client.leave()
        sock.close()
        assert stay.await_event(Ended) == Ended(End.LEFT, None)


def test_leaving_before_the_welcome_ends_the_stay(room: RawServer) -> None:
    """Nothing is waited for."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        stay.client.leave()
        guest.connection.close()
        assert stay.await_event(Ended) == Ended(End.LEFT, None)


@pytest.mark.parametrize(
    "words", [Refused(error_codes.FULL, "Full.", "Later."), Closed(error_codes.TOO_SLOW, "Slow.", "Again.")]
)
def test_a_room_that_sends_us_away_is_not_looked_for(
    room: RawServer, words: Refused | Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found; finding it again would end the pause, and we would knock all the time."""
    monkeypatch.setattr(reconnect_addresses, "_ANSWERS_WITHIN_S", 3600.0)
    looked_for: list[str] = []

    def look_up(room_id: str, *_: object) -> list[Address]:
        looked_for.append(room_id)
        return [Address("127.0.0.1", room.port)]

    with Stay(room.port, look_up=look_up) as stay:
        first = room.accept_client()
        first.welcome()
        stay.await_event(Entered)
        first.connection.abort()
        second = room.accept_client()
        second.await_frame(Join)
        second.send(words)
        stay.await_event(Interrupted, lambda event: event.retry_in_s > 0)
        room.accept_client().welcome()
        stay.await_event(Entered)
    assert looked_for == []
