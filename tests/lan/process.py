"""A program that runs while a test reads its output."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeVar

T = TypeVar("T")

#: Far more than anything here takes, even on a busy machine.
TIMEOUT_S: Final = 60.0


class Lines:
    """The output of one stream of a process: a thread reads, a test waits.

    Each wait continues after the line where the last one ended, so a line that comes twice is found twice.
    """

    def __init__(self, stream: IO[str], name: str) -> None:
        self.seen: list[str] = []
        self._stream = stream
        self._next = 0
        self._ended = False
        self._changed = threading.Condition()  # guards the three above
        self._thread = threading.Thread(target=self._read, name=f"lines-{name}")
        self._thread.start()

    def _read(self) -> None:
        for line in self._stream:
            with self._changed:
                self.seen.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._stream.close()

    def first(self, wanted: Callable[[str], T | None], timeout_s: float = TIMEOUT_S) -> T:
        """Return the result of `wanted` for the next line for which it is not None."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                while self._next < len(self.seen):
                    self._next += 1
                    if (found := wanted(self.seen[self._next - 1])) is not None:
                        return found
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    why = "it ended" if self._ended else f"{timeout_s:g} s passed"
                    raise AssertionError(f"{why} without the line; printed:\n" + "\n".join(self.seen))
                self._changed.wait(left)

    def wait_for(self, pattern: str, timeout_s: float = TIMEOUT_S) -> re.Match[str]:
        """Return the match of the next line that contains `pattern`."""
        return self.first(re.compile(pattern).search, timeout_s)

    def wait_for_json(self, timeout_s: float = TIMEOUT_S, **fields: object) -> dict[str, Any]:
        """Return the JSON object of the next line that has these fields."""

        def fits(line: str) -> dict[str, Any] | None:
            found: dict[str, Any] = json.loads(line)
            return found if found.items() >= fields.items() else None

        return self.first(fits, timeout_s)

    def text_so_far(self) -> str:
        """Return the output so far."""
        with self._changed:
            return "\n".join(self.seen)

    def text(self) -> str:
        """Return the whole output; waits for the end of the stream."""
        self._thread.join(TIMEOUT_S)
        with self._changed:
            assert self._ended, "the stream has not ended"
            return "\n".join(self.seen)


class Process:
    """A program in its own session, so that everything it starts can be stopped with it."""

    def __init__(self, command: Sequence[str], name: str, *, env: Mapping[str, str], cwd: Path) -> None:
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd=cwd,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        assert self._popen.stdin
        assert self._popen.stdout
        assert self._popen.stderr
        self.pid = self._popen.pid
        self.input = self._popen.stdin
        self.out = Lines(self._popen.stdout, f"{name}-out")
        self.err = Lines(self._popen.stderr, f"{name}-err")

    def write_line(self, line: str) -> None:
        """Write a line to its standard input."""
        self.input.write(line + "\n")
        self.input.flush()

    def close_input(self) -> None:
        """Close its standard input."""
        with contextlib.suppress(BrokenPipeError):
            self.input.close()

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program only."""
        self._popen.send_signal(number)

    def wait(self, timeout_s: float = TIMEOUT_S) -> int:
        """Return its exit status; negative if a signal ended it."""
        return self._popen.wait(timeout_s)

    def stop(self) -> None:
        """Kill the program and everything that it started."""
        if self._popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        self.close_input()
        self.out.text()
        self.err.text()
