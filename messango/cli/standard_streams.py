"""Standard input, output and error, also where a service manager or a shell has closed them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


class ErrorOutput(io.TextIOWrapper):
    """Standard error. What can't be written there can't be said anywhere, so it stops nothing."""

    def write(self, text: str) -> int:
        """Write as far as possible."""
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Flush as far as possible."""
        with contextlib.suppress(OSError):
            super().flush()


def open_standard_streams() -> None:
    """Make the three standard streams usable, whatever the process was started with.

    A closed one becomes the null device; otherwise the next file or socket would get its number, and with it
    what is printed. A character that the encoding of an output lacks becomes a question mark.
    """
    closed = [descriptor for descriptor in (0, 1, 2) if not _is_open(descriptor)]
    for descriptor in closed:
        _open_null(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (stays open)
    sys.stdout = _output(sys.stdout, 1)
    sys.stderr = _error_output(_output(sys.stderr, 2))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _open_null(descriptor: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if null != descriptor:
        os.dup2(null, descriptor)
        os.close(null)
    os.set_inheritable(descriptor, True)


def _output(stream: TextIO | None, descriptor: int) -> TextIO:
    """Return the stream; Python has none for a descriptor that was closed when it started."""
    if stream is None:
        return open(descriptor, "w", encoding="utf-8", errors="replace", closefd=False)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def _error_output(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    encoding, errors = stream.encoding, stream.errors
    # Python keeps the stream that it has made; ours would close its buffer when it is collected.
    buffer = stream.buffer if stream is sys.__stderr__ else stream.detach()
    return ErrorOutput(buffer, encoding=encoding, errors=errors, line_buffering=True, write_through=True)


def discard_output() -> None:
    """Make standard output the null device; what waits in its buffer goes there too."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
        sys.stdout.flush()


def write_error(sentence: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(f"messango: {sentence}\n")
    sys.stderr.flush()
