"""Runs the whole program in a process of its own and reads its output line by line."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType

from click.testing import CliRunner

from messango.cli.main import main


def run(*arguments: str, stdin: str = "", timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a command and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "messango", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout_s,
        check=False,
    )


def run_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: to one that only asks and answers, a process of its own adds nothing."""
    result = CliRunner().invoke(main, arguments, prog_name="messango")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


def without_slow_notice(errors: str) -> str:
    """Return standard error without the line that the search for a room takes long, as on a busy computer."""
    return re.sub(r"^messango: Looking for .*…\n", "", errors, count=1, flags=re.MULTILINE)


class Program:
    """A command in the background. Owns its process and reader thread. A context manager."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "messango", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.printed: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, pattern: str, timeout_s: float = 60) -> re.Match[str]:
        """Return the match of the next line that matches; fails with the output so far."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=max(0.01, deadline_s - time.monotonic()))
                if line is not None:
                    self.printed.append(line)
                    if found := re.search(pattern, line):
                        return found
                    continue
            raise AssertionError(f"no line like {pattern!r} in:\n" + "\n".join(self.printed))

    def wait_for_exit(self, timeout_s: float = 60) -> int:
        """Wait for the end and return the exit status."""
        return self.process.wait(timeout_s)

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


@contextlib.contextmanager
def open_room(name: str = "Office", *options: str) -> Iterator[tuple[Program, int]]:
    """Run a server on a free port of loopback; yields it and its port."""
    with Program("server", "--name", name, "--host", "127.0.0.1", "--port", "0", *options) as server:
        port = int(server.wait_for(r"^Address +127\.0\.0\.1:(\d+)$")[1])
        server.wait_for("Ctrl-C closes the room")
        yield server, port
