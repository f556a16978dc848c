"""Frames arrive by WebSocket however its bytes are split, and whatever else comes ends the connection."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, TextMessage

from messango.errors import RemoteProtocolError
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Joined, Leave, Message, Ping, Problem, Say
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.protocol.peer_codec import END_OF_STREAM
from messango.web.talk.websocket_frames import CloseCode, close_frame, pong
from messango.web.talk.websocket_reader import CONTROL_BURST
from tests.web.talk import websockets
from tests.web.talk.websockets import (
    BINARY,
    CONTINUATION,
    PING,
    PONG,
    Browser,
    client_frame,
    fragments,
    pieces,
)

LINE = encode(Say("1", "hi"))
WAVE = encode(Say("2", "👋 Büro"))
#: A message with a pong between its fragments.
BETWEEN = (
    client_frame(WAVE[:33], final=False) + client_frame(b"", PONG) + client_frame(WAVE[33:], CONTINUATION)
)
SOME_FRAMES = st.lists(
    st.one_of(
        st.just(client_frame(LINE)),
        st.just(client_frame(WAVE[:-1])),
        st.just(client_frame(LINE + WAVE)),
        st.just(fragments(WAVE[:30], WAVE[30:36], b"", WAVE[36:])),
        st.just(client_frame(b"mango", PING)),
        st.just(BETWEEN),
        st.just(client_frame(b'{"type":"sing","id":"7"}')),
        st.just(client_frame(b"x" * 300, BINARY)),
        st.just(client_frame(b"{")),
        st.just(client_frame(b"\xff")),
        st.just(fragments(b'"\xed\xa0', b"\x80")),
        st.just(client_frame(b" " * (MAX_FRAME_BYTES + 1))),
        st.just(websockets.close(1001)),
        st.binary(max_size=30),
    ),
    max_size=12,
)


@given(SOME_FRAMES, st.lists(st.integers(0, 200_000), max_size=30))
def test_splits_do_not_matter(parts: list[bytes], cuts: list[int]) -> None:
    """Any bytes give the same frames, answers and errors in one read as in many.

    Only of the read with an error, pings after it may be answered.
    """
    data = b"".join(parts)
    whole, cut = Browser(), Browser()
    frames, error = whole.send(data)
    cut_frames, cut_error = cut.send(*pieces(data, cuts))
    assert (cut_frames, str(cut_error)) == (frames, str(error))
    assert cut.replies == (whole.replies if error is None else whole.replies[: len(cut.replies)])
    assert cut.codec.final_bytes == whole.codec.final_bytes


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_garbage_gives_frames_or_an_error(reads: list[bytes]) -> None:
    """Nothing else, and the error stays."""
    browser = Browser()
    _, error = browser.send(*reads)
    if error is not None:
        assert str(error)
        assert browser.send(client_frame(LINE)) == ([], error)


TEXTS = st.text(max_size=60) | st.integers(1, 40_000).map("ü".__mul__)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_browser_reads_what_is_encoded(texts: list[str]) -> None:
    """One text message for each piece, with a frame on each line, then the close frame."""
    frames = encode_all([Message(n, str(n), "m1", 1.0, "Ann", text) for n, text in enumerate(texts)])
    codec = Browser().codec
    browser = Connection(ConnectionType.CLIENT)
    browser.receive_data(b"".join([*codec.encode(frames), codec.final_bytes]))
    *messages, end = browser.events()
    assert all(isinstance(message, TextMessage) for message in messages)
    text = "".join(message.data for message in messages if isinstance(message, TextMessage))
    assert text.encode() == frames[:-1]
    assert [json.loads(line)["text"] for line in text.split("\n")] == texts
    assert end == CloseConnection(1000, "")


def test_nothing_is_not_a_message() -> None:
    """A page could not decode an empty one."""
    assert Browser().codec.encode(b"") == ()


def test_encoding_is_quick() -> None:
    """It runs for each member and each broadcast."""
    encode_, frames = Browser().codec.encode, encode(Joined("Bob"))
    began_s = time.perf_counter()
    for _ in range(10_000):
        encode_(frames)
    assert time.perf_counter() - began_s < 1.0


def test_lines_of_a_message() -> None:
    """A message holds one or more frames, and the last newline may be missing."""
    browser = Browser()
    sent = client_frame(LINE + WAVE[:-1]) + client_frame(LINE)
    assert browser.send(sent) == ([Say("1", "hi"), Say("2", "👋 Büro"), Say("1", "hi")], None)
    assert browser.replies == []
    assert browser.codec.final_bytes == close_frame(CloseCode.NORMAL)


def test_an_unknown_frame_is_answered() -> None:
    """The message after it counts."""
    (problem, say), error = Browser().send(client_frame(b'{"type":"sing","id":"7"}\n' + LINE))
    assert isinstance(problem, Problem)
    assert (problem.id, say, error) == ("7", Say("1", "hi"), None)


def test_frames_before_an_error_count() -> None:
    """The error comes after them."""
    browser = Browser()
    assert browser.codec.decode(client_frame(LINE) + client_frame(b"", BINARY)) == [Say("1", "hi")]
    with pytest.raises(RemoteProtocolError, match="have to be text"):
        browser.codec.decode(b"")


def test_pings_are_answered() -> None:
    """Also between the fragments of a message, as often as messages come."""
    browser = Browser()
    message = client_frame(LINE[:9], final=False) + client_frame(b"a", PING)
    message += client_frame(LINE[9:], CONTINUATION)
    for _ in range(3 * CONTROL_BURST):
        assert browser.send(message) == ([Say("1", "hi")], None)
    assert browser.replies == [pong(b"a")] * (3 * CONTROL_BURST)


@pytest.mark.parametrize("frame", [websockets.close(1001, b"bye"), websockets.close(4000)])
def test_a_close_frame_is_answered_with_its_code(frame: bytes) -> None:
    """It is the end of the stream; later bytes are ignored."""
    browser = Browser()
    frames, error = browser.send(client_frame(LINE) + frame + client_frame(LINE), client_frame(LINE), b"\xff")
    assert (frames, error) == ([Say("1", "hi"), END_OF_STREAM], None)
    assert browser.replies == [b"\x88\x02" + browser_code(frame)]
    assert browser.codec.on_eof() == ()
    assert browser.codec.final_bytes == b"", "one close frame is enough"
    assert browser.codec.encode(LINE) == (), "nothing follows the close frame"


def browser_code(frame: bytes) -> bytes:
    """Return the bytes of the code in a browser's close frame."""
    return bytes(byte ^ mask for byte, mask in zip(frame[6:8], frame[2:4], strict=True))


def test_a_close_frame_without_a_code() -> None:
    """The answer has none either."""
    browser = Browser()
    assert browser.send(client_frame(b"", websockets.CLOSE)) == ([END_OF_STREAM], None)
    assert browser.replies == [b"\x88\x00"]


def test_a_burst_of_a_page_passes() -> None:
    """What it kept while it was away, and pings, in one read."""
    sent = b"".join(client_frame(encode(Say(str(n), "hi"))) for n in range(100))
    sent += client_frame(encode(Ping())) * 100 + client_frame(encode(Leave()))
    frames, error = Browser().send(sent)
    assert error is None
    assert frames == [*[Say(str(n), "hi") for n in range(100)], *[Ping()] * 100, Leave()]
