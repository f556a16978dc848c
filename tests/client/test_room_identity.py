"""Which room a client joins: the one that can prove to be it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from messango.client.events import RoomJoined, SessionEnded
from messango.client.trust.known_rooms import KnownRooms
from messango.errors import UnprovedIdentity, Unreachable
from messango.protocol.frames import Join, Look, RoomInfoFrame, Welcome
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


def test_a_claimed_id_is_not_joined(room: RawServer) -> None:
    """A room that claims the id of another, known or not: nothing is sent to it, nothing remembered."""
    claimed = room_id_of(0x1F, OTHER_FINGERPRINT)
    with ClientSession(room.port) as session:
        client = room.accept_client()
        join = client.await_frame(Join)
        client.send(
            Welcome(msgspec.structs.replace(ROOM_INFO, id=claimed), join.name, "m1", "secret", ["ann"], 0, 0)
        )
        ended = session.await_event(SessionEnded)
        assert isinstance(ended.error, UnprovedIdentity)
    assert not any(isinstance(event, RoomJoined) for event in session.skipped)
    assert KnownRooms.load().all() == []


def test_the_room_that_was_found_is_the_room_that_is_joined(room: RawServer) -> None:
    """If another one has its address by now, even our name is not sent."""
    with ClientSession(room.port, room_id=room_id_of(0x1F, OTHER_FINGERPRINT)) as session:
        assert room.accept_client().connection.receive(TIMEOUT_S) == b""
        ended = session.await_event(SessionEnded)
        assert isinstance(ended.error, Unreachable)
        assert "Another room answers" in str(ended.error)


def test_another_room_of_the_same_host_is_not_joined(room: RawServer) -> None:
    """Both have one certificate. Where no probe has found the room, its id is asked for first."""
    wanted = room_id_of(0x2F, room.fingerprint)
    with ClientSession(room.port, room_id=wanted, fingerprint=room.fingerprint, is_proved=False) as session:
        stranger, probe = room.accept_client(), room.accept_client()
        probe.await_frame(Look)
        probe.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        assert stranger.connection.receive(TIMEOUT_S) == b""
        error = session.await_event(SessionEnded).error
    assert isinstance(error, Unreachable)
    assert "Another room answers" in str(error)


def test_a_room_that_was_replaced_after_the_probe_is_left_at_once(room: RawServer) -> None:
    """Its host closed it and opened another at the same place: nobody is moved there."""
    wanted = room_id_of(0x2F, room.fingerprint)
    with ClientSession(room.port, room_id=wanted, fingerprint=room.fingerprint) as session:
        room.accept_client().welcome()
        error = session.await_event(SessionEnded).error
    assert isinstance(error, Unreachable)
    assert not any(isinstance(event, RoomJoined) for event in session.skipped)
    assert KnownRooms.load().all() == []


def test_a_new_identity_at_a_known_place_is_not_joined(room: RawServer) -> None:
    """Name and address are the known room's, but everything else is new: the host may accept it."""
    known_room = msgspec.structs.replace(ROOM_INFO, id=room_id_of(0x2F, OTHER_FINGERPRINT))
    KnownRooms.load().remember(known_room, OTHER_FINGERPRINT, Address("127.0.0.1", room.port))
    with ClientSession(room.port, room_id=ROOM_INFO.id, fingerprint=room.fingerprint) as session:
        stranger = room.accept_client()
        probe = room.accept_client()
        probe.await_frame(Look)
        probe.send(RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)))
        assert stranger.connection.receive(TIMEOUT_S) == b""
        error = session.await_event(SessionEnded).error
    assert isinstance(error, FingerprintMismatch)
    KnownRooms.load().accept(error.room_id, error.seen)
    with ClientSession(room.port, room_id=ROOM_INFO.id, fingerprint=room.fingerprint) as session:
        room.accept_client().welcome()
        assert not session.await_event(RoomJoined).first_visit
    assert [known.id for known in KnownRooms.load().all()] == [ROOM_INFO.id]
