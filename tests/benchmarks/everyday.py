"""What the programs do every day: coming back after a break, and piping lines into a room."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from messango.protocol.frames import Message, Say
from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.processes import RunningServer, running
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient

MISSED: Final = (1, 100, 1_000)
LINES: Final = (1, 1_000, 20_000)

_TIMEOUT_S: Final = 120.0


def coming_back(tree: Tree, missed: Sequence[int] = MISSED) -> dict[str, float]:
    """Return how long a member takes to come back, and to receive what it missed, in ms."""
    figures = {}
    for count in missed:
        with running(_as_people_start_it(tree), 3) as server:
            figures[f"back with {count:,} missed, ms"] = _back_ms(server, count)
    with running(_as_people_start_it(tree), 3) as server:
        figures["`chat` after a cut, until it is back, ms"] = _chat_back_ms(tree, server)
    return figures


def _as_people_start_it(tree: Tree) -> Messango:
    return Messango(tree, tls=True, history=True)


def _back_ms(server: RunningServer, count: int) -> float:
    """Return the time from connecting again to the last of the missed messages."""
    with RawClient(server.port) as speaker:
        with RawClient(server.port) as leaver:
            welcome = leaver.join("Ann")
        speaker.join("Ben")
        speaker.send(*(Say(str(number), "missed") for number in range(count)))
        for _ in range(count):
            latest = speaker.await_frame(Message).seq
        begun_s = time.perf_counter()
        with RawClient(server.port) as back:
            back.join("Ann", welcome.session, welcome.latest)
            while back.await_frame(Message).seq < latest:
                pass
            return (time.perf_counter() - begun_s) * 1_000


def _chat_back_ms(tree: Tree, server: RunningServer) -> float:
    """Return how long `messango chat` takes to notice a cut connection, and to be back."""
    with Proxy(server.port) as proxy, tempfile.TemporaryDirectory(prefix="benchmark-") as home:
        process = subprocess.Popen(
            _chat(proxy.port, "--json"),
            env=tree.environment(Path(home)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            _await_entered(process.stdout)
            begun_s = time.perf_counter()
            proxy.cut()
            _await_entered(process.stdout)
            taken_ms = (time.perf_counter() - begun_s) * 1_000
            process.stdin.close()
            process.stdout.read()
            process.wait(_TIMEOUT_S)
        return taken_ms


def _chat(port: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "messango", "chat", f"127.0.0.1:{port}", "--name", "build", *options]


def _await_entered(output: IO[str]) -> None:
    for line in output:
        if json.loads(line)["event"] == "entered":
            return
    raise RuntimeError("`messango chat` ended before it was in the room")


def pipes(tree: Tree, lines: Sequence[int] = LINES) -> dict[str, float]:
    """Return how long `messango chat` takes until all lines of its input are accepted, in ms."""
    figures = {}
    for count in lines:
        with (
            running(_as_people_start_it(tree), 2) as server,
            tempfile.TemporaryDirectory(prefix="benchmark-") as home,
        ):
            text = "".join(f"a line of a build's output, number {number}\n" for number in range(count))
            begun_s = time.perf_counter()
            subprocess.run(
                _chat(server.port),
                env=tree.environment(Path(home)),
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                check=True,
                timeout=_TIMEOUT_S,
            )
            figures[f"`chat` with {count:,} lines, ms"] = (time.perf_counter() - begun_s) * 1_000
    return figures
