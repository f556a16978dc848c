"""Reads lines from a pipe in a thread of its own, because a blocked read can't be interrupted."""

from __future__ import annotations

import codecs
import contextlib
import io
import queue
import re
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

#: What invalid bytes become when they are read (PEP 383).
_INVALID_BYTES: Final = re.compile("[\udc80-\udcff]+")

_UTF16_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
            detect_encoding(self._lines)
            for line in numbered_lines(self._lines):
                self._window.acquire()
                if self._closed.is_set():
                    return
                self._output_queue.put(line)
        except (OSError, ValueError) as error:  # ValueError: the file was closed meanwhile.
            reason = f"The input can't be read ({getattr(error, 'strerror', None) or error})."
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
    """Make an output UTF-8, whatever the system's encoding is: messages must not depend on it."""
    _set_encoding(stream, "utf-8", "surrogateescape")


def detect_encoding(stream: TextIO) -> None:
    """Read an input as UTF-8, or as UTF-16 if it begins with that BOM, as files of Windows may.

    A BOM is removed. Invalid bytes in UTF-8 become surrogates (PEP 383): see `replace_invalid`. Waits for
    the first byte; raises `OSError`.
    """
    if _first_bytes(stream) in _UTF16_BOMS:
        _set_encoding(stream, "utf-16", "replace")
    else:
        _set_encoding(stream, "utf-8-sig", "surrogateescape")


def replace_invalid(line: str) -> str:
    """Return the line with U+FFFD in place of invalid bytes; the same object if there are none."""
    return _INVALID_BYTES.sub(_replacement, line) if _INVALID_BYTES.search(line) else line


def _replacement(match: re.Match[str]) -> str:
    # One U+FFFD for a truncated character, not one for each of its bytes.
    return match[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _first_bytes(stream: TextIO) -> bytes:
    buffer = getattr(stream, "buffer", None)
    return buffer.peek(2)[:2] if isinstance(buffer, io.BufferedReader) else b""


def _set_encoding(stream: TextIO, encoding: str, errors: str) -> None:
    if isinstance(stream, io.TextIOWrapper):
        with contextlib.suppress(io.UnsupportedOperation):
            stream.reconfigure(encoding=encoding, errors=errors)
            if stream.readable():
                # Lines end with LF on every system: a lone CR, as in a progress bar, is part of a message.
                stream.reconfigure(newline="\n")
