"""What no page sends ends a WebSocket, with a sentence, early and with little work."""

from __future__ import annotations

import time

import pytest

from messango.protocol.codec import encode
from messango.protocol.frames import Say
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.web.talk.websocket_frames import CloseCode
from messango.web.talk.websocket_reader import CONTROL_BURST, MAX_FRAGMENTS, MAX_FRAMES_PER_READ
from tests.web.talk import websockets
from tests.web.talk.websocket_floods import HOSTILE_FRAMES, hostile_read
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


def refused(*reads: bytes) -> tuple[str, int]:
    """Return the sentence and the close code with which these reads are refused, with no frame before."""
    browser = Browser()
    frames, error = browser.send(*reads)
    assert frames == []
    assert error is not None
    assert browser.send(client_frame(LINE)) == ([], error)
    assert error.hint
    final = browser.codec.final_bytes
    assert final[:2] == b"\x88\x02"
    return str(error), int.from_bytes(final[2:], "big")


@pytest.mark.parametrize(
    ("sent", "words", "code"),
    [
        (client_frame(b"x", BINARY), "have to be text", CloseCode.UNSUPPORTED_DATA),
        (client_frame(LINE, mask=b""), "unmasked", CloseCode.PROTOCOL_ERROR),
        (client_frame(LINE, bits=0x40), "Reserved bit", CloseCode.PROTOCOL_ERROR),
        (client_frame(LINE, 0x3), "opcode", CloseCode.PROTOCOL_ERROR),
        (client_frame(LINE, CONTINUATION), "CONTINUATION", CloseCode.PROTOCOL_ERROR),
        (client_frame(LINE, final=False) + client_frame(LINE), "CONTINUATION", CloseCode.PROTOCOL_ERROR),
        (client_frame(b"", PING, final=False), "fragment", CloseCode.PROTOCOL_ERROR),
        (client_frame(b"x" * 126, PING), "125", CloseCode.PROTOCOL_ERROR),
        (websockets.close(999), "CLOSE", CloseCode.PROTOCOL_ERROR),
        (websockets.close(1000, b"\xff"), "not valid UTF-8", CloseCode.INVALID_TEXT),
        (client_frame(b'{"type":"say","id":"1","text":"\xff"}'), "not valid UTF-8", CloseCode.INVALID_TEXT),
        (client_frame(b'"\xed\xa0\x80"'), "not valid UTF-8", CloseCode.INVALID_TEXT),
        (client_frame(b" " * (MAX_FRAME_BYTES + 1)), "longer than 65,536", CloseCode.TOO_BIG),
        (fragments(*[LINE * 100] * 20), "longer than 65,536", CloseCode.TOO_BIG),
        (fragments(*[b""] * (MAX_FRAGMENTS + 1)), "64 fragments", CloseCode.POLICY_VIOLATION),
        (client_frame(b"hello"), "not a frame", CloseCode.POLICY_VIOLATION),
        (client_frame(b""), "not a frame", CloseCode.POLICY_VIOLATION),
        (client_frame(b"", PING) * (CONTROL_BURST + 1), "control frames", CloseCode.POLICY_VIOLATION),
        (client_frame(b"", PONG) * (CONTROL_BURST + 1), "control frames", CloseCode.POLICY_VIOLATION),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(sent: bytes, words: str, code: CloseCode) -> None:
    """With a sentence and the code for the close frame, in one read as in many."""
    for reads in ([sent], pieces(sent, [*range(0, len(sent), 7)])):
        reason, sent_code = refused(*reads)
        assert words in reason
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert sent_code == code


def test_a_long_message_is_not_collected() -> None:
    """It is refused as soon as too much of it came, not at its end."""
    began = client_frame(b" " * 1_000_000)[: MAX_FRAME_BYTES + 20]
    assert "longer than 65,536" in refused(began)[0]


@pytest.mark.parametrize("name", HOSTILE_FRAMES)
def test_a_read_of_tiny_frames_ends_early(name: str) -> None:
    """It costs the thread that reads no more than some hundred frames, and ends the connection."""
    quickest_s = min(read_s(hostile_read(name)) for _ in range(5))
    assert quickest_s < 0.05  # A few milliseconds, on a computer that does nothing else.


def read_s(read: bytes) -> float:
    """Return how long this read takes, all of which must be refused."""
    browser = Browser()
    # Of this thread alone, since others may be at work.
    began_s = time.thread_time()
    frames, error = browser.send(read)
    took_s = time.thread_time() - began_s
    assert error is not None
    assert len(frames) <= MAX_FRAMES_PER_READ
    assert len(browser.replies) <= CONTROL_BURST
    return took_s
