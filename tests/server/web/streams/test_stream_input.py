"""What waits for an event stream, and the socket that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.server.web.streams.stream_input import MAX_WAITING_BYTES, StreamInput
from messango.transport.poll import wait_ready


@pytest.fixture
def stream_input() -> Iterator[StreamInput]:
    opened = StreamInput()
    yield opened
    opened.close()


def is_readable(stream_input: StreamInput) -> bool:
    return wait_ready(stream_input.reader, 0.001, reading=True)


def test_input_is_taken_in_order(stream_input: StreamInput) -> None:
    """All that waits at once; the socket is readable as long as something does."""
    assert stream_input.take() is None
    assert not is_readable(stream_input)
    for data in (b"a\n", b"", b"b\n"):
        assert stream_input.put(data)
    assert is_readable(stream_input)
    assert stream_input.take() == b"a\nb\n"
    assert stream_input.take() is None
    assert not is_readable(stream_input)
    stream_input.put(b"c\n")
    assert is_readable(stream_input)


def test_no_more_than_the_limit_waits(stream_input: StreamInput) -> None:
    """What does not fit is refused as a whole."""
    assert stream_input.put(b"x" * MAX_WAITING_BYTES)
    assert not stream_input.put(b"y")
    assert stream_input.put(b"")
    stream_input.take()
    assert stream_input.put(b"y")
    assert stream_input.take() == b"y"


def test_the_end_comes_after_the_input(stream_input: StreamInput) -> None:
    """And shows in the socket, for good."""
    stream_input.put(b"a\n")
    stream_input.end()
    stream_input.end()
    assert not stream_input.put(b"b\n")
    assert is_readable(stream_input)
    assert stream_input.take() == b"a\n"
    for _ in range(2):
        assert is_readable(stream_input)
        assert stream_input.take() == b""


def test_nothing_comes_after_the_close(stream_input: StreamInput) -> None:
    """A post that is late gets to know it."""
    stream_input.close()
    stream_input.close()
    assert not stream_input.put(b"a\n")
    stream_input.end()
    assert stream_input.take() == b""
