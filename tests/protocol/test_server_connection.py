"""Each frame of a client, in each state of its connection: what the server answers, or asks the room."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.actions import (
    AskRoom,
    Close,
    LeaveRoom,
    PostToRoom,
    ReportRefusal,
    RoomFrame,
)
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import (
    ClientFrame,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Problem,
    Refused,
    Rename,
    RoomInfoFrame,
    Say,
    Typing,
)
from messango.protocol.states import ConnectionState, unexpected_frame_problem
from tests.protocol.connections import (
    FULL,
    JOIN,
    OPEN_STATES,
    ROOM,
    Course,
    connect,
    in_state,
    member,
    send,
    sent_frame,
    sent_frames,
)
from tests.protocol.test_states import EXPECTED_FRAMES, FRAMES

SAY = Say("1", "hello")


def test_look_is_answered_by_the_room_and_the_end() -> None:
    """A client that looks learns what anybody may know; the host reads nothing of it."""
    connection = connect()
    (close,) = send(connection, Look(1))
    assert isinstance(close, Close)
    room = sent_frame([close])
    assert isinstance(room, RoomInfoFrame)
    assert (room.id, room.name, room.members, room.seats) == (ROOM.id, "Tea", 2, 5)
    assert connection.ended


def test_look_needs_no_password() -> None:
    """Everybody on the network sees as much of the room by mDNS."""
    assert isinstance(sent_frame(send(connect(has_password=True), Look(1))), RoomInfoFrame)


def test_join_asks_the_room() -> None:
    """With all that the client gave; whether it gets in is not for the protocol to decide."""
    join = Join(1, "\n", session="secret", since=7)
    connection = connect()
    assert send(connection, join) == [AskRoom(join)]
    assert not connection.is_member
    assert connection.admit(0.0) == []
    assert connection.is_member


def test_an_open_room_ignores_a_pake() -> None:
    """Even one that is not valid."""
    join = Join(1, "Ann", pake="x")
    assert send(connect(), join) == [AskRoom(join)]


@pytest.mark.parametrize("protocol", [0, -1, -(2**63)])
def test_a_protocol_version_below_1_is_refused(protocol: int) -> None:
    """Versions start at 1; the host reads why the client was refused."""
    connection = connect()
    report, close = send(connection, Join(protocol, "Ann"))
    assert report == ReportRefusal("", f"Protocol version {protocol} does not exist.")
    refused = sent_frame([close])
    assert isinstance(refused, Refused)
    assert refused.code == error_codes.PROTOCOL
    assert connection.ended


def test_a_later_protocol_is_spoken_as_ours() -> None:
    """A client that can more can also do with less."""
    assert send(connect(), Join(99, "Ann")) == [AskRoom(Join(99, "Ann"))]


@pytest.mark.parametrize("frame", [SAY, Typing(), Rename("Anne")], ids=type)
def test_what_a_member_says_goes_to_the_room(frame: Say | Typing | Rename) -> None:
    """With the size of the read, which bounds the room's batch."""
    connection = member()
    assert send(connection, frame) == [PostToRoom([frame], len(encode(frame)))]
    assert connection.advance(0.0) == []


def test_what_comes_in_one_read_goes_to_the_room_in_one_piece() -> None:
    """The members' frames of all kinds, in their order."""
    frames: list[RoomFrame] = [SAY, Typing(), Rename("Anne"), Say("2", "more")]
    assert send(member(), *frames) == [PostToRoom(frames, len(encode_all(frames)))]


def test_ping_is_answered_before_and_after_joining() -> None:
    """Either end may ask at any time, and an answer is not answered."""
    for connection in (connect(), member()):
        assert sent_frames(send(connection, Ping(), Pong(), Ping())) == [Pong(), Pong()]


def test_leave_of_a_member_frees_its_seat() -> None:
    """What was sent before the goodbye goes to the room before it; what follows is ignored."""
    connection = member()
    size = len(encode_all([SAY, Leave(), SAY, Ping()]))
    assert send(connection, SAY, Leave(), SAY, Ping()) == [PostToRoom([SAY], size)]
    assert connection.advance(0.0) == [LeaveRoom()]
    assert connection.ended


def test_leave_of_an_unjoined_client_closes() -> None:
    """The room does not know it, so nobody is told."""
    connection = connect()
    assert send(connection, Leave(), Ping()) == [Close()]
    assert connection.ended


