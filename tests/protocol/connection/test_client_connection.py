"""Which frames a client accepts from a server in each state: the client does not trust the room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import ConnectionLost, LocalProtocolError, RemoteProtocolError, UnprovedIdentity
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection.client_connection import ClientConnection
from messango.protocol.connection.states import ConnectionState
from messango.protocol.frames import (
    Challenge,
    Closed,
    Deleted,
    EarlierMessages,
    Edited,
    Frame,
    Join,
    Joined,
    Left,
    Message,
    Ping,
    Problem,
    Proof,
    Reacted,
    Renamed,
    RoomInfo,
    ServerFrame,
    Told,
    TypingNotice,
    Welcome,
)
from messango.protocol.limits import JOIN_ANSWER_TIMEOUT_S, MAX_MEMBERS, NOTICE_BURST, NOTICE_RATE
from messango.protocol.room_id import derive_room_id
from tests.support.decode import decode_all
from tests.support.frames import server_frames

FINGERPRINT = "ab" * 32
ROOM = RoomInfo(1, derive_room_id("0000001f", FINGERPRINT), "Tea", "1", 1, 5, locked=False, history=False)
JOIN = Join(1, "Ann")
WELCOME = Welcome(ROOM, "Ann", "ann", "secret", ["Ann"], latest=0, oldest=0)


def message(seq: int, message_id: str = "7", member: str = "bob") -> Message:
    """Return a message with this number."""
    return Message(seq, message_id, member, 0.0, "Bob", "hello")


def connection(is_unconfirmed: Callable[[str], bool] = lambda _: False) -> ClientConnection:
    """Return a connection that has asked to join."""
    made = ClientConnection(0.0, is_unconfirmed, fingerprint=FINGERPRINT, address="192.0.2.1:8000")
    made.join(JOIN)
    return made


def receive(client: ClientConnection, *frames: Frame, now_s: float = 0.0) -> list[ServerFrame]:
    """Return the frames that the client accepts."""
    return [*client.receive(encode_all(frames), now_s)]


def member(is_unconfirmed: Callable[[str], bool] = lambda _: False) -> ClientConnection:
    """Return a connection that was welcomed."""
    made = connection(is_unconfirmed)
    assert receive(made, WELCOME) == [WELCOME]
    return made


@given(server_frames)
def test_no_room_frames_before_the_welcome(frame: ServerFrame) -> None:
    """A machine in the middle without the password can't write as the host or as a member."""
    client = connection()
    harmless = {"challenge", "welcome", "refused", "closed", "ping", "pong"}
    if type(frame).__struct_config__.tag in harmless:
        return
    out: list[ServerFrame] = []
    with pytest.raises(RemoteProtocolError):
        out.extend(client.receive(encode(frame), 0.0))
    assert out == []


def test_frames_before_a_forged_one_are_accepted() -> None:
    """They are handled, and then the connection ends."""
    client = connection()
    frames = client.receive(encode_all([Ping(), message(1), WELCOME]), 0.0)
    assert next(frames) == Ping()
    with pytest.raises(RemoteProtocolError, match="message"):
        next(frames)


def test_a_second_welcome_is_refused() -> None:
    """It would make the client remember room after room."""
    client = member()
    with pytest.raises(RemoteProtocolError, match="welcome"):
        receive(client, WELCOME)


def test_a_second_challenge_is_refused() -> None:
    """Each would be a guess of the server's at our password."""
    client = connection()
    challenge = Challenge("AA==", "AA==", ROOM.id)
    assert receive(client, challenge) == [challenge]
    client.prove(Proof("AA=="))
    with pytest.raises(RemoteProtocolError, match="challenge"):
        receive(client, challenge)


def test_a_challenge_fixes_the_rooms_identity() -> None:
    """A proof for one room must not admit to another."""
    client = connection()
    receive(client, Challenge("AA==", "AA==", derive_room_id("0000002e", FINGERPRINT)))
    client.prove(Proof("AA=="))
    with pytest.raises(RemoteProtocolError, match="identity"):
        receive(client, WELCOME)


@pytest.mark.parametrize("fingerprint", ["cd" * 32, None])
def test_a_room_must_prove_its_id(fingerprint: str | None) -> None:
    """It can't claim the id of another room, and gets no proof of our password then."""
    for frame in (WELCOME, Challenge("AA==", "AA==", ROOM.id)):
        client = ClientConnection(0.0, bool, fingerprint=fingerprint, address="192.0.2.1:8000")
        client.join(JOIN)
        with pytest.raises(UnprovedIdentity, match=r"192\.0\.2\.1:8000 claims to be a room that it is not"):
            receive(client, frame)


def test_a_welcome_without_our_proof_is_refused() -> None:
    """A server that got no proof can't have checked it."""
    client = connection()
    receive(client, Challenge("AA==", "AA==", ROOM.id))
    with pytest.raises(RemoteProtocolError, match="welcome"):
        receive(client, WELCOME)


