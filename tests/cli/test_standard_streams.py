"""Standard streams that are closed or full."""

from __future__ import annotations

import io
import os

import pytest

from messango.cli.standard_streams import ErrorOutput, write_error


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


def test_a_sentence_of_ours_is_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a file in it may have a line break, which could begin a false sentence."""
    write_error("There is no file a\nmessango: All is well.\x1b[2J")
    assert capsys.readouterr().err == "messango: There is no file a\\nmessango: All is well.\\x1b[2J\n"
