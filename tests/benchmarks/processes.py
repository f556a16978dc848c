"""Servers as processes on a free port of loopback."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contestants import Contestant

_START_TIMEOUT_S = 30.0
_POLL_EVERY_S = 0.01
_STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class RunningServer:
    """A server that accepts connections."""

    pid: int
    port: int


def free_port() -> int:
    """Return a free port; the system does not give it to another program soon."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def running(contestant: Contestant, clients: int) -> Iterator[RunningServer]:
    """Run a server in a new folder during the block."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as name,
        running_in(Path(name), contestant, clients) as server,
    ):
        yield server


@contextlib.contextmanager
def running_in(folder: Path, contestant: Contestant, clients: int) -> Iterator[RunningServer]:
    """Run a server in this folder during the block."""
    port = free_port()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            contestant.command(port, folder, clients),
            cwd=folder,
            env=contestant.environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_port(process, port, folder / "output")
        yield RunningServer(process.pid, port)
    finally:
        _stop(process)


def _await_port(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    # Not every server reports when it listens, so try to connect.
    pause, deadline_s = threading.Event(), time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_START_TIMEOUT_S).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline_s:
                output_text = output.read_text(errors="replace")[-2_000:]
                raise RuntimeError(f"{process.args!r} does not listen:\n{output_text}") from None
            pause.wait(_POLL_EVERY_S)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
