"""The end of a connection: by bytes that are not a frame, the end of the stream, or the server."""

from __future__ import annotations

import pytest

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.connection.actions import (
    AskRoom,
    ClientGone,
    Close,
    PostToRoom,
    ReportRefusal,
)
from messango.protocol.connection.states import ConnectionState
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
from tests.protocol.connections import (
    FULL,
    JOIN,
    OPEN_STATES,
    FakeServer,
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
    """The host gets the reason; frames before the bytes are handled, frames after them are not."""
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
    """Frames before them are posted first, even if they came together with the `join`."""
    data = encode(SAY) + wrong + encode(Say("2", "x"))
    for server in (FakeServer(member()).receive(data), FakeServer(connect()).receive(encode(JOIN) + data)):
        sent, closed = server.log[-2:]
        assert sent == SAY
        assert isinstance(closed, Closed)
        assert (closed.code, bool(closed.reason)) == (error_codes.PROTOCOL, True)
        assert server.connection.ended
        assert server.receive(encode(SAY)).posted == [SAY]


@pytest.mark.parametrize("state", OPEN_STATES)
@pytest.mark.parametrize("half", [b"", b'{"type":'])
def test_the_end_of_the_stream(state: ConnectionState, half: bytes) -> None:
    """A JSON client may resume its session, so its seat is kept."""
    connection = in_state(state)
    if half:
        connection.receive(half, 0.0)
    assert connection.receive(b"", 0.0) == [ClientGone()]
    assert connection.ended


def test_the_end_of_the_stream_of_the_original_client() -> None:
    """It can't resume, so it has left; its last message is posted first."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(b"joined:AnnAnn: hello and goodbye", 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == []
    assert connection.receive(b"", 0.0) == [PostToRoom([Say("1", "hello and goodbye")], 0)]
    assert connection.advance(0.0) == [ClientGone("left")]
    assert connection.ended


def test_the_end_of_the_stream_after_the_name() -> None:
    """The end of the stream ends the name; the client joins and leaves."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(b"joined:Ann", 0.0) == []
    assert connection.receive(b"", 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == [ClientGone("left")]


@pytest.mark.parametrize("sent", [b"j", b"joined:"])
def test_the_end_of_the_stream_before_the_format_is_known(sent: bytes) -> None:
    """Half a prefix is ignored; the room refuses an empty name."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert connection.receive(sent, 0.0) == []
    actions = connection.receive(b"", 0.0)
    assert actions == ([ClientGone("left")] if sent == b"j" else [AskRoom(Join(1, ""))])


def test_an_unknown_format_is_refused() -> None:
    """Later bytes are not handled."""
    connection = connect(DetectingCodec(), encrypted=False)
    report, close = connection.receive(b"GET / HTTP/1.1\r\n\r\n", 0.0)
    assert isinstance(report, ReportRefusal)
    assert isinstance(sent_frame([close]), Refused)
    assert connection.receive(b"joined:Ann\n", 0.0) == []


def test_json_without_encryption() -> None:
    """The client gets JSON, and may resume its session."""
    connection = connect(DetectingCodec(), encrypted=False)
    assert send(connection, JOIN) == [AskRoom(JOIN)]
    connection.admit(0.0)
    assert connection.uses_json
    assert connection.receive(b"", 0.0) == [ClientGone()]


def test_fail_is_refused_or_closed() -> None:
    """Other violations of the protocol end the connection in the same way."""
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
    """Only after a `join`, and once: otherwise it is the server's error."""
    with pytest.raises(LocalProtocolError):
        in_state(state).admit(0.0)


def test_a_connection_ends_once() -> None:
    """No frame follows the last one."""
    with pytest.raises(LocalProtocolError):
        in_state(ConnectionState.ENDED).refuse(FULL)
    with pytest.raises(LocalProtocolError):
        in_state(ConnectionState.ENDED).fail(RemoteProtocolError("x"))


def test_encode_works_in_every_state() -> None:
    """For any thread: JSON stays JSON, and the original client gets text."""
    assert connect().encode(encode(Pong())) == (encode(Pong()),)
    original = connect(DetectingCodec(), encrypted=False)
    (text,) = original.encode(encode(FULL))
    assert text.decode().startswith("* “Tea” is full.")
