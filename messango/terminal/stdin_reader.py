"""Reads the lines that a pipe brings, in a thread of its own: a blocked read can't be woken."""

from __future__ import annotations

import contextlib
import io
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from messango.protocol.limits import MAX_TEXT_CHARACTERS

#: So many messages are under way at most: enough that none waits for the one before it to come back,
#: few enough that a file of any size costs no memory.
WINDOW_MESSAGES: Final = 200

#: The longest text with each character as an escaped pair (12 in JSON), and some room. A line over this
#: is thrown away as it comes, so that one without an end costs no memory either.
MAX_LINE_CHARACTERS: Final = 12 * MAX_TEXT_CHARACTERS + 4096


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line that is not blank, with its number from 1; `text` is None for one that is far too long."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class InputEnded:
    """No more lines; `error` says why in a sentence where it is not just the end."""

    error: str = ""


class StdinReader:
    """Puts lines in a queue, never more than `WINDOW_MESSAGES` that are not `line_done` with."""

    def __init__(self, lines: TextIO, output_queue: queue.SimpleQueue[object]) -> None:
        self._lines = lines
        self._output_queue = output_queue
        self._window = threading.Semaphore(WINDOW_MESSAGES)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-stdin-reader", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        use_utf8(self._lines)
        self._thread.start()

    def line_done(self) -> None:
        """Say that a line is done with; any thread."""
        self._window.release()

    def close(self) -> None:
        """Take no more lines. The thread ends with the read it is in, which may be never: it is a daemon."""
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
        except (OSError, ValueError) as error:  # ValueError: closed while we read.
            reason = f"The input can't be read: {error}."
        self._output_queue.put(InputEnded(reason))


def numbered_lines(lines: TextIO) -> Iterator[LineRead]:
    """Yield the lines that are not blank, without their ends."""
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
    """Read and write UTF-8 whatever the system's own encoding: what is sent must not depend on it.

    Bytes that are no UTF-8 become surrogates (PEP 383), so that they cost one line and not the rest.
    """
    if isinstance(stream, io.TextIOWrapper):
        encoding = "utf-8-sig" if stream.readable() else "utf-8"  # PowerShell begins a pipe with a mark.
        with contextlib.suppress(io.UnsupportedOperation):
            stream.reconfigure(encoding=encoding, errors="surrogateescape")
