"""The whole command at a real pseudo-terminal, in a real room on loopback."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from messango.server.server import Server, ServerOptions
from tests.terminal.escapes import without_escapes

pty = pytest.importorskip("pty", reason="This system has no pseudo-terminals.")

_WAIT_S = 30.0


class _Person:
    """Somebody at a terminal: types, and reads until something is to be seen."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.process = process
        self._written = b""

    @property
    def seen(self) -> str:
        """All that was to be seen so far."""
        return without_escapes(self._written.decode("utf-8", "replace"))

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._terminal, keys.encode())

    def see(self, text: str) -> None:
        """Wait until this is on the screen; fails with what was."""
        deadline = time.monotonic() + _WAIT_S
        while text not in self.seen:
            readable, _, _ = select.select([self._terminal], [], [], max(0, deadline - time.monotonic()))
            assert readable, f"{text!r} never came after {self.seen!r}"
            self._read()

    def leave(self) -> int:
        """Read to the end and return the exit status."""
        with suppress(OSError):  # Linux says EIO when the last process has closed the terminal.
            while self._read():
                pass
        return self.process.wait(_WAIT_S)

    def _read(self) -> bool:
        data = os.read(self._terminal, 65_536)
        self._written += data
        return bool(data)


@contextmanager
def _at_a_terminal(port: int, name: str) -> Iterator[_Person]:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "messango", "chat", f"127.0.0.1:{port}", "--name", name]
    # A terminal of its own, without colour, so that what is seen is plain text.
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        yield _Person(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.fixture
def port() -> Iterator[int]:
    """A room's port."""
    server = Server(ServerOptions("Kitchen", host="127.0.0.1", port=0))
    server.open()
    try:
        yield server.port
    finally:
        server.close()


def test_two_people_talk_and_leave(port: int) -> None:
    """What one types the other sees; Ctrl-D is a goodbye with status 0."""
    with _at_a_terminal(port, "ann") as ann, _at_a_terminal(port, "bob") as bob:
        ann.see("as ann")
        bob.see("as bob")
        ann.type("hello grüß 😀\r")
        bob.see("ann  hello grüß 😀")
        ann.see("› ann  hello grüß 😀")
        bob.type("/who\r")
        bob.see("Here: ann and bob (you).")
        bob.type("\x04")
        assert bob.leave() == 0
        assert "You left “Kitchen”. Goodbye." in bob.seen
        ann.see("bob left")
        ann.type("half a line\x03\x03")
        assert ann.leave() == 0


def test_a_room_that_is_full_is_told_with_its_status(port: int) -> None:
    """The sixth at five seats: a sentence, what to do, status 4."""
    people = [_at_a_terminal(port, f"person {number}") for number in range(5)]
    with people[0] as a, people[1] as b, people[2] as c, people[3] as d, people[4] as e:
        for person in (a, b, c, d, e):
            person.see("You are in")
        with _at_a_terminal(port, "late") as late:
            assert late.leave() == 4
            assert "full" in late.seen
            assert "Try again" in late.seen
            assert "Traceback" not in late.seen
