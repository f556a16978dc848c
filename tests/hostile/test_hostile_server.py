"""A hostile server and a client: whatever it sends in whichever state, nothing shows that was not let in."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path
from typing import Final

import pytest

from messango.app.export import save_conversation
from messango.client.connection.backoff import Backoff
from messango.client.events import (
    Connecting,
    Disconnected,
    Event,
    MessageReceived,
    PasswordRequired,
    RoomJoined,
    SessionEnded,
)
from messango.client.message_log import MessageLog
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms
from messango.errors import (
    JoinRefused,
    MessangoError,
    RoomClosed,
    RoomMisbehaved,
    Unreachable,
)
from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection import client_connection
from messango.protocol.frames import Closed, Join, Leave, Message, Ping, Refused, RoomInfo, Say, Welcome
from messango.protocol.password import Password
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from messango.transport.addresses import Address
from tests.hostile.floods import message
from tests.hostile.hostile_server import HostileServer, Script, send_and_part, send_bytes, then_close
from tests.hostile.server_cases import FORGED, FRAMES, SHAPES, WELCOME, frames_of, welcome_of
from tests.support.certificates import room_id_of
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import ROOM_INFO, RawPeer
from tests.support.sessions import ClientSession

#: Two seconds for the goodbye, and what a busy machine adds.
LEAVES_WITHIN_S: Final = 6.0

OTHER_ROOM = RoomInfo(1, room_id_of(0x9E), "Other", "1", 1, 5, locked=False, history=False)
OTHER_FINGERPRINT = "ab" * 32

#: What a client accepts before it is admitted, and does not report.
SILENT: Final = {"ping", "pong"}


def short(shape: str) -> str:
    """Return the id of a test."""
    return ascii(shape)[1:20]


def remembered() -> list[str]:
    """Return the ids of the rooms that this person knows."""
    return [room.id for room in KnownRooms.load().all()]


def until_ended(session: ClientSession) -> tuple[list[Event], SessionEnded]:
    """Return all events up to the end, and the end."""
    events: list[Event] = []
    while True:
        event = session.client.events.get(timeout=TIMEOUT_S)
        if isinstance(event, SessionEnded):
            return events, event
        events.append(event)


def visit(script: Script, *, password: str | None = None) -> tuple[list[Event], MessangoError]:
    """Visit a room with this script, and return the events and the error at the end."""
    with HostileServer(script) as room, ClientSession(room.port, password=password) as session:
        events, ended = until_ended(session)
    assert ended.error is not None
    assert str(ended.error)
    assert "\n" not in f"{ended.error}{ended.error.hint}"
    return events, ended.error


def assert_untouched(events: list[Event]) -> None:
    """Fail if a visit that never entered has shown or remembered anything."""
    assert {type(event) for event in events} <= {Connecting}
    assert not (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).exists()


@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind not in SILENT | {"welcome"}])
@pytest.mark.parametrize("state", ["before the join", "after the join", "after pings"])
def test_nothing_shows_before_the_welcome(state: str, kind: str) -> None:
    """Whatever comes first, and whatever comes behind it."""

    def script(peer: RawPeer) -> None:
        if state != "before the join":
            peer.await_frame(Join)
        if state == "after pings":
            peer.send(*[Ping()] * 100)
        peer.send(FRAMES[kind], message(5, FORGED), WELCOME, message(6, FORGED))

    events, error = visit(script)
    assert_untouched(events)
    assert FORGED not in f"{error}{error.hint}"


@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind not in SILENT])
def test_a_room_without_the_password_is_not_entered(kind: str) -> None:
    """A machine in the middle of a first visit challenges without it, then says what it likes."""

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        peer.send(FRAMES["challenge"], FRAMES[kind], message(5, FORGED), WELCOME, message(6, FORGED))

    events, error = visit(script, password="sesame")  # noqa: S106 (a test's)
    assert_untouched(events)
    assert FORGED not in f"{error}{error.hint}"


def test_forged_words_of_a_machine_in_the_middle_leave_no_trace(tmp_path: Path) -> None:
    """Nor in the exported conversation, nor as `since` of a true join later."""

    def script(peer: RawPeer) -> None:
        join = peer.await_frame(Join)
        joins.append(join)
        if join.pake is None:
            host = Message(2**62, "7", HOST_MEMBER_ID, 0.0, HOST_NAME, FORGED)
            peer.send(Ping(), host, message(2**62 + 1, FORGED), Refused("not-joined", FORGED, FORGED))
        else:
            peer.send(Refused(error_codes.WRONG_PASSWORD, FORGED, FORGED))

    joins: list[Join] = []
    log = MessageLog()
    with HostileServer(script) as room:
        for password in (None, "sesame"):
            with ClientSession(room.port, password=password) as session:
                events, ended = until_ended(session)
            for event in events:
                log.handle(event)
            assert_untouched(events)
            assert FORGED not in str(ended.error)
    save_conversation(tmp_path / "saved.txt", "Tea", log.messages)
    assert (tmp_path / "saved.txt").read_text() == ""
    assert [(join.since, join.session) for join in joins] == [(None, None)] * 2


def test_the_password_is_asked_for_without_anything_of_the_room() -> None:
    """A person is asked again and again; what came in between is not shown."""

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        peer.send(Refused(error_codes.PASSWORD_REQUIRED, FORGED, FORGED), message(1, FORGED), WELCOME)

    with HostileServer(script) as room, ClientSession(room.port, prompt_for_password=True) as session:
        for _ in range(5):
            asked = session.await_event(PasswordRequired)
            assert FORGED not in str(asked.error)
            session.client.submit_password(Password("sesame"))
        assert_untouched([event for event in session.skipped if not isinstance(event, PasswordRequired)])


def test_many_welcomes_in_one_connection_are_one_too_many() -> None:
    """The first counts, and only its room is remembered."""
    welcomes = [
        Welcome(
            RoomInfo(1, room_id_of(number), f"Room {number}", "1", 1, 5, locked=False, history=False),
            "ann",
            "m1",
            f"s{number}",
            ["ann"],
            0,
            0,
        )
        for number in range(1, 513)
    ]
    events, error = visit(then_close(*welcomes))
    assert isinstance(error, RoomMisbehaved)
    assert len([event for event in events if isinstance(event, RoomJoined)]) == 1
    assert remembered() == [room_id_of(1)]


def test_a_room_keeps_its_identity_over_reconnects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another id at the next welcome is another room; a new session, name or member is still this one."""
    monkeypatch.setattr(Backoff, "next_s", lambda _: 0.0)
    KnownRooms.load().remember(OTHER_ROOM, OTHER_FINGERPRINT, Address("192.0.2.1"))
    numbers = itertools.count()

    def script(peer: RawPeer) -> None:
        join = peer.await_frame(Join)
        number = next(numbers)
        joins.append(join)
        room_id = ROOM_INFO.id if number % 2 == 0 else room_id_of(number)
        room = RoomInfo(1, room_id, f"Room {number}", "1", 1, 5, locked=False, history=False)
        peer.send(Welcome(room, f"ann {number}", f"m{number}", f"s{number}", [f"ann {number}"], 0, 0))
        peer.connection.shutdown()

    joins: list[Join] = []
    # The certificate is known, so that it is not probed: only the welcome can lie.
    with HostileServer(script) as room:
        KnownRooms.load().remember(
            RoomInfo(1, ROOM_INFO.id, "Room", "1", 1, 5, locked=False, history=False),
            room.fingerprint,
            Address("192.0.2.2"),
        )
        with ClientSession(room.port) as session:
            for _ in range(20):
                session.await_event(Disconnected)
            joined = [event for event in session.skipped if isinstance(event, RoomJoined)]
    assert {event.room.id for event in joined} == {ROOM_INFO.id}
    assert sorted(remembered()) == sorted([OTHER_ROOM.id, ROOM_INFO.id])
    other = KnownRooms.load().by_id(OTHER_ROOM.id)
    assert other is not None
    assert (other.fingerprint, other.refused) == (OTHER_FINGERPRINT, "")
    assert not {join.session for join in joins} & {f"s{number}" for number in range(1, 99, 2)}


