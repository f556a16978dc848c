"""What reads a browser's WebSocket, and what a browser reads from the server."""

from __future__ import annotations

from typing import Final

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Event, Pong, TextMessage

from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Join, Message, Ping, Say
from messango.web.talk.event_stream_codec import EventStreamCodec
from messango.web.talk.websocket_reader import MAX_FRAMES_PER_READ
from tests.hostile.parser import Parser
from tests.web.talk import websockets
from tests.web.talk.event_streams import read_events
from tests.web.talk.websockets import CONTINUATION, PING, PONG, Browser, client_frame, fragments

_SAY: Final = encode(Say("1", "hello 🥭"))

_WEBSOCKETS: Final = (
    client_frame(encode(Join(1, "Ann"))) + client_frame(_SAY),
    client_frame(_SAY + encode(Ping())) + websockets.close(1001, "bye 🥭".encode()),
    fragments(_SAY[:20], b"", _SAY[20:]) + client_frame(b"mango", PING),
    client_frame(_SAY[:9], final=False) + client_frame(b"", PONG) + client_frame(_SAY[9:], CONTINUATION),
    client_frame(_SAY, mask=b"\0\0\0\0") * 3,
    client_frame(b" " * 66_000 + _SAY),
    client_frame(b"", PING) * 40,
    client_frame(b"") * 40,
)
_MESSAGES: Final = (_SAY, _SAY + encode(Ping()), encode(Join(1, "Büro", "s" * 32, 7)))
_TEXTS: Final = (b"a\r\ndata: b\n\nevent: c", b"0\r\n\r\n", "🥭\u2028\x85\0".encode(), b"\x88\x02\x03\xe8")


def check_websocket(data: bytes) -> None:
    """Bytes give the same frames, answers and end in one read as in two; our answers can be read."""
    whole, cut, middle = Browser(), Browser(), len(data) // 3
    frames, error = whole.send(data)
    assert len(whole.replies) <= MAX_FRAMES_PER_READ
    assert error is None or (str(error).endswith(".") and error.hint)
    cut_frames, cut_error = cut.send(data[:middle], data[middle:])
    assert (cut_frames, cut_error is None) == (frames, error is None)
    assert cut.replies == (whole.replies if error is None else whole.replies[: len(cut.replies)])
    *answers, end = browser_events(b"".join([*whole.replies, whole.codec.final_bytes]))
    assert isinstance(end, CloseConnection)
    assert all(isinstance(answer, Pong | CloseConnection) for answer in answers)


def check_websocket_message(data: bytes) -> None:
    """Whatever a message holds gives frames or an error, fragmented or not."""
    step = len(data) // 3 + 1
    pieces = [data[start : start + step] for start in range(0, len(data), step)] or [b""]
    frames, error = Browser().send(client_frame(data, mask=b"\0\0\0\0"))
    cut_frames, cut_error = Browser().send(fragments(*pieces))
    assert (cut_frames, cut_error is None) == (frames, error is None)


def check_what_a_browser_reads(data: bytes) -> None:
    """No text of a member ends an event, a chunk or a message, or adds one."""
    text = data[:9_000].decode(errors="replace")
    sent = encode_all(
        [Message(1, "1", "m1", 1.7e9, text[:20], text), Message(2, "2", "m1", 1.7e9, "Bob", "hi")]
    )
    wanted = sent.decode()[:-1]
    assert read_events(b"".join(EventStreamCodec().encode(sent))) == ([wanted], False)
    codec = Browser().codec
    message, end = browser_events(b"".join([*codec.encode(sent), codec.final_bytes]))
    assert message == TextMessage(wanted)
    assert end == CloseConnection(1000, "")


def browser_events(sent: bytes) -> list[Event]:
    """Return what a browser reads."""
    browser = Connection(ConnectionType.CLIENT)
    browser.receive_data(sent)
    return [*browser.events()]


def talk_parsers() -> list[Parser]:
    """Return the parsers of what travels between the server and the page."""
    return [
        Parser("WebSocket bytes", 0.04, _WEBSOCKETS, check_websocket),
        Parser("WebSocket messages", 0.03, _MESSAGES, check_websocket_message),
        Parser("what a browser reads", 0.02, _TEXTS, check_what_a_browser_reads),
    ]