def test_what_was_sent_with_join_waits_for_the_room() -> None:
    """It is handled when the room has admitted the client, as a member's, and not before."""
    connection = connect()
    frames: list[ClientFrame] = [JOIN, SAY, Ping(), Say("2", "more")]
    size = len(encode_all(frames))
    assert send(connection, *frames) == [AskRoom(JOIN)]
    assert connection.admit(5.0) == [PostToRoom([SAY], size)]
    pong, post = connection.advance(5.0)
    assert (sent_frame([pong]), post) == (Pong(), PostToRoom([Say("2", "more")], size))
    assert connection.advance(5.0) == []


def test_two_joins_in_one_read_are_one_member() -> None:
    """The second waits for the answer to the first, and then is out of place."""
    connection = connect()
    assert send(connection, JOIN, Join(1, "Bob"), SAY) == [AskRoom(JOIN)]
    problem, post = connection.admit(0.0)
    answer = sent_frame([problem])
    assert isinstance(answer, Problem)
    assert answer.code == error_codes.ALREADY_JOINED
    assert isinstance(post, PostToRoom)
    assert connection.name == "Ann"


def test_join_and_leave_in_one_read() -> None:
    """The client gets in, says what it has to say, and goes."""
    course = Course(connect()).receive(encode_all([JOIN, SAY, Leave()]))
    assert course.log == [AskRoom(JOIN), SAY, LeaveRoom()]


def test_the_room_refuses() -> None:
    """The refusal is the last frame, and what was sent with the `join` is not handled."""
    connection = connect()
    send(connection, JOIN, SAY)
    assert connection.refuse(FULL) == [Close(encode(FULL))]
    assert connection.ended
    assert connection.advance(0.0) == []


def test_a_refusal_that_the_host_reads() -> None:
    """With the name that the client gave."""
    connection = connect()
    send(connection, JOIN)
    assert connection.refuse(FULL, "joins too often") == [
        ReportRefusal("Ann", "joins too often"),
        Close(encode(FULL)),
    ]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
@pytest.mark.parametrize("state", OPEN_STATES)
def test_each_frame_in_each_state(state: ConnectionState, frame: ClientFrame) -> None:
    """Out of place it is answered with the problem, and the connection goes on as if it had not come."""
    connection = in_state(state)
    assert connection.state is state
    actions = send(connection, frame)
    problems = [answer for answer in sent_frames(actions) if isinstance(answer, Problem)]
    if frame.__struct_config__.tag in EXPECTED_FRAMES[state]:
        assert problems == []
        return
    assert [sent_frame(actions)] == problems == [unexpected_frame_problem(frame, state)]
    assert connection.state is state
    assert sent_frame(send(connection, Ping())) == Pong()


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
def test_nothing_follows_the_end(frame: ClientFrame) -> None:
    """A client that goes on sending after the end is not answered, and no time comes for it."""
    connection = in_state(ConnectionState.ENDED)
    assert send(connection, frame) == []
    assert connection.receive(b"", 0.0) == []
    assert connection.on_timeout(1_000.0) == []


def test_a_frame_that_is_not_known_is_a_problem() -> None:
    """A later version may send more than we know; the rest of the read is handled."""
    wave = b'{"type":"wave","id":"3"}\n'
    (problem, post) = member().receive(wave + b'{"type":"say","id":"4","text":"x","colour":"red"}\n', 0.0)
    answer = sent_frame([problem])
    assert isinstance(answer, Problem)
    assert (answer.code, answer.id) == (error_codes.UNKNOWN_TYPE, "3")
    assert isinstance(post, PostToRoom)
    assert post.frames == [Say("4", "x")]
    answer = sent_frame(connect().receive(wave, 0.0))
    assert isinstance(answer, Problem)
    assert answer.code == error_codes.UNKNOWN_TYPE


def test_wrong_fields_are_a_problem_with_its_id() -> None:
    """So the sender knows which message failed."""
    answer = sent_frame(member().receive(b'{"type":"say","id":"5"}\n', 0.0))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.id) == (error_codes.BAD_FRAME, "5")


def test_a_problem_keeps_its_place_between_messages() -> None:
    """The client reads its answers in the order in which it sent."""
    course = Course(member()).receive(encode(SAY) + b'{"type":"wave"}\n' + encode(Say("2", "x")))
    first, problem, second = course.log
    assert (first, isinstance(problem, Problem), second) == (SAY, True, Say("2", "x"))
