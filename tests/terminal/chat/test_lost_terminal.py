"""A terminal that is gone is told from a bug, and is never read again and again."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator

import pytest
from prompt_toolkit.input import Input

from messango.terminal.chat.lost_terminal import end_input_at_read_error, is_terminal_gone

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (OSError(errno.EIO, "Input/output error"), True),
        (EOFError(), True),
        (OSError(errno.EMFILE, "Too many open files"), False),
        (OSError("without a number"), False),
        (OSError(), False),
        (ValueError("a bug"), False),
        (None, False),
    ],
)
def test_which_errors_mean_that_it_is_gone(error: BaseException | None, gone: bool) -> None:  # noqa: FBT001
    """Those of reading and writing; other failures are not hidden."""
    assert is_terminal_gone(error) is gone


@posix
def test_an_error_of_the_terminal_settings() -> None:
    """Setting the modes of a closed terminal raises an error of its own kind."""
    import termios

    assert is_terminal_gone(termios.error(errno.EIO, "Input/output error"))


@pytest.fixture
def keyboard() -> Iterator[tuple[Input, int]]:
    """prompt_toolkit's input at a pseudo-terminal, and the other end."""
    pty = pytest.importorskip("pty")
    from prompt_toolkit.input.vt100 import Vt100Input

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8", closefd=True) as stream:
        source = Vt100Input(stream)
        end_input_at_read_error(source)
        yield source, ours
    os.close(ours)


def test_keys_and_half_characters_are_read_as_before(
    keyboard: tuple[Input, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a character is no end."""
    source, ours = keyboard
    monkeypatch.setattr("select.select", lambda *_: ([1], [], []))
    with source.raw_mode():
        os.write(ours, b"a\xc3")
        assert [press.data for press in source.read_keys()] == ["a"]
        os.write(ours, b"\xbc")
        assert [press.data for press in source.read_keys()] == ["ü"]
    assert not source.closed


def test_a_terminal_that_may_not_be_read_ends_the_input(
    keyboard: tuple[Input, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """EIO, as for a process whose shell is gone: the input is closed, so nobody tries again."""
    source, _ = keyboard

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("select.select", lambda *_: ([1], [], []))
    monkeypatch.setattr("os.read", refuse)
    monkeypatch.setattr("os.tcgetpgrp", lambda _: 1)
    assert source.read_keys() == []
    assert source.closed
