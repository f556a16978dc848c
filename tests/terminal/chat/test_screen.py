"""A screen whose terminal goes away, or that has a bug, ends once and for all."""

from __future__ import annotations

import errno
import logging
import sys

import pytest

from messango.errors import InternalError
from tests.terminal.fake_client import FakeClient, room_joined
from tests.terminal.terminals import CTRL_D, Terminal


def test_a_terminal_that_is_gone_ends_the_chat(terminal: Terminal) -> None:
    """While it is drawn, and for every further try: the chat leaves, and nothing is raised."""
    client = FakeClient(room_joined())

    def lose() -> None:
        terminal.lose()
        raise OSError(errno.EIO, "Input/output error")

    terminal.do_when("You are in", lose)
    assert terminal.chat(client) == 0


def test_a_closed_keyboard_ends_the_chat(terminal: Terminal) -> None:
    """The end of the input, as when a window is closed."""
    client = FakeClient(room_joined())
    terminal.do_when("You are in", terminal.keyboard.close)
    assert terminal.chat(client) == 0


def test_a_bug_in_drawing_ends_the_chat_once(terminal: Terminal, caplog: pytest.LogCaptureFixture) -> None:
    """The log has it once; the screen is not drawn again and again."""
    client = FakeClient(room_joined())

    def fail() -> None:
        raise ValueError("a bug")

    terminal.do_when("You are in", fail)
    with pytest.raises(InternalError):
        terminal.chat(client)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_what_is_printed_appears_above_the_prompt(terminal: Terminal) -> None:
    """Log lines of any thread do not break the line that is being typed."""
    client = FakeClient(room_joined())
    terminal.do_when("You are in", lambda: print("a line of the log", file=sys.stderr))  # noqa: T201
    terminal.type_when("a line of the log", f"hello\r{CTRL_D}")
    assert terminal.chat(client) == 0
    assert client.sent == ["hello"]
