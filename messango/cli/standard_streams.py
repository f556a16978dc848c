"""Standard input, output and error, also where a service manager or a shell has closed them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

from messango.protocol.text.escaping import safe_line


class Output(io.TextIOWrapper):
    """Standard output: `error` is the first error of writing to it, or None."""

    error: OSError | None = None

    def write(self, text: str) -> int:
        """Write, and remember an error; raises `OSError`."""
        try:
            return super().write(text)
        except OSError as error:
            self.error = self.error or error
            raise

    def flush(self) -> None:
        """Flush, and remember an error; raises `OSError`."""
        try:
            super().flush()
        except OSError as error:
            self.error = self.error or error
            raise


class ErrorOutput(Output):
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
    for descriptor in (0, 1, 2):
        if not _is_open(descriptor):
            _open_null(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (stays open)
    sys.stdout = _wrap(sys.stdout, 1, Output)
    sys.stderr = _wrap(sys.stderr, 2, ErrorOutput)


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


def _wrap(stream: TextIO | None, descriptor: int, kind: type[Output]) -> TextIO:
    """Return a stream of this kind in place of Python's, which is None if it was closed at the start."""
    if stream is None:
        buffer = open(descriptor, "wb", closefd=False)  # noqa: SIM115 (stays open)
        return kind(buffer, encoding="utf-8", errors="replace")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    return kind(
        # Python keeps its own stream too, as `sys.__stdout__`, so the buffer stays open.
        stream.buffer,
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def flush_output() -> OSError | None:
    """Write what waits in the buffer of standard output; return why that failed, or None."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _discard_output()
        return error
    return None


def output_error() -> OSError | None:
    """Return the first error of writing to standard output, or None."""
    return sys.stdout.error if isinstance(sys.stdout, Output) else None


def _discard_output() -> None:
    """Make standard output the null device; what waits in its buffer goes there too."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        sys.stdout.flush()


def write_error(sentence: str) -> None:
    """Write a sentence to standard error, on one line: names from other people may be in it."""
    sys.stderr.write(f"messango: {safe_line(sentence)}\n")
    sys.stderr.flush()
