"""Lines from a pipe, a bounded number at a time."""

from __future__ import annotations

import io
import os
import queue

import pytest

from messango.terminal.pipe.stdin_reader import (
    MAX_LINE_CHARACTERS,
    WINDOW_MESSAGES,
    InputEnded,
    LineRead,
    StdinReader,
    detect_encoding,
    numbered_lines,
)

_WAIT_S = 10.0


def test_lines_have_their_numbers() -> None:
    """Blank lines are skipped but counted; line ends of both kinds are removed, leading blanks stay."""
    lines = io.StringIO("one\n\n  two\r\n \t \nlast", newline="")
    assert list(numbered_lines(lines)) == [LineRead(1, "one"), LineRead(3, "  two"), LineRead(5, "last")]


def test_an_endless_line_is_dropped_while_it_is_read() -> None:
    """The next line is read as usual."""
    lines = io.StringIO("x" * (3 * MAX_LINE_CHARACTERS + 7) + "\nnext\n" + "y" * MAX_LINE_CHARACTERS)
    assert list(numbered_lines(lines)) == [LineRead(1, None), LineRead(2, "next"), LineRead(3, None)]


def test_invalid_utf8_does_not_end_the_input() -> None:
    """The bytes become surrogates, and a BOM is removed."""
    stream = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfgr\xc3\xbc\xc3\x9f\n\xff\nend\n"), encoding="latin-1")
    detect_encoding(stream)
    assert [line.text for line in numbered_lines(stream)] == ["grüß", "\udcff", "end"]


def test_no_more_than_the_window_is_read_ahead() -> None:
    """The reader waits for `line_done`, so a huge file needs little memory."""
    output_queue: queue.SimpleQueue[object] = queue.SimpleQueue()
    reader = StdinReader(io.StringIO("line\n" * (WINDOW_MESSAGES + 1)), output_queue)
    reader.start()
    for number in range(1, WINDOW_MESSAGES + 1):
        assert output_queue.get(timeout=_WAIT_S) == LineRead(number, "line")
    with pytest.raises(queue.Empty):
        output_queue.get(timeout=0.05)
    reader.line_done()
    assert output_queue.get(timeout=_WAIT_S) == LineRead(WINDOW_MESSAGES + 1, "line")
    assert output_queue.get(timeout=_WAIT_S) == InputEnded()
    reader.close()


def test_closing_ends_a_waiting_reader() -> None:
    """No thread is left behind."""
    reader = StdinReader(io.StringIO("line\n" * (WINDOW_MESSAGES + 9)), queue.SimpleQueue())
    reader.start()
    reader.close()
    reader.close()


def test_a_read_error_is_reported() -> None:
    """A folder as standard input, say."""
    reading, writing = os.pipe()
    os.close(reading)
    output_queue: queue.SimpleQueue[object] = queue.SimpleQueue()
    with open(writing, encoding="utf-8", mode="w") as no_input:  # noqa: PTH123 (a descriptor)
        reader = StdinReader(no_input, output_queue)
        reader.start()
        ended = output_queue.get(timeout=_WAIT_S)
    assert isinstance(ended, InputEnded)
    assert "can't be read" in ended.error
    reader.close()
