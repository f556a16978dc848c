"""Each frame of a client in each state: the answer, or the request to the room."""

from __future__ import annotations

import msgspec
import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection.actions import (
    AskRoom,
    Close,
    LeaveRoom,
    PostToRoom,
    ReportRefusal,
    RoomFrame,
)
from messango.protocol.connection.states import ConnectionState, unexpected_frame_problem
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
from tests.protocol.connection.test_states import EXPECTED_FRAMES, FRAMES
from tests.protocol.connections import (
    FULL,
    JOIN,
    OPEN_STATES,
    ROOM,
    SESSION,
    FakeServer,
    connect,
    in_state,
    member,
    send,
    sent_frame,
    sent_frames,
)

SAY = Say("1", "hello")


def test_a_client_who_means_another_room_is_refused_before_anybody_hears_of_it() -> None:
    """Two rooms of one host have one certificate, and a room may get the port that another one had."""
    connection = connect()
    (close,) = send(connection, msgspec.structs.replace(JOIN, room="0" * len(ROOM.id)))
    refused = sent_frame([close])
    assert isinstance(refused, Refused)
    assert refused.code == error_codes.OTHER_ROOM
    meant = msgspec.structs.replace(JOIN, room=ROOM.id)
    assert send(connect(), meant) == [AskRoom(meant)]


def test_look_is_answered_with_the_public_information() -> None:
    """Then the connection ends; the host gets no event."""
    connection = connect()
    (close,) = send(connection, Look(1))
    assert isinstance(close, Close)
    room = sent_frame([close])
    assert isinstance(room, RoomInfoFrame)
    assert (room.id, room.name, room.members, room.seats) == (ROOM.id, "Tea", 2, 5)
    assert connection.ended


@pytest.mark.parametrize(("session", "known"), [(None, None), (SESSION, True), ("other", False)])
def test_look_says_whether_a_session_is_known(session: str | None, known: bool | None) -> None:  # noqa: FBT001
    """A copy of the room does not know it. Nothing more is said to clients that do not ask."""
    (close,) = send(connect(), Look(1, session))
    assert isinstance(close, Close)
    room = sent_frame([close])
    assert isinstance(room, RoomInfoFrame)
    assert room.knows_session is known
    assert (b"knows_session" in close.data) == (session is not None)


def test_look_needs_no_password() -> None:
    """mDNS announces as much to everybody on the network."""
    assert isinstance(sent_frame(send(connect(has_password=True), Look(1))), RoomInfoFrame)


def test_join_asks_the_room() -> None:
    """With all fields of the client; the protocol does not decide who may join."""
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


def test_a_later_protocol_version_is_accepted() -> None:
    """Later versions are compatible with this one."""
    assert send(connect(), Join(99, "Ann")) == [AskRoom(Join(99, "Ann"))]


@pytest.mark.parametrize("frame", [SAY, Typing(), Rename("Anne")], ids=type)
def test_frames_of_a_member_are_posted_to_the_room(frame: Say | Typing | Rename) -> None:
    """With the size of the read, which limits the room's batch."""
    connection = member()
    assert send(connection, frame) == [PostToRoom([frame], len(encode(frame)))]
    assert connection.advance(0.0) == []


def test_frames_of_one_read_are_posted_together() -> None:
    """Of all types, and in order."""
    frames: list[RoomFrame] = [SAY, Typing(), Rename("Anne"), Say("2", "more")]
    assert send(member(), *frames) == [PostToRoom(frames, len(encode_all(frames)))]


def test_ping_is_answered_before_and_after_joining() -> None:
    """Either end may send it at any time; `pong` gets no answer."""
    for connection in (connect(), member()):
        assert sent_frames(send(connection, Ping(), Pong(), Ping())) == [Pong(), Pong()]


def test_leave_of_a_member_frees_its_seat() -> None:
    """Frames before it are posted first; frames after it are ignored."""
    connection = member()
    size = len(encode_all([SAY, Leave(), SAY, Ping()]))
    assert send(connection, SAY, Leave(), SAY, Ping()) == [PostToRoom([SAY], size)]
    assert connection.advance(0.0) == [LeaveRoom()]
    assert connection.ended


def test_leave_of_an_unjoined_client_closes() -> None:
    """The room does not know the client, so it gets no request."""
    connection = connect()
    assert send(connection, Leave(), Ping()) == [Close()]
    assert connection.ended


def test_frames_after_join_wait_for_the_room() -> None:
    """They are handled as a member's once the room has admitted the client."""
    connection = connect()
    frames: list[ClientFrame] = [JOIN, SAY, Ping(), Say("2", "more")]
    size = len(encode_all(frames))
    assert send(connection, *frames) == [AskRoom(JOIN)]
    assert connection.admit(5.0) == [PostToRoom([SAY], size)]
    pong, post = connection.advance(5.0)
    assert (sent_frame([pong]), post) == (Pong(), PostToRoom([Say("2", "more")], size))
    assert connection.advance(5.0) == []


def test_two_joins_in_one_read_are_one_member() -> None:
    """The second is handled after the answer to the first, and is a problem."""
    connection = connect()
    assert send(connection, JOIN, Join(1, "Bob"), SAY) == [AskRoom(JOIN)]
    problem, post = connection.admit(0.0)
    answer = sent_frame([problem])
    assert isinstance(answer, Problem)
    assert answer.code == error_codes.ALREADY_JOINED
    assert isinstance(post, PostToRoom)
    assert connection.name == "Ann"


def test_join_and_leave_in_one_read() -> None:
    """The client joins, its message is posted, and it leaves."""
    server = FakeServer(connect()).receive(encode_all([JOIN, SAY, Leave()]))
    assert server.log == [AskRoom(JOIN), SAY, LeaveRoom()]


def test_a_refusal_of_the_room() -> None:
    """It is the last frame; frames after the `join` are not handled."""
    connection = connect()
    send(connection, JOIN, SAY)
    assert connection.refuse(FULL) == [Close(encode(FULL))]
    assert connection.ended
    assert connection.advance(0.0) == []


def test_a_refusal_with_a_report() -> None:
    """The host gets the client's name."""
    connection = connect()
    send(connection, JOIN)
    assert connection.refuse(FULL, "joins too often") == [
        ReportRefusal("Ann", "joins too often"),
        Close(encode(FULL)),
    ]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
@pytest.mark.parametrize("state", OPEN_STATES)
def test_each_frame_in_each_state(state: ConnectionState, frame: ClientFrame) -> None:
    """A frame that is not allowed is answered with a problem, and changes nothing else."""
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
    """Later frames get no answer, and there is no deadline."""
    connection = in_state(ConnectionState.ENDED)
    assert send(connection, frame) == []
    assert connection.receive(b"", 0.0) == []
    assert connection.on_timeout(1_000.0) == []


def test_an_unknown_frame_is_a_problem() -> None:
    """It may be of a later version; the rest of the read is handled."""
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
    """The sender can tell which message failed."""
    answer = sent_frame(member().receive(b'{"type":"say","id":"5"}\n', 0.0))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.id) == (error_codes.BAD_FRAME, "5")


def test_a_problem_keeps_its_order() -> None:
    """The client gets its answers in the order of its frames."""
    server = FakeServer(member()).receive(encode(SAY) + b'{"type":"wave"}\n' + encode(Say("2", "x")))
    first, problem, second = server.log
    assert (first, isinstance(problem, Problem), second) == (SAY, True, Say("2", "x"))
