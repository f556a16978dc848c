"""Somebody at a real pseudo-terminal: types, and reads until something is to be seen."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.support.escapes import without_escapes

pty = pytest.importorskip("pty", reason="This system has no pseudo-terminals.")

_WAIT_S = 60.0


class Person:
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
def at_a_terminal(*arguments: str, kind: str = "xterm") -> Iterator[Person]:
    """Run a command at a terminal of its own, without colour, so that what is seen is plain text."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": kind, "NO_COLOR": "1", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        [sys.executable, "-m", "messango", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Person(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