def test_message_numbers_must_grow() -> None:
    """Gaps are allowed."""
    client = member()
    assert len(receive(client, message(3), message(9))) == 2
    with pytest.raises(RemoteProtocolError, match="order"):
        receive(client, message(9))


def test_all_entries_have_one_order() -> None:
    """Private messages, reactions, edits and deletions take numbers like messages; answers take none."""
    change = ("id", 1, "bob", "Bob", 1.0)
    told = Told(4, "t", "bob", 1.0, "Bob", "psst", to="ann", to_name="Ann")
    entries: list[ServerFrame] = [
        told,
        Reacted(5, *change, "👍", on=True),
        Edited(6, *change, "x"),
        Deleted(7, *change),
    ]
    older = EarlierMessages("e", [message(1)], more=False, latest=7)
    client = member()
    assert receive(client, message(3), *entries, older) == [message(3), *entries, older]
    for entry in entries:
        with pytest.raises(RemoteProtocolError, match="order"):
            receive(member_after_seven(), entry)


def member_after_seven() -> ClientConnection:
    """Return a member that has received number 7."""
    client = member()
    receive(client, message(7))
    return client


@pytest.mark.parametrize("seq", [0, -1, 2**63])
def test_an_invalid_message_number_is_refused(seq: int) -> None:
    """No room assigns it, and no other room would accept it as `since`."""
    with pytest.raises(RemoteProtocolError):
        receive(member(), message(seq))


def test_a_receipt_may_have_an_old_number() -> None:
    """Only if the message was sent twice: it keeps its first number."""
    client = member(lambda message_id: message_id == "mine")
    late = message(2, "mine", "ann")
    assert receive(client, message(5), late) == [message(5), late]
    for forged in (message(2, "mine", "bob"), message(2, "other", "ann")):
        with pytest.raises(RemoteProtocolError, match="order"):
            receive(member_after_five(), forged)


def member_after_five() -> ClientConnection:
    """Return a member that has received number 5 and waits for the receipt of `mine`."""
    client = member(lambda message_id: message_id == "mine")
    receive(client, message(5))
    return client


@pytest.mark.parametrize(
    "notice",
    [TypingNotice("Bob"), Problem("fault", "No.", "Why."), Ping()],
    ids=lambda frame: type(frame).__name__,
)
def test_a_flood_of_notices_ends_the_connection(notice: ServerFrame) -> None:
    """A client that handled them all would do nothing else."""
    client = member()
    with pytest.raises(RemoteProtocolError, match="notices"):
        receive(client, *[notice] * (NOTICE_BURST + 1))


def test_a_busy_room_is_not_a_flood() -> None:
    """For a minute, as many notices as a thousand people can cause."""
    client = member()
    for second in range(60):
        receive(client, *[TypingNotice("Bob")] * NOTICE_RATE, now_s=float(second))


def test_too_many_members_end_the_connection() -> None:
    """A room can't have more members than the largest number of seats."""
    client = member()
    receive(client, *[Joined(str(number)) for number in range(1, MAX_MEMBERS)])
    receive(client, Left("1", "left"), Joined("Bob"), Joined("Bob"), Renamed("Ben", "Bob"))
    receive(client, Left("nobody", "left"))
    with pytest.raises(RemoteProtocolError, match="members"):
        receive(client, Joined("Bob"))


def test_unknown_frames_are_notices_too() -> None:
    """A later version may send some, but a flood of them costs as much as any other."""
    client = member()
    assert receive(client) == []
    assert [*client.receive(b'{"type":"weather"}\n' * (NOTICE_BURST // 2), 0.0)] == []
    with pytest.raises(RemoteProtocolError, match="notices"):
        [*client.receive(b'{"type":"weather"}\n' * NOTICE_BURST, 0.0)]


def test_a_room_has_to_answer_the_join_in_time() -> None:
    """Pings do not extend the time; after joining there is no limit."""
    client = connection()
    receive(client, Ping())
    assert client.join_time_left_s(0.0) == JOIN_ANSWER_TIMEOUT_S
    with pytest.raises(ConnectionLost):
        client.join_time_left_s(JOIN_ANSWER_TIMEOUT_S)
    assert member().join_time_left_s(1e9) == float("inf")


def test_joining_twice_is_our_error() -> None:
    """So is a proof without a challenge."""
    client = connection()
    with pytest.raises(LocalProtocolError):
        client.join(JOIN)
    with pytest.raises(LocalProtocolError):
        client.prove(Proof("AA=="))


@given(st.binary(max_size=200))
def test_random_bytes_raise_only_protocol_errors(data: bytes) -> None:
    """Bytes that are not a frame raise `RemoteProtocolError`."""
    _, error = decode_all(lambda piece: [*member().receive(piece, 0.0)], data + b"\n")
    assert error is None or (str(error) and error.hint)


def test_nothing_is_accepted_after_the_end() -> None:
    """After `closed`."""
    client = member()
    receive(client, Closed("closing", "The host closes the room.", "Wait."))
    assert client.state is ConnectionState.ENDED
    with pytest.raises(RemoteProtocolError):
        receive(client, message(1))
