"""Standard streams that are closed or full."""

from __future__ import annotations

import io
import os

from messango.cli.standard_streams import ErrorOutput


class _Full(io.RawIOBase):
    """A file on a full disk."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:  # noqa: ARG002 (the base class names it)
        raise OSError(28, os.strerror(28))


def test_an_error_output_that_is_full_stops_nothing() -> None:
    """There is nowhere else to say it."""
    output = ErrorOutput(io.BufferedWriter(_Full()), encoding="utf-8", write_through=True)
    assert output.write("a sentence\n") == 11
    output.flush()


def test_an_error_output_writes() -> None:
    """As any other, if it can."""
    written = io.BytesIO()
    output = ErrorOutput(written, encoding="utf-8", write_through=True)
    output.write("ü\n")
    assert written.getvalue() == "ü\n".encode()
