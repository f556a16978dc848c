"""A browser's codecs in the connection of a client."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.connection.actions import AskRoom, ClientGone, Close, PostToRoom
from messango.protocol.connection.server_connection import ServerConnection
from messango.protocol.frames import Closed, Ping, Say
from messango.web.talk.event_stream_codec import EventStreamCodec
from messango.web.talk.websocket_codec import WebSocketCodec
from messango.web.talk.websocket_frames import CloseCode, close_frame
from tests.protocol.connections import JOIN, connect, sent_frame
from tests.web.talk import websockets
from tests.web.talk.websockets import BINARY, client_frame

SAY = Say("1", "hi")


def joined() -> tuple[ServerConnection, list[bytes]]:
    """Return the connection of a member by WebSocket, and where its answers to control frames go."""
    replies: list[bytes] = []
    connection = connect(WebSocketCodec(replies.append), rate_limit=20)
    assert connection.receive(client_frame(encode(JOIN)), 0.0) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == []
    return connection, replies


@pytest.mark.parametrize("before", [[], [SAY], [Ping()], [Ping(), SAY]])
def test_a_close_frame_ends_the_connection(before: list[Say | Ping]) -> None:
    """After the frames before it. The seat is kept as if the network had broken, for a page that reloads."""
    connection, replies = joined()
    actions = connection.receive(
        b"".join(map(client_frame, map(encode, before))) + websockets.close(1001), 1.0
    )
    while isinstance(actions[-1], PostToRoom):
        assert actions[-1].frames == [SAY]
        actions = connection.advance(1.0)
    assert actions[-1] == ClientGone()
    assert connection.ended
    assert replies == [close_frame(1001)]


def test_a_broken_websocket_is_told_why() -> None:
    """By the last frame, and by the code of the close frame after it."""
    connection, _ = joined()
    assert connection.final_bytes == close_frame(CloseCode.NORMAL)
    sent = client_frame(encode(SAY)) + client_frame(b"x", BINARY)
    assert connection.receive(sent, 1.0) == [PostToRoom([SAY], len(sent))]
    (close,) = connection.advance(1.0)
    assert isinstance(close, Close)
    closed = sent_frame([close])
    assert isinstance(closed, Closed)
    assert (closed.code, closed.reason) == (error_codes.PROTOCOL, "WebSocket messages have to be text.")
    assert closed.hint
    assert connection.final_bytes == close_frame(CloseCode.UNSUPPORTED_DATA)


def test_pings_wait_for_the_rate_limit() -> None:
    """So do all frames of a WebSocket: a flood of short ones costs no more than one of another client."""
    connection, _ = joined()
    read, reads = client_frame(encode(Ping())) * 200, 0
    while not connection.has_unprocessed_input:
        connection.receive(read, 1.0)
        reads += 1
    assert reads == 2


def test_an_event_stream_ends_with_its_last_chunk() -> None:
    """The posts hold lines, so that nothing else is different."""
    connection = connect(EventStreamCodec())
    assert connection.receive(encode(JOIN), 0.0) == [AskRoom(JOIN)]
    (chunk,) = connection.encode(encode(Closed("closing", "Bye.", "")))
    assert chunk.count(b"data: ") == 1
    assert server_frame_decoder().decode(chunk.split(b"data: ")[1].split(b"\n")[0] + b"\n") == [
        Closed("closing", "Bye.", "")
    ]
    assert connection.final_bytes == b"0\r\n\r\n"