@pytest.mark.parametrize("seqs", [(2, 1), (1, 1), (0,), (2**62, 5)], ids=str)
def test_numbers_that_do_not_rise_end_the_session(seqs: tuple[int, ...]) -> None:
    """What came before is shown, each number once."""
    events, error = visit(then_close(WELCOME, *(message(seq) for seq in seqs)))
    assert isinstance(error, RoomMisbehaved)
    shown = [event.seq for event in events if isinstance(event, MessageReceived)]
    assert shown == list(seqs[:-1])


@pytest.mark.parametrize("seq", ["-1", str(-(2**63)), str(2**63), str(2**70), "1.5", "1e400", '"1"', "null"])
@pytest.mark.parametrize("place", ["message", "latest", "oldest"])
def test_impossible_numbers_are_never_shown(place: str, seq: str) -> None:
    """Negative, beyond 64 bits, or no whole number."""
    numbers = {"latest": "0", "oldest": "0", "message": "1"} | {place: seq}

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        welcome = encode(WELCOME).decode().replace('"latest":0', f'"latest":{numbers["latest"]}')
        welcome = welcome.replace('"oldest":0', f'"oldest":{numbers["oldest"]}')
        sent = encode(message(1)).decode().replace('"seq":1', f'"seq":{numbers["message"]}')
        send_bytes(peer, (welcome + sent).encode())

    with HostileServer(script) as room, ClientSession(room.port) as session:
        while not isinstance(
            event := session.client.events.get(timeout=TIMEOUT_S), SessionEnded | Disconnected
        ):
            assert not isinstance(event, MessageReceived)
        assert event.error is not None
    assert remembered() == ([ROOM_INFO.id] if place == "message" else [])


