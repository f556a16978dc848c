"""A person at a real pseudo-terminal."""

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

_TIMEOUT_S = 60.0


class TerminalUser:
    """Types keys and reads the screen of a command."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.process = process
        self._output = b""

    @property
    def screen_text(self) -> str:
        """All output so far, without escape sequences."""
        return without_escapes(self._output.decode("utf-8", "replace"))

    @property
    def raw_output(self) -> str:
        """All output so far, with escape sequences."""
        return self._output.decode("utf-8", "replace")

    def send_keys(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._terminal, keys.encode())

    def wait_for(self, text: str) -> None:
        """Wait until the text is on the screen; fails with the output so far."""
        deadline = time.monotonic() + _TIMEOUT_S
        while text not in self.screen_text:
            readable, _, _ = select.select([self._terminal], [], [], max(0, deadline - time.monotonic()))
            assert readable, f"{text!r} never came after {self.screen_text!r}"
            self._read()

    def hang_up(self) -> None:
        """Close the terminal's window, or break the connection to it."""
        os.close(self._terminal)
        self._terminal = -1

    @property
    def is_open(self) -> bool:
        """False after `hang_up`."""
        return self._terminal >= 0

    def read_bytes(self, count: int) -> bytes:
        """Read until there were this many bytes, or the command has closed the terminal; return all."""
        with suppress(OSError):
            while len(self._output) < count and self._read():
                pass
        return self._output

    def read_to_exit(self) -> int:
        """Read to the end and return the exit status."""
        with suppress(OSError):  # Linux reports EIO when the last process has closed the terminal.
            while self._read():
                pass
        return self.process.wait(_TIMEOUT_S)

    def _read(self) -> bool:
        data = os.read(self._terminal, 65_536)
        self._output += data
        return bool(data)


@contextmanager
def run_in_terminal(
    *arguments: str, kind: str = "xterm", color: bool = False, rows: int = 30
) -> Iterator[TerminalUser]:
    """Run a command at a terminal of its own, without colour, so that the output is plain text."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": kind, "COLUMNS": "100", "LINES": str(rows)}
    if not color:
        environment["NO_COLOR"] = "1"
    process = subprocess.Popen(
        [sys.executable, "-m", "messango", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    user = TerminalUser(ours, process)
    try:
        yield user
    finally:
        process.kill()
        process.wait()
        if user.is_open:
            os.close(ours)
