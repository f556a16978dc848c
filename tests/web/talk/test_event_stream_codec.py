"""What an event stream holds is what a browser reads from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import RemoteProtocolError
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Joined, Message, Say
from messango.web.talk.event_stream_codec import EventStreamCodec
from tests.web.talk.event_streams import read_events

TEXTS = st.lists(st.text(max_size=60), min_size=1, max_size=4)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_a_browser_reads_what_is_encoded(pieces: list[list[str]]) -> None:
    """One event for each piece, with a frame on each line."""
    sent = [
        encode_all([Message(n, str(n), "m1", 1.0, "Ann", text) for n, text in enumerate(texts)])
        for texts in pieces
    ]
    codec = EventStreamCodec()
    stream = b"".join(chunk for frames in sent for chunk in codec.encode(frames))
    assert read_events(stream) == ([frames.decode()[:-1] for frames in sent], False)
    assert read_events(stream + codec.final_bytes)[1]


def test_nothing_is_not_the_end() -> None:
    """A chunk without bytes would end the response."""
    assert EventStreamCodec().encode(b"") == ()


def test_each_piece_is_sent_undivided() -> None:
    """One chunk, so that two threads' pieces can't mix."""
    assert EventStreamCodec().encode(encode(Joined("Bob"))) == (
        b'26\r\ndata: {"type":"joined","name":"Bob"}\n\n\r\n',
    )


def test_posts_hold_lines() -> None:
    """As every other client's, however they are split."""
    codec = EventStreamCodec()
    assert codec.decode(encode(Say("1", "hi"))[:9]) == []
    assert codec.decode(encode(Say("1", "hi"))[9:]) == [Say("1", "hi")]
    with pytest.raises(RemoteProtocolError):
        codec.decode(b"{no frame}\n")