@pytest.mark.parametrize("shape", SHAPES, ids=short)
def test_values_of_every_shape_are_only_values(shape: str) -> None:
    """A session with them goes on to its last message."""
    data = welcome_of(shape) + encode_all([*frames_of(shape), message(9, "the end")])
    with HostileServer(send_and_part(data)) as room, ClientSession(room.port) as session:
        session.await_event(MessageReceived, lambda event: event.text == "the end")
    assert len(remembered()) == 1


@pytest.mark.parametrize("shape", ["n" * 129, "n" * 60_000, "\U0001f389" * 15_000], ids=len)
@pytest.mark.parametrize("field", ["room", "you", "session", "members", "id"])
def test_a_page_is_no_name(field: str, shape: str) -> None:
    """Nothing of such a welcome is shown or remembered."""
    room = RoomInfo(
        1,
        shape if field == "id" else ROOM_INFO.id,
        shape if field == "room" else "Tea",
        "1",
        1,
        5,
        locked=False,
        history=False,
    )
    welcome = Welcome(
        room,
        shape if field == "you" else "ann",
        "m1",
        shape if field == "session" else "secret",
        [shape] if field == "members" else ["ann"],
        0,
        0,
    )
    events, error = visit(then_close(welcome))
    assert_untouched(events)
    assert shape not in str(error)


@pytest.mark.parametrize("shape", SHAPES, ids=short)
@pytest.mark.parametrize("code", [error_codes.FULL, error_codes.WRONG_PASSWORD, error_codes.BANNED, "?"])
def test_a_forged_refusal_is_one_sentence(code: str, shape: str) -> None:
    """Whatever its reason says."""
    events, error = visit(then_close(Refused(code, f"a{shape}", f"b{shape}"), message(1, FORGED)))
    assert_untouched(events)
    assert isinstance(error, JoinRefused)
    assert error.code == code


def test_nothing_follows_the_end() -> None:
    """Behind `closed` nothing is read."""
    closed = Closed("kicked", "The host removed you\nfrom the room.", "")
    events, error = visit(then_close(WELCOME, message(1), closed, message(2, FORGED), WELCOME))
    assert isinstance(error, RoomClosed)
    assert [event.text for event in events if isinstance(event, MessageReceived)] == ["hello"]


def test_a_room_that_closes_at_every_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a welcome and a message: a first visit ends, a visit that has entered reconnects."""
    monkeypatch.setattr(Backoff, "next_s", lambda _: 0.0)
    data = encode_all([WELCOME, message(1)])
    cuts = iter([*range(0, len(data), 5), len(data)])

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        send_bytes(peer, data[: next(cuts, len(data))])
        peer.connection.shutdown()

    welcome_end = len(encode(WELCOME))
    with HostileServer(script) as room:
        for _ in range(-(-welcome_end // 5)):
            with ClientSession(room.port) as session:
                events, ended = until_ended(session)
            assert_untouched(events)
            assert isinstance(ended.error, Unreachable)
        with ClientSession(room.port) as session:
            session.await_event(MessageReceived)
            assert any(isinstance(event, Disconnected) for event in session.skipped)


@pytest.mark.parametrize("sent", [b"", encode(Ping()), b'{"type":"wel'], ids=["nothing", "pings", "drops"])
def test_a_room_that_never_answers_is_given_up(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may send pings, or its welcome byte by byte: its time for an answer is the same."""
    monkeypatch.setattr(client_connection, "JOIN_ANSWER_TIMEOUT_S", 1.0)

    def script(peer: RawPeer) -> None:
        send_bytes(peer, sent)
        while peer.connection.receive(TIMEOUT_S):
            send_bytes(peer, sent[:1] if sent.startswith(b'{"type":"wel') else sent)

    events, error = visit(script)
    assert_untouched(events)
    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("state", ["silent", "welcomed", "reads nothing", "does not close"])
def test_leaving_a_room_that_does_nothing_takes_a_moment(state: str) -> None:
    """It never closes the connection, and may not even read the goodbye."""

    def script(peer: RawPeer) -> None:
        if state == "silent":
            return
        peer.welcome()
        if state == "does not close":
            peer.await_frame(Leave)

    with HostileServer(script) as room, ClientSession(room.port) as session:
        session.await_event(Connecting if state == "silent" else RoomJoined)
        if state == "reads nothing":
            for _ in range(2_000):
                session.client.send_message("x" * 8_000)
        began_s = time.monotonic()
        session.client.leave()
        assert session.client.join_thread(LEAVES_WITHIN_S)
        assert time.monotonic() - began_s < LEAVES_WITHIN_S


def test_receipts_that_nobody_waits_for_are_not_ours() -> None:
    """A receipt comes once; ids of messages that were never sent are no receipts."""

    def script(peer: RawPeer) -> None:
        peer.welcome()
        said = peer.await_frame(Say)
        receipt = Message(5, said.id, "m1", 0.0, "ann", said.text)
        peer.send(receipt, receipt)

    with HostileServer(script) as room, ClientSession(room.port) as session:
        session.await_event(RoomJoined)
        session.client.send_message("hello")
        events, ended = until_ended(session)
    assert isinstance(ended.error, RoomMisbehaved)
    assert len([event for event in events if isinstance(event, MessageReceived)]) == 1
