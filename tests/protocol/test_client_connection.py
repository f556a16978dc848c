"""What a client takes from a server, by its state: a room is as little trusted as a stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol.client_connection import ClientConnection
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import (
    Challenge,
    Closed,
    Frame,
    Join,
    Joined,
    Left,
    Message,
    Ping,
    Problem,
    Proof,
    RoomInfo,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.limits import MAX_MEMBERS, NOTICE_BURST, NOTICE_RATE
from messango.protocol.states import ConnectionState
from tests.support.decode import decode_all
from tests.support.frames import server_frames

ROOM = RoomInfo(1, "1f", "Tea", "1", 1, 5, locked=False, history=False)
JOIN = Join(1, "Ann")
WELCOME = Welcome(ROOM, "Ann", "ann", "secret", ["Ann"], latest=0, oldest=0)


def message(seq: int, message_id: str = "7", member: str = "bob") -> Message:
    """Return a message with this number."""
    return Message(seq, message_id, member, 0.0, "Bob", "hello")


def connection(is_unconfirmed: Callable[[str], bool] = lambda _: False) -> ClientConnection:
    """Return a connection that has asked to join."""
    made = ClientConnection(0.0, is_unconfirmed)
    made.join(JOIN)
    return made


def receive(client: ClientConnection, *frames: Frame, now_s: float = 0.0) -> list[ServerFrame]:
    """Return what comes out of these frames."""
    return [*client.receive(encode_all(frames), now_s)]


def member(is_unconfirmed: Callable[[str], bool] = lambda _: False) -> ClientConnection:
    """Return a connection that was welcomed."""
    made = connection(is_unconfirmed)
    assert receive(made, WELCOME) == [WELCOME]
    return made


@given(server_frames)
def test_nothing_of_a_room_comes_out_before_its_welcome(frame: ServerFrame) -> None:
    """A machine in the middle that knows no password can't speak as the host or as a member."""
    client = connection()
    harmless = {"challenge", "welcome", "refused", "closed", "ping", "pong"}
    if type(frame).__struct_config__.tag in harmless:
        return
    out: list[ServerFrame] = []
    with pytest.raises(RemoteProtocolError):
        out.extend(client.receive(encode(frame), 0.0))
    assert out == []


def test_what_comes_before_a_forged_frame_comes_out_first() -> None:
    """The frames in place are handled, and then the connection ends."""
    client = connection()
    frames = client.receive(encode_all([Ping(), message(1), WELCOME]), 0.0)
    assert next(frames) == Ping()
    with pytest.raises(RemoteProtocolError, match="message"):
        next(frames)


def test_one_welcome_a_connection() -> None:
    """A room that welcomes again and again would have its visitor remember room after room."""
    client = member()
    with pytest.raises(RemoteProtocolError, match="welcome"):
        receive(client, WELCOME)


def test_one_challenge_a_connection() -> None:
    """Each would be a guess of the server's at our password."""
    client = connection()
    challenge = Challenge("AA==", "AA==", "1f")
    assert receive(client, challenge) == [challenge]
    client.prove(Proof("AA=="))
    with pytest.raises(RemoteProtocolError, match="challenge"):
        receive(client, challenge)


def test_a_challenge_fixes_the_rooms_identity() -> None:
    """What was proved for one room does not admit to another."""
    client = connection()
    receive(client, Challenge("AA==", "AA==", "2e"))
    client.prove(Proof("AA=="))
    with pytest.raises(RemoteProtocolError, match="identity"):
        receive(client, WELCOME)


def test_a_welcome_without_our_proof_is_out_of_place() -> None:
    """A server that was sent nothing can't have been convinced by it."""
    client = connection()
    receive(client, Challenge("AA==", "AA==", "1f"))
    with pytest.raises(RemoteProtocolError, match="welcome"):
        receive(client, WELCOME)


def test_numbers_rise() -> None:
    """There may be gaps, but no way back."""
    client = member()
    assert len(receive(client, message(3), message(9))) == 2
    with pytest.raises(RemoteProtocolError, match="order"):
        receive(client, message(9))


@pytest.mark.parametrize("seq", [0, -1, 2**63])
def test_an_impossible_number_is_refused(seq: int) -> None:
    """No room gives it, and no other room would take it as `since`."""
    with pytest.raises(RemoteProtocolError):
        receive(member(), message(seq))


def test_a_receipt_may_come_late() -> None:
    """Of a message that was sent twice, with the number that it had the first time; of nothing else."""
    client = member(lambda message_id: message_id == "mine")
    late = message(2, "mine", "ann")
    assert receive(client, message(5), late) == [message(5), late]
    for forged in (message(2, "mine", "bob"), message(2, "other", "ann")):
        with pytest.raises(RemoteProtocolError, match="order"):
            receive(member_after_five(), forged)


def member_after_five() -> ClientConnection:
    """Return a member that has read number 5, and waits for the receipt of `mine`."""
    client = member(lambda message_id: message_id == "mine")
    receive(client, message(5))
    return client


@pytest.mark.parametrize(
    "notice",
    [TypingNotice("Bob"), Problem("fault", "No.", "Why."), Ping()],
    ids=lambda frame: type(frame).__name__,
)
def test_a_flood_of_notices_ends_the_connection(notice: ServerFrame) -> None:
    """A client that took them all would do nothing else for ever."""
    client = member()
    with pytest.raises(RemoteProtocolError, match="notices"):
        receive(client, *[notice] * (NOTICE_BURST + 1))


def test_a_lively_room_is_not_a_flood() -> None:
    """As many notices as a thousand people can cause, for a minute."""
    client = member()
    for second in range(60):
        receive(client, *[TypingNotice("Bob")] * NOTICE_RATE, now_s=float(second))


def test_a_room_has_no_more_members_than_seats() -> None:
    """Members that come and never go are not people."""
    client = member()
    receive(client, *[Joined("Bob")] * (MAX_MEMBERS - 1))
    receive(client, Left("Bob", "left"), Joined("Bob"))
    with pytest.raises(RemoteProtocolError, match="members"):
        receive(client, Joined("Bob"))


def test_we_join_once() -> None:
    """A second `join`, or a proof that nobody asked for, is a mistake of ours."""
    client = connection()
    with pytest.raises(LocalProtocolError):
        client.join(JOIN)
    with pytest.raises(LocalProtocolError):
        client.prove(Proof("AA=="))


@given(st.binary(max_size=200))
def test_any_bytes_end_in_words(data: bytes) -> None:
    """Nothing but `RemoteProtocolError` comes of what is not a frame."""
    _, error = decode_all(lambda piece: [*member().receive(piece, 0.0)], data + b"\n")
    assert error is None or (str(error) and error.hint)


def test_the_end_is_the_end() -> None:
    """After `closed` nothing more is taken."""
    client = member()
    receive(client, Closed("closing", "The host closes the room.", "Wait."))
    assert client.state is ConnectionState.ENDED
    with pytest.raises(RemoteProtocolError):
        receive(client, message(1))
