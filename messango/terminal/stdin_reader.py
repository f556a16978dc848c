"""Reads lines from a pipe in a thread of its own, because a blocked read can't be interrupted."""

from __future__ import annotations

import contextlib
import io
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from messango.protocol.limits import MAX_TEXT_CHARACTERS

#: The most messages without a receipt: enough to send without waiting for each receipt, few enough that a
#: file of any size needs little memory.
WINDOW_MESSAGES: Final = 200

#: The longest text with every character as an escaped surrogate pair (12 characters in JSON), and a margin.
#: A longer line is dropped while it is read, so that an endless one needs no memory either.
MAX_LINE_CHARACTERS: Final = 12 * MAX_TEXT_CHARACTERS + 4096


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line that is not blank; `number` counts from 1, `text` is None if the line is too long."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class InputEnded:
    """There are no more lines; `error` is a sentence if reading failed."""

    error: str = ""


class StdinReader:
    """Puts lines into a queue: at most `WINDOW_MESSAGES` for which `line_done` was not called yet."""

    def __init__(self, lines: TextIO, output_queue: queue.SimpleQueue[object]) -> None:
        self._lines = lines
        self._output_queue = output_queue
        self._window = threading.Semaphore(WINDOW_MESSAGES)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-stdin-reader", daemon=True)

    def start(self) -> None:
        """Start reading."""
        use_utf8(self._lines)
        self._thread.start()

    def line_done(self) -> None:
        """Allow one more line to be read. Any thread."""
        self._window.release()

    def close(self) -> None:
        """Stop reading. The thread is a daemon: it ends with its current read, which may never return."""
        self._closed.set()
        self._window.release()

    def _run(self) -> None:
        reason = ""
        try:
            for line in numbered_lines(self._lines):
                self._window.acquire()
                if self._closed.is_set():
                    return
                self._output_queue.put(line)
        except (OSError, ValueError) as error:  # ValueError: the file was closed meanwhile.
            reason = f"The input can't be read: {error}."
        self._output_queue.put(InputEnded(reason))


def numbered_lines(lines: TextIO) -> Iterator[LineRead]:
    """Yield the lines that are not blank, without line ends."""
    number = 0
    while line := lines.readline(MAX_LINE_CHARACTERS):
        number += 1
        if len(line) == MAX_LINE_CHARACTERS and not line.endswith("\n"):
            _skip_to_end(lines)
            yield LineRead(number, None)
        elif line.strip():
            yield LineRead(number, line.rstrip("\r\n"))


def _skip_to_end(lines: TextIO) -> None:
    while (more := lines.readline(MAX_LINE_CHARACTERS)) and not more.endswith("\n"):
        pass


def use_utf8(stream: TextIO) -> None:
    """Make a stream UTF-8, whatever the system's encoding is: messages must not depend on it.

    Invalid bytes become surrogates (PEP 383), so that they cost one line and not the rest of the input.
    """
    if isinstance(stream, io.TextIOWrapper):
        encoding = "utf-8-sig" if stream.readable() else "utf-8"  # PowerShell starts a pipe with a BOM.
        with contextlib.suppress(io.UnsupportedOperation):
            stream.reconfigure(encoding=encoding, errors="surrogateescape")
