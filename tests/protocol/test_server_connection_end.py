"""How a connection ends: by bytes that are not a frame, by the end of the stream, by the server."""

from __future__ import annotations

import pytest

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.actions import (
    AskRoom,
    ClientGone,
    Close,
    PostToRoom,
    ReportRefusal,
)
from messango.protocol.codec import encode
from messango.protocol.frames import (
    Closed,
    Join,
    Ping,
    Pong,
    Refused,
    Say,
)
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.protocol.peer_codec import DetectingCodec
from messango.protocol.states import ConnectionState
from tests.protocol.connections import (
    FULL,
    JOIN,
    OPEN_STATES,
    Course,
    connect,
    in_state,
    member,
    send,
    sent_frame,
)

SAY = Say("1", "hello")

NOT_A_FRAME = [b"x" * MAX_FRAME_BYTES, b"GET / HTTP/1.1\r\n\r\n", b"\n", b"\xff\n", b"[1]\n", b'{"type":3}\n']
NOT_A_FRAME_IDS = ["too long", "HTTP", "empty line", "not UTF-8", "not an object", "type not a text"]


@pytest.mark.parametrize("wrong", NOT_A_FRAME, ids=NOT_A_FRAME_IDS)
def test_bytes_that_are_not_a_frame_refuse_an_unjoined_client(wrong: bytes) -> None:
    """With a sentence, which the host reads too; frames before it are handled, frames after it are not."""
    connection = connect()
    pong, report, close = connection.receive(encode(Ping()) + wrong + encode(JOIN), 0.0)
    assert sent_frame([pong]) == Pong()
    refused = sent_frame([close])
    assert isinstance(refused, Refused)
    assert (refused.code, bool(refused.hint)) == (error_codes.PROTOCOL, True)
    assert report == ReportRefusal("", refused.reason)
    assert connection.receive(encode(JOIN), 0.0) == []


@pytest.mark.parametrize("wrong", NOT_A_FRAME, ids=NOT_A_FRAME_IDS)
def test_bytes_that_are_not_a_frame_close_a_members_connection(wrong: bytes) -> None:
    """What was sent before goes to the room first, also where it came together with the `join`."""
    data = encode(SAY) + wrong + encode(Say("2", "x"))
    for course in (Course(member()).receive(data), Course(connect()).receive(encode(JOIN) + data)):
        said, closed = course.log[-2:]
        assert said == SAY
        assert isinstance(closed, Closed)
        assert (closed.code, bool(closed.reason)) == (error_codes.PROTOCOL, True)
        assert course.connection.ended
        assert course.receive(encode(SAY)).posted == [SAY]


@pytest.mark.parametrize("state", OPEN_STATES)
@pytest.mark.parametrize("half", [b"", b'{"type":'])
def test_the_end_of_the_stream(state: ConnectionState, half: bytes) -> None:
    """A client with frames may resume its session, so it is not gone for good."""
    connection = in_state(state)
    if half:
        connection.receive(half, 0.0)
    assert connection.receive(b"", 0.0) == [ClientGone()]
    assert connection.ended


def test_the_end_of_the_stream_of_the_original_client() -> None:
    """It can't come back, so it has left; its last message, which nothing else ended, is posted first."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(b"joined:AnnAnn: hello and goodbye", 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == []
    assert connection.receive(b"", 0.0) == [PostToRoom([Say("1", "hello and goodbye")], 0)]
    assert connection.advance(0.0) == [ClientGone("left")]
    assert connection.ended


def test_the_original_client_ends_the_stream_with_its_name() -> None:
    """The end of the stream ends the name; the client joins, and is gone."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(b"joined:Ann", 0.0) == []
    assert connection.receive(b"", 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == [ClientGone("left")]


@pytest.mark.parametrize("said", [b"j", b"joined:"])
def test_a_client_that_ends_before_it_has_said_what_it_speaks(said: bytes) -> None:
    """Nothing comes of half a word; an empty name is the room's to refuse."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(said, 0.0) == []
    actions = connection.receive(b"", 0.0)
    assert actions == ([ClientGone("left")] if said == b"j" else [AskRoom(Join(1, ""))])


def test_what_is_neither_a_frame_nor_the_original_client() -> None:
    """It is refused, and nothing that follows is handled."""
    connection = connect(DetectingCodec(), encrypted=False)
    report, close = connection.receive(b"GET / HTTP/1.1\r\n\r\n", 0.0)
    assert isinstance(report, ReportRefusal)
    assert isinstance(sent_frame([close]), Refused)
    assert connection.receive(b"joined:Ann\n", 0.0) == []


def test_frames_without_encryption() -> None:
    """A client that frames but does not encrypt is answered in frames, and may resume."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert send(connection, JOIN) == [AskRoom(JOIN)]
    connection.admit(0.0)
    assert connection.uses_json
    assert connection.receive(b"", 0.0) == [ClientGone()]


def test_fail_is_refused_or_closed() -> None:
    """What else breaks the protocol ends the connection the same way."""
    error = RemoteProtocolError("That is wrong.", "Do it right.")
    joining = connect()
    send(joining, JOIN)
    assert joining.fail(error) == [
        ReportRefusal("Ann", "That is wrong."),
        Close(encode(Refused(error_codes.PROTOCOL, "That is wrong.", "Do it right."))),
    ]
    assert member().fail(error) == [
        Close(encode(Closed(error_codes.PROTOCOL, "That is wrong.", "Do it right.")))
    ]


@pytest.mark.parametrize("state", [*OPEN_STATES, ConnectionState.ENDED])
def test_a_client_that_did_not_ask_is_not_admitted(state: ConnectionState) -> None:
    """One welcome a connection, and only after a `join`: anything else is the server's mistake."""
    with pytest.raises(LocalProtocolError):
        in_state(state).admit(0.0)


def test_a_connection_ends_once() -> None:
    """The last frame is the last."""
    with pytest.raises(LocalProtocolError):
        in_state(ConnectionState.ENDED).refuse(FULL)
    with pytest.raises(LocalProtocolError):
        in_state(ConnectionState.ENDED).fail(RemoteProtocolError("x"))


def test_sending_is_free_of_the_state() -> None:
    """Any thread may encode for the client: frames stay frames, and the original client reads text."""
    assert connect().encode(encode(Pong())) == (encode(Pong()),)
    original = connect(DetectingCodec(), encrypted=False)
    (text,) = original.encode(encode(FULL))
    assert text.decode().startswith("* “Tea” is full.")
